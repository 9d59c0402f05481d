import type { StoreContents } from '@rotokit/core/ports';
import { migrate, migrateDiff, type RawRecord, recordProblem, type Schema } from '@rotokit/core/project';
import { type Json, type RecordsDiff, RotokitError, type RotoRecord } from '@rotokit/core/values';
import { type Bound, type Column, type Database, textBytes, textOf } from './database.js';
import { unreadable } from './refusals.js';

/** The small facts of a project: where its history stands, and who writes. */
export type MetaKey = 'schema' | 'revision' | 'applied' | 'writer';

/** A fact of the project. @throws SyntaxError, TypeError when it is damaged or missing. */
export const getMeta = (db: Database, key: MetaKey): Json =>
  JSON.parse(textOf(db.value('SELECT CAST(value AS BLOB) FROM meta WHERE key = ?', textBytes(key)))) as Json;

/** Sets a fact of the project. */
export function setMeta(db: Database, key: MetaKey, value: Json): void {
  db.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', textBytes(key), jsonBytes(value));
}

/** A fact that counts something. @throws TypeError when it does not. */
export function getCount(db: Database, key: 'schema' | 'revision' | 'applied'): number {
  const value = getMeta(db, key);
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new TypeError(`${key} is ${JSON.stringify(value)}`);
  return value as number;
}

/** JSON as it is stored. */
export const jsonBytes = (value: unknown): Bound => textBytes(JSON.stringify(value));

/** What leads records of the file's version to ours. @throws RotokitError PROJECT_TOO_NEW. */
export function stepsOf(db: Database, schema: Schema, path: string): (record: RawRecord) => RotoRecord {
  const found = getCount(db, 'schema');
  if (found > schema.version) throw new RotokitError('PROJECT_TOO_NEW', { path, found, known: schema.version });
  return migrate(schema, found);
}

function soundRecord(id: Column, body: Column, step: (record: RawRecord) => RotoRecord): RotoRecord {
  const name = textOf(id);
  const record = step(JSON.parse(textOf(body)) as RawRecord);
  const problem = recordProblem(record) ?? (record.id === name ? undefined : `calls itself ${record.id}`);
  if (problem) throw new TypeError(`record ${name} ${problem}`);
  return record;
}

const recordRows = (db: Database) => db.rows('SELECT CAST(id AS BLOB), CAST(body AS BLOB) FROM records ORDER BY id');

/** Everything but the masks, as of one moment. What was read is looked at afterwards, so that nobody waits for that. */
export function readContents(db: Database, schema: Schema, path: string): StoreContents {
  const { rows, steps, ...read } = db.transaction('DEFERRED', () => ({
    step: stepsOf(db, schema, path),
    rows: recordRows(db),
    steps: db.rows('SELECT CAST(label AS BLOB), CAST(at AS REAL) FROM history ORDER BY seq'),
    applied: getCount(db, 'applied'),
    revision: getCount(db, 'revision'),
  }));
  const records = rows.map(([id, body]) => soundRecord(id, body, read.step));
  if (!records.some((r) => r.type === 'clip')) throw unreadable(path, 'it has no clip');
  const entries = steps.map(([label, at]) => ({ label: textOf(label), at: typeof at === 'number' ? at : undefined }));
  if (read.applied > entries.length)
    throw unreadable(path, `${read.applied} of ${entries.length} edits are said to be in force`);
  return { records, revision: read.revision, history: { entries, applied: read.applied } };
}

const isRecords = (v: unknown): v is readonly RotoRecord[] => Array.isArray(v) && v.every((r) => !recordProblem(r));

/** One step of the history, brought up to date and checked; undefined when there is none of that number. */
export function readStep(db: Database, seq: number, step: (record: RawRecord) => RotoRecord) {
  const row = db.row('SELECT CAST(label AS BLOB), CAST(diff AS BLOB) FROM history WHERE seq = ?', seq);
  if (!row) return undefined;
  const diff = migrateDiff(JSON.parse(textOf(row[1])) as RecordsDiff, step);
  const ends = [...diff.updated.map((u) => u.from), ...diff.updated.map((u) => u.to)];
  if (!isRecords(diff.added) || !isRecords(diff.removed) || !isRecords(ends))
    throw new TypeError(`edit ${seq} of the history is damaged`);
  return { label: textOf(row[0]), diff };
}

/** Writes a file of an older version as one of this version: records and history, in the caller's transaction. */
export function persistMigration(db: Database, schema: Schema, path: string): void {
  const found = getCount(db, 'schema');
  const step = stepsOf(db, schema, path);
  if (found === schema.version) return;
  for (const [id, body] of recordRows(db)) {
    const record = soundRecord(id, body, step);
    db.run('UPDATE records SET body = ? WHERE id = ?', jsonBytes(record), textBytes(record.id));
  }
  for (const [seq] of db.rows('SELECT CAST(seq AS INTEGER) FROM history')) {
    const entry = readStep(db, seq as number, step);
    if (entry) db.run('UPDATE history SET diff = ? WHERE seq = ?', jsonBytes(entry.diff), seq as number);
  }
  for (let v = found + 1; v <= schema.version; v++) db.run('INSERT INTO migrations VALUES (?)', v);
  setMeta(db, 'schema', schema.version);
}
