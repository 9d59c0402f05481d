import { statSync, unlinkSync, writeFileSync } from 'node:fs';
import { Database } from './database.js';

/** How often a lock file may vanish under our hands, which takes another writer closing at that very moment each time. */
const TRIES = 100;

/** The right to write a project. */
export interface WriterLock {
  /** Gives the right back and removes the lock file. */
  release(): void;
}

const identity = (path: string) => {
  const s = statSync(path, { bigint: true, throwIfNoEntry: false });
  return s && `${s.dev} ${s.ino} ${s.birthtimeNs}`;
};

const isBusy = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';

/**
 * Takes the right to write: a write lock of the operating system on the empty file `path`, through an SQLite
 * transaction that stays open and never writes. It goes with the process, however that ends; what may be left is an
 * empty file that locks nobody out. Nobody may open `path` by other means: closing it would drop the lock (POSIX).
 * @returns undefined when somebody else has it. @throws what the file system says when the file cannot be made.
 */
export function takeWriterLock(path: string): WriterLock | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      writeFileSync(path, '', { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const before = identity(path);
    const db = new Database(path, 'rwc');
    try {
      db.exec('PRAGMA journal_mode = MEMORY');
      db.exec('BEGIN IMMEDIATE');
    } catch (error) {
      db.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
    // Whoever gives the lock back removes the file; a lock on a removed file is worth nothing, so look again.
    if (before !== undefined && before === identity(path)) return { release: () => release(path, db) };
    db.exec('ROLLBACK');
    db.close();
  }
  throw new Error('its lock file is another one each time');
}

function release(path: string, db: Database): void {
  const removed = tryRemove(path);
  db.exec('ROLLBACK');
  db.close();
  // Where an open file cannot be removed (Windows), it can be now, unless the next writer has it open already.
  if (!removed) tryRemove(path);
}

function tryRemove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
