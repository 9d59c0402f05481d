import type { HistoryMove, Store, StoreContents, TrackerCommit, UserCommit } from '@rotokit/core/ports';
import { type ClipRecord, recordProblem, type Schema } from '@rotokit/core/project';
import { isRotokitError, type Size, type SoftMask } from '@rotokit/core/values';
import { readContents, stepsOf } from './contents.js';
import { type Database, handlesFreed, textBytes } from './database.js';
import { digestOf, unpackMask } from './plane.js';
import { refusal, unreadable } from './refusals.js';
import { stored, writeCommit, writeMove } from './write.js';
import type { WriterLock } from './writer-lock.js';

/** Pages given back to the file system when a project is closed: at most 16 MB, so that closing never takes long. */
const VACUUM_PAGES = 4096;

/** A project file at work. */
export class RotoStore implements Store {
  readonly access: 'write' | 'read';
  readonly #path: string;
  readonly #schema: Schema;
  readonly #lock: WriterLock | undefined;
  #db: Database | undefined;
  #size: Size | undefined;

  constructor(path: string, db: Database, schema: Schema, lock: WriterLock | undefined) {
    this.#path = path;
    this.#db = db;
    this.#schema = schema;
    this.#lock = lock;
    this.access = lock ? 'write' : 'read';
  }

  async load(): Promise<StoreContents> {
    const db = this.#open();
    try {
      return readContents(db, this.#schema, this.#path);
    } catch (error) {
      throw refusal(this.#path, error);
    }
  }

  async commit(change: UserCommit | TrackerCommit): Promise<void> {
    this.#write((db) => writeCommit(db, change));
  }

  async move(direction: 'undo' | 'redo'): Promise<HistoryMove | undefined> {
    return this.#write((db) => {
      try {
        return writeMove(db, direction, stepsOf(db, this.#schema, this.#path));
      } catch (error) {
        // The history is the file's, not the caller's: where it does not fit, the file is damaged.
        throw refusal(this.#path, error);
      }
    });
  }

  async mask(key: string): Promise<SoftMask | undefined> {
    const db = this.#open();
    try {
      const sql = 'SELECT CAST(digest AS BLOB), CAST(bytes AS BLOB) FROM masks WHERE key = ?';
      const [digest, bytes] = db.row(sql, textBytes(key)) ?? [];
      if (bytes === undefined) return undefined;
      if (!(bytes instanceof Uint8Array) || !(digest instanceof Uint8Array)) throw new TypeError('it is not there');
      if (Buffer.compare(digestOf(bytes), digest) !== 0) throw new TypeError('its digest does not match');
      return unpackMask(bytes, this.#sizeOf(db));
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError)
        throw unreadable(this.#path, `the mask ${key} is damaged: ${error.message}`, error);
      throw refusal(this.#path, error);
    }
  }

  async close(): Promise<void> {
    const db = this.#db;
    this.#db = undefined;
    if (!db) return;
    if (this.#lock) tidy(db);
    db.close();
    this.#lock?.release();
    await handlesFreed();
  }

  /** The size of every mask: the clip's, which never changes. */
  #sizeOf(db: Database): Size {
    if (!this.#size) {
      const clip = stored(db, 'clip');
      const step = stepsOf(db, this.#schema, this.#path);
      if (!clip || recordProblem(step(clip))) throw new TypeError('the project has no sound clip');
      this.#size = (step(clip) as ClipRecord).size;
    }
    return this.#size;
  }

  #open(): Database {
    if (!this.#db) throw new TypeError('the store is closed');
    return this.#db;
  }

  #write<T>(work: (db: Database) => T): T {
    const db = this.#open();
    if (this.access === 'read') throw new TypeError('the store was opened for reading');
    try {
      return db.transaction('IMMEDIATE', () => work(db));
    } catch (error) {
      if (isRotokitError(error) || error instanceof RangeError) throw error;
      throw refusal(this.#path, error);
    }
  }
}

/** Gives free pages back to the file system and removes the journal. What fails is left for another time: all is on disk. */
function tidy(db: Database): void {
  for (const pragma of [`incremental_vacuum(${VACUUM_PAGES})`, 'journal_mode = DELETE']) {
    try {
      db.exec(`PRAGMA ${pragma}`);
    } catch {}
  }
}
