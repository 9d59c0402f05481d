import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sample } from './observe.js';

/**
 * Writes samples for train.py: `<name>.i16` holds the planes of all samples one after the other (int16, little-endian,
 * value * 4096), `<name>.json` lists frame, offset (in values), width and height of each.
 */
export async function writeSamples(folder: string, name: string, samples: readonly Sample[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const base = path.join(folder, name);
  const file = await open(`${base}.i16`, 'w');
  const list: { frame: number; offset: number; width: number; height: number }[] = [];
  let offset = 0;
  try {
    for (const { frame, width, height, planes } of samples) {
      await file.write(new Uint8Array(planes.buffer, planes.byteOffset, planes.byteLength));
      list.push({ frame, offset, width, height });
      offset += planes.length;
    }
  } finally {
    await file.close();
  }
  // The list comes last: samples with one are complete.
  await writeFile(`${base}.json.part`, JSON.stringify(list));
  await rename(`${base}.json.part`, `${base}.json`);
}
