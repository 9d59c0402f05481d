import { type ErrorCode, isRotokitError, RotokitError, reasonOf } from '@rotokit/core/values';

/** Result codes of SQLite (https://www.sqlite.org/rescode.html), by the beginning of their names, as refusals of ours. */
const CODES: readonly (readonly [begin: string, code: ErrorCode, reason?: string])[] = [
  ['SQLITE_FULL', 'WRITE_FAILED', 'the disk is full'],
  [
    'SQLITE_READONLY_ROLLBACK',
    'PROJECT_UNREADABLE',
    'an interrupted change must be rolled back, which needs write access',
  ],
  ['SQLITE_READONLY', 'WRITE_FAILED', 'the file may not be written'],
  ['SQLITE_BUSY', 'WRITE_FAILED', 'another program keeps the file busy'],
  ['SQLITE_LOCKED', 'WRITE_FAILED', 'another program keeps the file busy'],
  ['SQLITE_IOERR_READ', 'PROJECT_UNREADABLE'],
  ['SQLITE_IOERR_SHORT_READ', 'PROJECT_UNREADABLE'],
  ['SQLITE_IOERR_CORRUPTFS', 'PROJECT_UNREADABLE'],
  ['SQLITE_IOERR', 'WRITE_FAILED'],
  ['SQLITE_PERM', 'WRITE_FAILED'],
  ['SQLITE_CANTOPEN', 'PROJECT_UNREADABLE'],
];

/** A refusal of the world while using a project file, as one of ours. Anything that has a code already passes as it is. */
export function refusal(path: string, error: unknown): Error {
  if (isRotokitError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = CODES.find(([begin]) => code.startsWith(begin));
  if (!known) return unreadable(path, reasonOf(error), error);
  return new RotokitError(known[1], { path, reason: known[2] ?? reasonOf(error) }, error);
}

/** The refusal of a file that is not a sound project. */
export const unreadable = (path: string, reason: string, cause?: unknown): RotokitError =>
  new RotokitError('PROJECT_UNREADABLE', { path, reason }, cause);
