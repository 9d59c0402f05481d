import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the tests of a file, removed after them; in memory where there is such a place, to spare the disk. */
export function scratchFolder(): string {
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(path.join(place, 'rotokit-store-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}
