import { hostname } from 'node:os';
import type { Store } from '@rotokit/core/ports';
import { SCHEMA, type Schema } from '@rotokit/core/project';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import { persistMigration, setMeta } from './contents.js';
import { checkProject, existingFile, makeDurable, opening, writerOf } from './project-file.js';
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
  return openLocked(file, path, schema, takeLock(file, path));
}

/** Opens a project for writing with the right to it, which is the store's from now on. */
export function openLocked(file: string, path: string, schema: Schema, lock: WriterLock): Promise<Store> {
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

const nothing = () => undefined;
const writer = () => ({ pid: process.pid, host: hostname() });

/** Takes the right to write a project. @throws RotokitError PROJECT_LOCKED, WRITE_FAILED. */
export function takeLock(file: string, path: string): WriterLock {
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
