import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Store } from '@rotokit/core/ports';
import { recordProblem, SCHEMA, type Schema } from '@rotokit/core/project';
import { RotokitError, type RotoRecord, reasonOf } from '@rotokit/core/values';
import { jsonBytes, persistMigration, setMeta } from './contents.js';
import { type Database, textBytes } from './database.js';
import { createTables } from './layout.js';
import { checkProject, existingFile, futureFile, makeDurable, opening, writerOf } from './project-file.js';
import { RotoStore } from './roto-store.js';
import { takeWriterLock, type WriterLock } from './writer-lock.js';

/** How a project file is opened. */
export interface RotoOptions {
  /** `write` (the default): the only writer. `read`: a viewer, beside a writer or not. */
  readonly access?: 'write' | 'read';
  /** The version of the records; another one than this version's own is for tests of migrations. */
  readonly schema?: Schema;
}

/**
 * Opens a project file.
 * @throws RotokitError PROJECT_NOT_FOUND, PROJECT_LOCKED (with the writer's pid and host), PROJECT_TOO_NEW,
 * PROJECT_UNREADABLE, or WRITE_FAILED where writing is asked for and not possible.
 */
export async function openRoto(path: string, options: RotoOptions = {}): Promise<Store> {
  const { access = 'write', schema = SCHEMA } = options;
  const file = existingFile(path);
  if (access === 'read') {
    return opening(path, file, 'rw', nothing, (db) => {
      db.exec('PRAGMA query_only = ON');
      checkProject(db, schema, path);
      return new RotoStore(path, db, schema, undefined);
    });
  }
  const lock = takeLock(file, path);
  return opening(path, file, 'rw', lock.release, (db) => {
    checkProject(db, schema, path);
    makeDurable(db);
    db.transaction('IMMEDIATE', () => {
      persistMigration(db, schema, path);
      setMeta(db, 'writer', writer());
    });
    return new RotoStore(path, db, schema, lock);
  });
}

/**
 * Makes a project file that begins with these records (its clip at least) and opens it for writing. It exists whole or
 * not at all; what an interrupted attempt left is taken for nothing.
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
  // Seen under the lock: what is not there now and is there later is ours to remove.
  const isNew = !existsSync(file);
  const undo = () => {
    if (isNew) for (const trace of [file, `${file}-journal`]) rmSync(trace, { force: true });
    lock.release();
  };
  return opening(path, file, 'rwc', undo, (db) => {
    if (!isFresh(db)) throw new RotokitError('PROJECT_EXISTS', { path });
    db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    makeDurable(db);
    db.transaction('IMMEDIATE', () => {
      createTables(db);
      setMeta(db, 'schema', schema.version);
      setMeta(db, 'revision', 0);
      setMeta(db, 'applied', 0);
      setMeta(db, 'writer', writer());
      for (const r of records) db.run('INSERT INTO records VALUES (?, ?)', textBytes(r.id), jsonBytes(r));
    });
    return new RotoStore(path, db, schema, lock);
  });
}

const nothing = () => undefined;
const writer = () => ({ pid: process.pid, host: hostname() });

/** Whether nothing has ever been kept in a file. Reading it rolls back what an interrupted beginning left. */
function isFresh(db: Database): boolean {
  try {
    return db.value('SELECT count(*) FROM sqlite_schema') === 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_NOTADB') return false;
    throw error;
  }
}

function takeLock(file: string, path: string): WriterLock {
  let lock: WriterLock | undefined;
  try {
    lock = takeWriterLock(`${file}-lock`);
  } catch (error) {
    throw new RotokitError('WRITE_FAILED', { path, reason: `it cannot be locked: ${reasonOf(error)}` }, error);
  }
  if (lock) return lock;
  const { pid, host } = writerOf(file) ?? { pid: 'unknown', host: 'an unknown host' };
  throw new RotokitError('PROJECT_LOCKED', { path, pid, host });
}
