import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RotokitError, reasonOf } from '@rotokit/core/values';

/** Turns what the disk refused into a coded error. */
export const writeFailed = (path: string, error: unknown): never => {
  throw new RotokitError('WRITE_FAILED', { path, reason: reasonOf(error) }, error);
};

/** What a file is called while it is written. */
export const PART = '.part';

/** Writes a file so that it exists entirely or not at all; `mode` says who may read it, as `chmod` does. @throws RotokitError WRITE_FAILED. */
export async function writeWhole(path: string, bytes: Uint8Array | string, mode?: number): Promise<void> {
  const part = `${path}${PART}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(part, 'w', mode);
    try {
      if (mode !== undefined) await file.chmod(mode); // one left behind may be anybody's
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    writeFailed(path, error);
  }
}
