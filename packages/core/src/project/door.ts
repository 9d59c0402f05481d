import type { TrackerCommit, UserCommit } from '../ports/index.js';
import { type RotoRecord, sameSize } from '../values/index.js';
import { recordProblem } from './check-record.js';
import { DERIVED_TYPES, masksNamedBy, TRACKED_PREFIX } from './record-types.js';

/**
 * The rules of the store's door, the same for every store. A commit that breaks one changes nothing.
 *
 * D1 Every record that comes in is sound, and no id occurs twice in one commit.
 * D2 A tracker's commit changes `run` and `tracked` records only: it cannot touch an anchor, nor anything else of the user's.
 * D3 A user's commit leaves `run` and `tracked` alone: undo need not keep what can be computed again.
 * D4 Every mask that comes in is named by a record of the commit, and every key that
 *    is new in a record brings its mask.
 * D5 Masks have the size of the clip, where the commit's store knows one.
 * D6 A user's mask has a key that no tracked mask can have, so that neither can replace the other.
 *
 * The stores themselves hold that a user's mask key was never used before, and that the diff fits the records.
 * @throws RangeError naming rule and record.
 */
export function checkCommit(commit: UserCommit | TrackerCommit, size?: { width: number; height: number }): void {
  const { added, updated, removed } = commit.diff;
  const incoming = [...added, ...updated.map((u) => u.to)];
  const seen = new Set<string>();
  for (const r of [...incoming, ...removed]) {
    if (seen.has(r.id)) throw new RangeError(`D1: record ${r.id} occurs twice in one commit`);
    seen.add(r.id);
  }
  for (const r of incoming) {
    const problem = recordProblem(r);
    if (problem) throw new RangeError(`D1: record ${r.id} (${r.type})${problem.startsWith('.') ? '' : ' '}${problem}`);
  }
  for (const u of updated)
    if (u.from.id !== u.to.id || u.from.type !== u.to.type)
      throw new RangeError(`D1: record ${u.from.id} cannot become ${u.to.type} ${u.to.id}`);
  for (const r of [...incoming, ...removed]) {
    const derived = DERIVED_TYPES.has(r.type);
    if (commit.by === 'tracker' && !derived) throw new RangeError(`D2: tracking may not change ${r.type} ${r.id}`);
    if (commit.by === 'user' && derived) throw new RangeError(`D3: an edit may not change ${r.type} ${r.id}`);
  }
  checkMasks(commit, incoming, size);
}

function checkMasks(commit: UserCommit | TrackerCommit, incoming: readonly RotoRecord[], size?: Size): void {
  const named = new Set(incoming.flatMap(masksNamedBy));
  for (const [key, mask] of commit.masks ?? []) {
    if (commit.by === 'user' && key.startsWith(TRACKED_PREFIX))
      throw new RangeError(`D6: the mask key ${key} is tracking's`);
    if (!named.has(key)) throw new RangeError(`D4: no record of the commit names the mask ${key}`);
    if (size && !sameSize(mask.size, size))
      throw new RangeError(
        `D5: the mask ${key} is ${mask.size.width}x${mask.size.height}, not ${size.width}x${size.height}`,
      );
  }
  const kept = new Set(commit.diff.updated.flatMap((u) => masksNamedBy(u.from)));
  for (const key of named)
    if (!kept.has(key) && !commit.masks?.has(key)) throw new RangeError(`D4: the mask ${key} is named but not given`);
}

type Size = { readonly width: number; readonly height: number };
