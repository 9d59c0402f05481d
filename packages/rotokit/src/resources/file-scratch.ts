import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scratch } from '@rotokit/core/resources';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import { sealed, unsealed } from './disk-files.js';
import { ownFolder } from './own-folder.js';

/**
 * A scratch on disk, in a folder of its own that goes with the run: how long a clip may be between two anchors is then
 * a matter of disk, not of memory. Each file is verified by its sha256 when it is read.
 * @throws RotokitError WRITE_FAILED from `put`; WRITE_VERIFY_FAILED from `take` and `read` for a file that came to harm.
 */
export function fileScratch(): Scratch {
  let folder: Promise<string> | undefined;
  const names = new Map<string, string>();
  let made = 0;
  const refuse = (path: string, error: unknown): never => {
    throw new RotokitError('WRITE_FAILED', { path, reason: reasonOf(error) }, error);
  };
  const pathOf = (key: string) => {
    const path = names.get(key);
    if (path === undefined) throw new RangeError(`scratch holds nothing under ${key}`);
    return path;
  };
  const read = async (key: string, path: string) => {
    const bytes = unsealed(key, await readFile(path).catch(() => Buffer.alloc(0)));
    if (!bytes) throw new RotokitError('WRITE_VERIFY_FAILED', { path, reason: 'it was changed or is gone' });
    return bytes;
  };
  return {
    async put(key, bytes) {
      folder ??= ownFolder('scratch');
      const path = join(await folder.catch((e: unknown) => refuse(tmpdir(), e)), String(made++));
      names.set(key, path);
      await writeFile(path, sealed(key, bytes)).catch((e: unknown) => refuse(path, e));
    },
    async take(key) {
      const path = pathOf(key);
      names.delete(key);
      return read(key, path).finally(() => rm(path, { force: true }));
    },
    read: async (key) => read(key, pathOf(key)),
    async drop(key) {
      const path = names.get(key);
      names.delete(key);
      if (path !== undefined) await rm(path, { force: true });
    },
    async clear() {
      const whole = folder;
      folder = undefined;
      names.clear();
      if (whole) await rm(await whole, { recursive: true, force: true });
    },
  };
}
