import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRotokitError, RotokitError, reasonOf } from '@rotokit/core/values';

/**
 * Where a file grows before it has its final name: beside it, so that the rename stays on one disk, and always the same, so
 * that a run after a crash overwrites what the crash left.
 */
export const partialPath = (path: string): string => join(dirname(path), `.${basename(path)}.partial`);

/** @throws RotokitError WRITE_FAILED when the folder of a file does not exist: libav would tell only after the work. */
export async function requireFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const kind = await stat(folder).catch(() => undefined);
  if (!kind?.isDirectory()) throw new RotokitError('WRITE_FAILED', { path, reason: `there is no folder ${folder}` });
}

/** Gives a finished file its name. @throws RotokitError WRITE_FAILED */
export const publish = (path: string): Promise<void> => writing(path, () => rename(partialPath(path), path));

/** Removes an unfinished file. */
export const discard = (path: string): Promise<void> => rm(partialPath(path), { force: true });

/** Runs a step of writing; anything it throws that has no code yet becomes WRITE_FAILED. */
export async function writing<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isRotokitError(error) || error instanceof RangeError || error instanceof TypeError) throw error;
    throw new RotokitError('WRITE_FAILED', { path, reason: reasonOf(error) }, error);
  }
}
