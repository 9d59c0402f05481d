import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Store } from '@rotokit/core/ports';
import { recordProblem, SCHEMA, type Schema } from '@rotokit/core/project';
import { isRotokitError, RotokitError, type RotoRecord, reasonOf } from '@rotokit/core/values';
import { textBytes } from './database.js';
import { createTables } from './layout.js';
import { openLocked, type RotoOptions, takeLock } from './open.js';
import { futureFile, makeDurable, opening } from './project-file.js';

/**
 * Makes a project file that begins with these records (its clip at least) and opens it for writing. There is a file of
 * that name once the project is whole, and not before; an empty file of that name is taken for nothing.
 * @throws RotokitError PROJECT_EXISTS, PROJECT_LOCKED, WRITE_FAILED. @throws RangeError for a record that is not sound.
 */
export async function createRoto(
  path: string,
  records: readonly RotoRecord[],
  options: RotoOptions = {},
): Promise<Store> {
  for (const r of records) {
    const problem = recordProblem(r);
    if (problem) throw new RangeError(`record ${r.id} ${problem}`);
  }
  if (!records.some((r) => r.type === 'clip')) throw new RangeError('a project begins with its clip');
  const { schema = SCHEMA } = options;
  const file = futureFile(path);
  const lock = takeLock(file, path);
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0) throw new RotokitError('PROJECT_EXISTS', { path });
    await build(file, path, records, schema);
  } catch (error) {
    lock.release();
    if (isRotokitError(error) && error.code !== 'PROJECT_UNREADABLE') throw error;
    const reason = isRotokitError(error) ? error.facts.reason : reasonOf(error);
    throw new RotokitError('WRITE_FAILED', { path, reason }, error);
  }
  return openLocked(file, path, schema, lock);
}

/** Builds the project beside its place and moves it there, whatever an interrupted attempt has left. */
async function build(file: string, path: string, records: readonly RotoRecord[], schema: Schema): Promise<void> {
  const beside = `${file}-new`;
  const clear = () => {
    for (const name of [beside, `${beside}-journal`]) rmSync(name, { force: true });
  };
  clear();
  await opening(path, beside, 'rwc', clear, (db) => {
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    makeDurable(db);
    db.transaction('IMMEDIATE', () => {
      createTables(db);
      const facts = { schema: schema.version, revision: 0, applied: 0, writer: null };
      // Plain statements: a prepared one would keep the file open beyond `close`, and open files cannot always be moved.
      for (const [key, value] of Object.entries(facts))
        db.exec(`INSERT INTO meta VALUES (${hex(key)}, ${json(value)})`);
      for (const r of records) db.exec(`INSERT INTO records VALUES (${hex(r.id)}, ${json(r)})`);
    });
    db.exec('PRAGMA journal_mode = DELETE');
    db.close();
  });
  renameSync(beside, file);
  syncFolder(dirname(file));
}

const hex = (text: string) => `x'${Buffer.from(textBytes(text)).toString('hex')}'`;
const json = (value: unknown) => hex(JSON.stringify(value));

/** Makes a new name in a folder survive a power cut, where folders can be synced (not on Windows). */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
