import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { RotokitError, reasonOf } from '@rotokit/core/values';

/** The files of a sequence by number. One file without a number is a sequence of one. */
export interface SequenceFiles {
  /** The sequence as people write it: `plate.####.exr`. */
  readonly pattern: string;
  /** Numbers that have a file, ascending; never empty. */
  readonly numbers: readonly number[];
  /** Where each number's file is. */
  readonly paths: ReadonlyMap<number, string>;
  /** Whether the numbers come from the files' names. */
  readonly numbered: boolean;
}

const PICTURES = new Set(['.jpg', '.jpeg', '.png', '.exr', '.dpx', '.tif', '.tiff', '.webp', '.bmp']);

/** Whether a name looks like a picture file of a kind that sequences are made of. */
export const isPictureName = (name: string): boolean => PICTURES.has(extname(name).toLowerCase());

/** A name split around its frame number: `before` + digits (`padding` at least) + `after`. */
interface Pattern {
  readonly before: string;
  readonly after: string;
  readonly padding: number;
}

const matches = (name: string, p: Pattern): number | undefined => {
  if (name.length <= p.before.length + p.after.length) return undefined;
  if (!name.startsWith(p.before) || !name.endsWith(p.after)) return undefined;
  const digits = name.slice(p.before.length, name.length - p.after.length);
  if (!/^\d{1,15}$/.test(digits)) return undefined;
  // 4 digits stand for 0001 to 9999 and then 10000: longer numbers only without leading zeros.
  const padded = digits.length === p.padding || (digits.length > p.padding && digits[0] !== '0');
  return padded ? Number(digits) : undefined;
};

/** `name.####.ext` and `name.%04d.ext`; undefined for names that are not written as a pattern. */
function writtenPattern(name: string): Pattern | undefined {
  const m = /^(.*?)(#+|%(?:0(\d{1,2}))?d)([^#]*)$/s.exec(name);
  if (!m) return undefined;
  const padding = m[2].startsWith('#') ? m[2].length : Number(m[3] ?? 1);
  return { before: m[1], after: m[4], padding: padding || 1 };
}

/** What stands around the number of a file: digits at the end of the stem, unless they are a version (`_v02`). */
function around(name: string): { before: string; after: string; digits: number } | undefined {
  const after = extname(name);
  const m = /^(.*?)(\d{1,15})$/s.exec(name.slice(0, name.length - after.length));
  if (!m || /(?:^|[^a-z])v$/i.test(m[1])) return undefined;
  return { before: m[1], after, digits: m[2].length };
}

const hashes = (p: Pattern) => p.before + '#'.repeat(p.padding) + p.after;

/**
 * The sequence behind a pattern, a folder or one of its files; undefined when `path` is a file that is not a picture.
 * @throws RotokitError MEDIA_NOT_FOUND, or MEDIA_UNREADABLE for a folder without pictures.
 */
export async function findSequence(path: string): Promise<SequenceFiles | undefined> {
  const kind = await stat(path).catch(() => undefined);
  if (kind?.isDirectory()) return inFolder(path);
  if (kind) {
    if (!isPictureName(path)) return undefined;
    const parts = around(basename(path));
    const found = parts && longest(dirname(path), parts, await names(dirname(path)));
    return found ?? { pattern: path, numbers: [1001], paths: new Map([[1001, path]]), numbered: false };
  }
  const pattern = writtenPattern(basename(path));
  const found = pattern && sequence(dirname(path), pattern, await names(dirname(path)));
  if (!found) throw new RotokitError('MEDIA_NOT_FOUND', { path });
  return found;
}

async function names(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new RotokitError('MEDIA_NOT_FOUND', { path: folder });
    throw new RotokitError('MEDIA_UNREADABLE', { path: folder, reason: reasonOf(error) }, error);
  });
  return entries.filter((e) => !e.isDirectory()).map((e) => e.name);
}

function sequence(folder: string, pattern: Pattern, among: readonly string[]): SequenceFiles | undefined {
  const paths = new Map<number, string>();
  for (const name of among) {
    const number = matches(name, pattern);
    if (number !== undefined) paths.set(number, join(folder, name));
  }
  if (!paths.size) return undefined;
  const numbers = [...paths.keys()].sort((a, b) => a - b);
  return { pattern: join(folder, hashes(pattern)), numbers, paths, numbered: true };
}

/** The sequence around a number, with the padding that most files share: 0999 and 1000, but also 9999 and 10000. */
function longest(folder: string, parts: NonNullable<ReturnType<typeof around>>, among: readonly string[]) {
  let best: SequenceFiles | undefined;
  for (let padding = parts.digits; padding >= 1; padding--) {
    const found = sequence(folder, { before: parts.before, after: parts.after, padding }, among);
    if (found && found.numbers.length > (best?.numbers.length ?? 0)) best = found;
  }
  return best;
}

/** The longest sequence of a folder. */
async function inFolder(folder: string): Promise<SequenceFiles> {
  const pictures = (await names(folder)).filter(isPictureName);
  const kinds = new Map<string, { parts: NonNullable<ReturnType<typeof around>>; names: string[] }>();
  for (const name of pictures) {
    const parts = around(name);
    if (!parts) continue;
    const key = JSON.stringify([parts.before, parts.after]);
    const kind = kinds.get(key);
    kind?.names.push(name);
    if (!kind) kinds.set(key, { parts, names: [name] });
    else if (parts.digits > kind.parts.digits) kind.parts = parts;
  }
  let best: SequenceFiles | undefined;
  for (const kind of kinds.values()) {
    const found = longest(folder, kind.parts, kind.names);
    if (found && found.numbers.length > (best?.numbers.length ?? 0)) best = found;
  }
  if (best) return best;
  const reason = pictures.length ? 'the pictures in this folder are not numbered' : 'this folder holds no pictures';
  throw new RotokitError('MEDIA_UNREADABLE', { path: folder, reason });
}
