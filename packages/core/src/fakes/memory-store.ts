import type { HistoryMove, MaskEntries, Store, StoreContents, TrackerCommit, UserCommit } from '../ports/index.js';
import { type ClipRecord, checkCommit } from '../project/index.js';
import {
  applyDiff,
  decodeMask,
  encodeMask,
  type RecordsDiff,
  RotokitError,
  type RotoRecord,
  reverseDiff,
} from '../values/index.js';

interface Step {
  readonly label: string;
  readonly at: number | undefined;
  readonly diff: RecordsDiff;
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A project in memory that outlives the stores opened on it: the fake of a project file, for tests and trials. */
export class MemoryProject {
  #records: ReadonlyMap<string, RotoRecord>;
  #revision = 0;
  #steps: readonly Step[] = [];
  #applied = 0;
  /** Coded masks, and the step that brought each; 0 for those of tracking. */
  readonly #masks = new Map<string, { readonly bytes: Uint8Array; readonly step: number }>();
  #written = false;

  /** A project that begins with these records. */
  constructor(records: readonly RotoRecord[]) {
    this.#records = new Map(copy(records).map((r) => [r.id, r]));
  }

  /** A store on this project. @throws RotokitError PROJECT_LOCKED when another one may write already. */
  open(access: Store['access'] = 'write'): Store {
    if (access === 'write' && this.#written)
      throw new RotokitError('PROJECT_LOCKED', { path: 'memory', pid: 0, host: 'memory' });
    if (access === 'write') this.#written = true;
    let open = true;
    const guard = <T>(write: boolean, work: () => T): Promise<T> => {
      if (!open) return Promise.reject(new TypeError('the store is closed'));
      if (write && access === 'read') return Promise.reject(new TypeError('the store was opened for reading'));
      return new Promise((resolve) => resolve(work()));
    };
    return {
      access,
      load: () => guard(false, () => this.#contents()),
      commit: (change) => guard(true, () => this.#commit(change)),
      move: (direction) => guard(true, () => this.#move(direction)),
      mask: (key) =>
        guard(false, () => {
          const coded = this.#masks.get(key);
          return coded && decodeMask(coded.bytes);
        }),
      close: async () => {
        if (open && access === 'write') this.#written = false;
        open = false;
      },
    };
  }

  #contents(): StoreContents {
    const entries = this.#steps.map(({ label, at }) => ({ label, at }));
    const records = copy([...this.#records.values()]);
    return { records, revision: this.#revision, history: { entries, applied: this.#applied } };
  }

  #commit(change: UserCommit | TrackerCommit): void {
    checkCommit(change, (this.#records.get('clip') as ClipRecord | undefined)?.size);
    const records = applyDiff(this.#records, copy(change.diff));
    if (change.by === 'user') {
      for (const key of change.masks?.keys() ?? []) {
        const there = this.#masks.get(key);
        if (there && there.step <= this.#applied) throw new RangeError(`the mask key ${key} was used before`);
      }
      for (const [key, { step }] of this.#masks) if (step > this.#applied) this.#masks.delete(key);
      const { label, at } = change;
      this.#steps = [...this.#steps.slice(0, this.#applied++), { label, at, diff: copy(change.diff) }];
      this.#revision++;
    }
    this.#keepMasks(change.masks, change.by === 'user' ? this.#applied : 0);
    for (const r of change.diff.removed) if (r.type === 'tracked') this.#masks.delete(r.id);
    this.#records = records;
  }

  #keepMasks(masks: MaskEntries | undefined, step: number): void {
    for (const [key, mask] of masks ?? []) this.#masks.set(key, { bytes: encodeMask(mask), step });
  }

  #move(direction: 'undo' | 'redo'): HistoryMove | undefined {
    const step = this.#steps[direction === 'undo' ? this.#applied - 1 : this.#applied];
    if (!step) return undefined;
    const diff = direction === 'undo' ? reverseDiff(step.diff) : step.diff;
    this.#records = applyDiff(this.#records, diff);
    this.#applied += direction === 'undo' ? -1 : 1;
    this.#revision++;
    return { label: step.label, diff: copy(diff) };
  }
}
