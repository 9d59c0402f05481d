import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Schema } from '@rotokit/core/project';
import { isRotokitError, RotokitError, reasonOf } from '@rotokit/core/values';
import { getMeta, stepsOf } from './contents.js';
import { Database, handlesFreed } from './database.js';
import { APPLICATION_ID, damage, LAYOUT, layoutProblem } from './layout.js';
import { refusal, unreadable } from './refusals.js';

/** Milliseconds that a commit waits for viewers to finish reading, and a viewer for a commit. */
const PATIENCE = 5000;

/** The file behind the path of a project that should be there, links resolved. @throws RotokitError. */
export function existingFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new RotokitError('PROJECT_NOT_FOUND', { path });
  if (!found.isFile()) throw unreadable(path, 'it is not a file');
  return realpathSync(path);
}

/** The file behind the path of a project to be made. @throws RotokitError. */
export function futureFile(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && !found.isFile()) throw new RotokitError('PROJECT_EXISTS', { path });
    return found ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    if (isRotokitError(error)) throw error;
    throw new RotokitError('WRITE_FAILED', { path, reason: reasonOf(error) }, error);
  }
}

/** A connection that waits for others and trusts nothing in the file. */
export function connect(file: string, mode: 'rw' | 'rwc'): Database {
  const db = new Database(file, mode);
  db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
  db.exec('PRAGMA trusted_schema = OFF');
  db.exec('PRAGMA cell_size_check = ON');
  return db;
}

/**
 * How commits reach the disk: a rollback journal beside the file, which every commit syncs, empties and syncs again.
 * So the file alone is the whole project between two commits, viewers on other machines may read it, and a commit
 * survives even a power cut. The reasons and the measurements are in docs/decisions/0003-project-file.md.
 */
export function makeDurable(db: Database): void {
  db.exec('PRAGMA journal_mode = TRUNCATE');
  db.exec('PRAGMA synchronous = FULL');
}

/** Refuses a file that is not a sound project of a version we know. @throws RotokitError. */
export function checkProject(db: Database, schema: Schema, path: string): void {
  if (db.value('PRAGMA application_id') !== APPLICATION_ID) throw unreadable(path, 'it is not a Rotokit project');
  const found = Number(db.value('PRAGMA user_version'));
  if (found > LAYOUT) throw new RotokitError('PROJECT_TOO_NEW', { path, found: `${found}.x`, known: `${LAYOUT}.x` });
  const problem = found < 1 ? `it has the layout ${found}` : (layoutProblem(db) ?? damage(db));
  if (problem) throw unreadable(path, problem);
  stepsOf(db, schema, path);
}

/** The writer that a project names. */
export interface Writer {
  readonly pid: number;
  readonly host: string;
}

/** Who has written the project last, which is who is writing it when it is locked. */
export function writerOf(file: string): Writer | undefined {
  let db: Database | undefined;
  try {
    db = connect(file, 'rw');
    const writer = getMeta(db, 'writer') as { pid?: unknown; host?: unknown } | null;
    return writer ? { pid: Number(writer.pid), host: String(writer.host) } : undefined;
  } catch {
    // Only wanted to say who: that the project is locked is told without it.
    return undefined;
  } finally {
    db?.close();
  }
}

/** Does what it takes to open a project; on the way out through an error, gives back what was taken. */
export async function opening<T>(
  path: string,
  file: string,
  mode: 'rw' | 'rwc',
  undo: () => void,
  work: (db: Database) => T,
): Promise<T> {
  let db: Database | undefined;
  try {
    db = connect(file, mode);
    return work(db);
  } catch (error) {
    db?.close();
    undo();
    await handlesFreed();
    throw refusal(path, error);
  }
}
