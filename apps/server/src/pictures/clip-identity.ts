import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * What tells a clip from every other one and from itself after a change: where it is, how many bytes it has and when they were written; of a sequence
 * those of each picture. 64 hex digits.
 * @throws Error of the file system where there is nothing.
 */
export async function clipIdentity(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(path)) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${await realpath(file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** The file of a movie; the pictures of a pattern (`name.####.exr`, `name.%04d.exr`) or of a folder, by name. */
async function filesOf(path: string): Promise<readonly string[]> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile()) return [path];
  const folder = facts ? path : dirname(path);
  const [before = '', after = ''] = facts ? [] : basename(path).split(/#+|%\d*d/);
  const names = (await readdir(folder)).filter((n) => n.startsWith(before) && n.endsWith(after)).sort();
  if (!names.length) throw new Error(`${path}: there are no pictures`);
  return names.map((name) => join(folder, name));
}
