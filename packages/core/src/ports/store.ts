import type { RecordsDiff, RotoRecord, SoftMask } from '../values/index.js';

/** One step of a project's history, as a list shows it. */
export interface HistoryEntry {
  readonly label: string;
  /** Milliseconds since 1970 as the editor told it, or undefined when it told none. */
  readonly at: number | undefined;
}

/** What was done, oldest first. The first `applied` entries are in force; the rest has been undone and can be redone. */
export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly applied: number;
}

/** Everything in a project except its masks. */
export interface StoreContents {
  readonly records: readonly RotoRecord[];
  /** Grows with every edit, undo and redo, and never goes back: what makes fresh ids unique for ever. */
  readonly revision: number;
  readonly history: History;
}

/** Masks to keep with a change, by the key that its records name them with. */
export type MaskEntries = ReadonlyMap<string, SoftMask>;

/**
 * A change by the user, which can be undone. May change every record except results of tracking (the types `run` and
 * `tracked`); its masks get keys that were never used before, so that no later change can alter what it kept.
 */
export interface UserCommit {
  readonly by: 'user';
  readonly label: string;
  readonly at?: number;
  readonly diff: RecordsDiff;
  readonly masks?: MaskEntries;
}

/**
 * Results of tracking, which can be computed again and are therefore not part of the history. May change records of
 * the types `run` and `tracked` only; a mask's key is the id of the `tracked` record it belongs to. So nothing but a
 * user's commit can touch an anchor.
 */
export interface TrackerCommit {
  readonly by: 'tracker';
  readonly diff: RecordsDiff;
  readonly masks?: MaskEntries;
}

/** One step through the history: what it was called and what it changed on the way. */
export interface HistoryMove {
  readonly label: string;
  readonly diff: RecordsDiff;
}

/**
 * Where a project is kept. Every promise that resolves means: this is on disk and survives the death of the process.
 * A change that fails leaves everything as it was before it, and the store usable. Left out on purpose: queries (the
 * records fit in memory), several writers, merging, copies, and files other than the project.
 */
export interface Store {
  /** `read`: a viewer's store. It sees what is committed meanwhile by loading again, and commits nothing. */
  readonly access: 'write' | 'read';
  /** @throws RotokitError PROJECT_UNREADABLE. */
  load(): Promise<StoreContents>;
  /**
   * Keeps a change, whole or not at all. A user's commit discards what had been undone.
   * @throws RotokitError WRITE_FAILED (nothing is lost, it may be tried again).
   * @throws RangeError when the diff does not fit the records, or breaks a rule of its kind of commit.
   * @throws TypeError for a viewer.
   */
  commit(change: UserCommit | TrackerCommit): Promise<void>;
  /** Undoes or redoes one step of the history; undefined when there is none. @throws as `commit`. */
  move(direction: 'undo' | 'redo'): Promise<HistoryMove | undefined>;
  /** The mask of a key, bit for bit; undefined when there is none. @throws RotokitError PROJECT_UNREADABLE. */
  mask(key: string): Promise<SoftMask | undefined>;
  /** Releases the file and the right to write. Called once, by whoever opened; a second call does nothing. */
  close(): Promise<void>;
}
