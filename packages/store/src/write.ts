import type { HistoryMove, MaskEntries, TrackerCommit, UserCommit } from '@rotokit/core/ports';
import { type ClipRecord, checkCommit, type RawRecord } from '@rotokit/core/project';
import { type RecordsDiff, type RotoRecord, reverseDiff, sameJson } from '@rotokit/core/values';
import { getCount, jsonBytes, readStep, setMeta } from './contents.js';
import { type Database, textBytes, textOf } from './database.js';
import { digestOf, packMask } from './plane.js';

/** The record of an id as it is in the file. */
export function stored(db: Database, id: string): RotoRecord | undefined {
  const body = db.value('SELECT CAST(body AS BLOB) FROM records WHERE id = ?', textBytes(id));
  return body === null ? undefined : (JSON.parse(textOf(body)) as RotoRecord);
}

function expectStored(db: Database, record: RotoRecord): void {
  if (!sameJson(stored(db, record.id), record))
    throw new RangeError(`record ${record.id} is not what the change was made for`);
}

function applyToTables(db: Database, diff: RecordsDiff): void {
  for (const r of diff.removed) {
    expectStored(db, r);
    db.run('DELETE FROM records WHERE id = ?', textBytes(r.id));
  }
  for (const { from, to } of diff.updated) {
    expectStored(db, from);
    db.run('UPDATE records SET body = ? WHERE id = ?', jsonBytes(to), textBytes(to.id));
  }
  for (const r of diff.added) {
    if (stored(db, r.id)) throw new RangeError(`record ${r.id} is there already`);
    db.run('INSERT INTO records VALUES (?, ?)', textBytes(r.id), jsonBytes(r));
  }
}

/** Keeps masks of a step of the history, or of tracking (step 0). Only the latter may replace, and only their like. */
function keepMasks(db: Database, masks: MaskEntries | undefined, step: number): void {
  const replace = step
    ? 'DO NOTHING'
    : '(key) DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes WHERE step = 0';
  for (const [key, mask] of masks ?? []) {
    const bytes = packMask(mask);
    const sql = `INSERT INTO masks(key, step, digest, bytes) VALUES (?, ?, ?, ?) ON CONFLICT ${replace}`;
    if (!db.run(sql, textBytes(key), step, digestOf(bytes), bytes))
      throw new RangeError(`the mask key ${key} was used before`);
  }
}

/** Puts a commit into the tables, inside the caller's transaction. @throws RangeError when it breaks a rule. */
export function writeCommit(db: Database, commit: UserCommit | TrackerCommit): void {
  checkCommit(commit, (stored(db, 'clip') as ClipRecord | undefined)?.size);
  applyToTables(db, commit.diff);
  if (commit.by === 'tracker') {
    keepMasks(db, commit.masks, 0);
    for (const r of commit.diff.removed) db.run('DELETE FROM masks WHERE key = ? AND step = 0', textBytes(r.id));
    return;
  }
  const applied = getCount(db, 'applied');
  db.run('DELETE FROM history WHERE seq > ?', applied);
  db.run('DELETE FROM masks WHERE step > ?', applied);
  const { label, at, diff } = commit;
  db.run('INSERT INTO history VALUES (?, ?, ?, ?)', applied + 1, textBytes(label), at ?? null, jsonBytes(diff));
  keepMasks(db, commit.masks, applied + 1);
  setMeta(db, 'applied', applied + 1);
  setMeta(db, 'revision', getCount(db, 'revision') + 1);
}

/** Goes one step through the history, inside the caller's transaction; undefined when there is none. */
export function writeMove(
  db: Database,
  direction: 'undo' | 'redo',
  step: (record: RawRecord) => RotoRecord,
): HistoryMove | undefined {
  const applied = getCount(db, 'applied');
  const back = direction === 'undo';
  const entry = readStep(db, back ? applied : applied + 1, step);
  if (!entry) return undefined;
  const diff = back ? reverseDiff(entry.diff) : entry.diff;
  applyToTables(db, diff);
  setMeta(db, 'applied', applied + (back ? -1 : 1));
  setMeta(db, 'revision', getCount(db, 'revision') + 1);
  return { label: entry.label, diff };
}
