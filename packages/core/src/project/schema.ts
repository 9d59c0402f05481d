import type { RecordsDiff, RotoRecord } from '../values/index.js';

/** A record as it lies in a file: of any version, not yet checked. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Brings one record from a version to the next: a map in, a map out, id and meaning kept. */
export type MigrationStep = (record: RawRecord) => RawRecord;

/**
 * The version of the records and the way to it, one step at a time (after OpenTimelineIO): `steps[n]` leads from
 * version n + 1 to n + 2. Since a step looks at one record only, it also serves the records inside the history, and
 * undo works across versions.
 */
export interface Schema {
  readonly version: number;
  readonly steps: readonly MigrationStep[];
}

/** The schema this version of Rotokit writes. Fields that a version adds as optional need no step. */
export const SCHEMA: Schema = { version: 1, steps: [] };

/**
 * A function that brings records of an older version up to date.
 * @throws RangeError when there is no way: the version is newer than the schema's, or not a version at all.
 */
export function migrate(schema: Schema, from: number): (record: RawRecord) => RotoRecord {
  if (!Number.isSafeInteger(from) || from < 1 || from > schema.version || schema.steps.length < schema.version - 1)
    throw new RangeError(`there is no way from schema ${from} to ${schema.version}`);
  const steps = schema.steps.slice(from - 1, schema.version - 1);
  return (record) => steps.reduce((r, step) => step(r), record) as RotoRecord;
}

/** A change brought up to date, for the history. */
export function migrateDiff(diff: RecordsDiff, step: (record: RawRecord) => RotoRecord): RecordsDiff {
  return {
    added: diff.added.map(step),
    updated: diff.updated.map(({ from, to }) => ({ from: step(from), to: step(to) })),
    removed: diff.removed.map(step),
  };
}
