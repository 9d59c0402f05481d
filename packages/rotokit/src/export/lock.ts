import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RotokitError } from '@rotokit/core/values';
import { processAlive } from '../resources/process-alive.js';
import { writeFailed } from './write-whole.js';

/** Keeps a second export out of a folder while one is under way. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder for one export: a file with the process that has it. One that a dead process of this machine left is taken over.
 * @throws RotokitError EXPORT_REFUSED while another process exports there; WRITE_FAILED when the folder cannot be written.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, '.rotokit-export.lock');
  await mkdir(folder, { recursive: true }).catch((e: unknown) => writeFailed(folder, e));
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid} ${hostname()}\n`).finally(() => file.close());
      return { release: () => rm(path, { force: true }).catch(() => {}) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') writeFailed(path, error);
      if (attempt === 0 && (await isStale(path))) await rm(path, { force: true });
      else throw busy(folder, await readFile(path, 'utf8').catch(() => ''));
    }
  }
}

async function isStale(path: string): Promise<boolean> {
  const [pid, host] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  if (host === undefined) return true; // killed, or out of space, before it could say who it is
  if (host !== hostname()) return false;
  return !processAlive(Number(pid));
}

function busy(folder: string, holder: string): RotokitError {
  const [pid, host] = holder.trim().split(' ');
  return new RotokitError('EXPORT_REFUSED', {
    what: folder,
    reason: `process ${pid} on ${host} is exporting there`,
    remedy: 'Wait for it, or choose another folder.',
  });
}
