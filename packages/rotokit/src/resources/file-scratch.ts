import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scratch } from '@rotokit/core/resources';
import { RotokitError, reasonOf } from '@rotokit/core/values';

/**
 * A scratch on disk, in a folder of its own that goes with the run: how long a clip may be between two anchors is then
 * a matter of disk, not of memory. @throws RotokitError WRITE_FAILED from `put`.
 */
export function fileScratch(): Scratch {
  let folder: Promise<string> | undefined;
  const names = new Map<string, string>();
  let made = 0;
  const refuse = (path: string, error: unknown): never => {
    throw new RotokitError('WRITE_FAILED', { path, reason: reasonOf(error) }, error);
  };
  return {
    async put(key, bytes) {
      folder ??= mkdtemp(join(tmpdir(), 'rotokit-scratch-'));
      const path = join(await folder.catch((e: unknown) => refuse(tmpdir(), e)), String(made++));
      names.set(key, path);
      await writeFile(path, bytes).catch((e: unknown) => refuse(path, e));
    },
    async take(key) {
      const path = names.get(key);
      if (path === undefined) throw new RangeError(`scratch holds nothing under ${key}`);
      names.delete(key);
      const bytes = await readFile(path);
      await rm(path, { force: true });
      return bytes;
    },
    async clear() {
      const whole = folder;
      folder = undefined;
      names.clear();
      if (whole) await rm(await whole, { recursive: true, force: true });
    },
  };
}
