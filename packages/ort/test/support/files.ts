import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that lasts as long as the test file. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rotokit-ort-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

let count = 0;

/** Writes a weight file of its own name, so that one test cannot see another's. */
export async function weightsOnDisk(folder: string, location: string, bytes: Uint8Array) {
  const path = join(folder, `${count++}-${location}`);
  await writeFile(path, bytes);
  return { location, path };
}
