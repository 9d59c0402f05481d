/** Anything that JSON can say. Records hold nothing else, so that a project can be written, compared and migrated. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

/**
 * One thing in a project: an object, a prompt, an anchor, ... `id` is unique in the project and never reused, `type`
 * says what it is. A record of a type that this version does not know is kept as it came.
 */
export interface RotoRecord {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: Json;
}

/** A record before and after a change. */
export interface RecordUpdate {
  readonly from: RotoRecord;
  readonly to: RotoRecord;
}

/**
 * A change that can be reversed: everything needed to go there and back. Undo, autosave and history are made of these
 * (after tldraw's `RecordsDiff`). No id occurs twice in one diff.
 */
export interface RecordsDiff {
  readonly added: readonly RotoRecord[];
  readonly updated: readonly RecordUpdate[];
  readonly removed: readonly RotoRecord[];
}

/** The change that changes nothing. */
export const NO_CHANGE: RecordsDiff = { added: [], updated: [], removed: [] };

/** Whether a diff changes nothing. */
export const isNoChange = (d: RecordsDiff): boolean => !d.added.length && !d.updated.length && !d.removed.length;

/** The way back: applying a diff and then its reverse gives the records one started from. */
export function reverseDiff(d: RecordsDiff): RecordsDiff {
  return { added: d.removed, updated: d.updated.map(({ from, to }) => ({ from: to, to: from })), removed: d.added };
}

/** Whether two JSON values are equal, whatever the order of their fields. A field that is undefined counts as absent. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [p, q] = [a as Record<string, Json>, b as Record<string, Json>];
  const own = (o: Record<string, Json>, k: string) => (Object.hasOwn(o, k) ? o[k] : undefined);
  return [p, q].every((o) => Object.keys(o).every((k) => sameJson(own(p, k), own(q, k))));
}

/**
 * The records after a change, in a new map; the old one stays as it is.
 * @throws RangeError when the diff was made for other records: an id to add exists, or one to change or remove differs.
 */
export function applyDiff(records: ReadonlyMap<string, RotoRecord>, d: RecordsDiff): Map<string, RotoRecord> {
  const next = new Map(records);
  const expect = (r: RotoRecord) => {
    if (!sameJson(next.get(r.id), r)) throw new RangeError(`record ${r.id} is not what the change was made for`);
  };
  for (const r of d.removed) {
    expect(r);
    next.delete(r.id);
  }
  for (const { from, to } of d.updated) {
    if (from.id !== to.id) throw new RangeError(`an update keeps its id, got ${from.id} and ${to.id}`);
    expect(from);
    next.set(to.id, to);
  }
  for (const r of d.added) {
    if (next.has(r.id)) throw new RangeError(`record ${r.id} is there already`);
    next.set(r.id, r);
  }
  return next;
}

/** Two changes in a row as one. @throws RangeError when the second was not made for what the first leaves. */
export function composeDiffs(first: RecordsDiff, second: RecordsDiff): RecordsDiff {
  const before = new Map<string, RotoRecord>();
  const after = new Map<string, RotoRecord>();
  for (const r of first.removed) before.set(r.id, r);
  for (const r of first.added) after.set(r.id, r);
  for (const { from, to } of first.updated) {
    before.set(from.id, from);
    after.set(to.id, to);
  }
  for (const r of [...second.removed, ...second.updated.map((u) => u.from)]) {
    if (before.has(r.id) || after.has(r.id)) continue;
    before.set(r.id, r);
    after.set(r.id, r);
  }
  return diffRecords(before, applyDiff(after, second));
}

/** What changed between two states. Records that are the same object, or equal, count as unchanged. */
export function diffRecords(
  before: ReadonlyMap<string, RotoRecord>,
  after: ReadonlyMap<string, RotoRecord>,
): RecordsDiff {
  const added: RotoRecord[] = [];
  const updated: RecordUpdate[] = [];
  const removed: RotoRecord[] = [];
  for (const [id, to] of after) {
    const from = before.get(id);
    if (!from) added.push(to);
    else if (!sameJson(from, to)) updated.push({ from, to });
  }
  for (const [id, from] of before) if (!after.has(id)) removed.push(from);
  return { added, updated, removed };
}
