import type { MaskEntries } from '../ports/index.js';
import { composeDiffs, NO_CHANGE, type RecordsDiff, type RotoRecord } from '../values/index.js';
import type { Project } from './project.js';
import { masksNamedBy } from './record-types.js';

/** What an edit would do: the records it changes, and the masks that the new records name. */
export interface Change {
  readonly diff: RecordsDiff;
  readonly masks: MaskEntries;
}

const NO_MASKS: MaskEntries = new Map();

/** The edit that does nothing. */
export const NOTHING_CHANGED: Change = { diff: NO_CHANGE, masks: NO_MASKS };

/** Adds records, or replaces those of the same id. */
export function put(p: Project, records: readonly RotoRecord[], masks: MaskEntries = NO_MASKS): Change {
  const added: RotoRecord[] = [];
  const updated: { from: RotoRecord; to: RotoRecord }[] = [];
  for (const to of records) {
    const from = p.record(to.id);
    if (from) updated.push({ from, to });
    else added.push(to);
  }
  return { diff: { added, updated, removed: [] }, masks };
}

/** Removes records. */
export const remove = (records: readonly RotoRecord[]): Change => ({
  diff: { added: [], updated: [], removed: records },
  masks: NO_MASKS,
});

/** Several edits as one, each made for what the ones before it leave. */
export function chain(p: Project, ...edits: readonly ((p: Project) => Change)[]): Change {
  let now = p;
  let sum = NOTHING_CHANGED;
  for (const edit of edits) {
    const next = edit(now);
    now = now.with(next.diff);
    sum = { diff: composeDiffs(sum.diff, next.diff), masks: new Map([...sum.masks, ...next.masks]) };
  }
  const named = new Set([...sum.diff.added, ...sum.diff.updated.map((u) => u.to)].flatMap(masksNamedBy));
  return { diff: sum.diff, masks: new Map([...sum.masks].filter(([key]) => named.has(key))) };
}
