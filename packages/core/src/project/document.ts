import type { History, Store } from '../ports/index.js';
import {
  type FrameIndex,
  isNoChange,
  type ObjectId,
  type ObjectPrompts,
  type Prompt,
  RotokitError,
  type SoftMask,
} from '../values/index.js';
import { type Change, chain, NOTHING_CHANGED } from './change.js';
import { putTracked, type TrackedResult } from './edit-frames.js';
import { addRun, type NewRun } from './edit-objects.js';
import { Project } from './project.js';
import type { StoredPrompt } from './record-types.js';
import { saidPrompt } from './said-prompt.js';

/** What a document may be told about its surroundings. */
export interface DocumentOptions {
  /** Milliseconds since 1970, for the times in the history. Without it the history has none. */
  readonly now?: () => number;
}

/**
 * A project at work: the store, and the project as it is now. Calls may overlap; they are carried out one after the
 * other, each on what the ones before it left. `project` changes only once a change is on disk.
 */
export class RotoDocument {
  readonly #store: Store;
  readonly #now: (() => number) | undefined;
  #project: Project;
  #history: History;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(store: Store, project: Project, history: History, now?: () => number) {
    this.#store = store;
    this.#project = project;
    this.#history = history;
    this.#now = now;
  }

  /** The document of an open store, which is the document's to close from now on. */
  static async open(store: Store, options: DocumentOptions = {}): Promise<RotoDocument> {
    const { records, revision, history } = await store.load();
    return new RotoDocument(store, Project.of(records, revision), history, options.now);
  }

  /** The project as it is now. */
  get project(): Project {
    return this.#project;
  }

  /** What was done, and how much of it is in force. */
  get history(): History {
    return this.#history;
  }

  /** Whether anything can be changed here. */
  get writable(): boolean {
    return this.#store.access === 'write';
  }

  /** Edits the project: one step of the history, on disk when this resolves. An edit that changes nothing is no step. */
  edit(label: string, ...edits: readonly ((p: Project) => Change)[]): Promise<Project> {
    return this.#inTurn(async () => {
      const { diff, masks } = chain(this.#project, ...edits);
      if (isNoChange(diff)) return this.#project;
      const at = this.#now?.();
      await this.#store.commit({ by: 'user', label, diff, masks, ...(at === undefined ? {} : { at }) });
      const { entries, applied } = this.#history;
      this.#project = this.#project.with(diff, this.#project.revision + 1);
      this.#history = { entries: [...entries.slice(0, applied), { label, at }], applied: applied + 1 };
      return this.#project;
    });
  }

  /** Notes a run of tracking, on disk when this resolves. Its id goes with the results. */
  startRun(run: NewRun): Promise<string> {
    return this.#inTurn(async () => {
      const { change, id } = addRun(this.#project, run);
      await this.#keep(change);
      return id;
    });
  }

  /** Keeps results of tracking, all of them on disk when this resolves: only then may they be reported as done. */
  keepTracked(run: string, results: readonly TrackedResult[]): Promise<void> {
    return this.#inTurn(() => this.#keep(results.length ? putTracked(this.#project, run, results) : NOTHING_CHANGED));
  }

  /** Makes any other change of what tracking has made, such as `forgetTracked`. */
  changeTracked(change: (p: Project) => Change): Promise<void> {
    return this.#inTurn(() => this.#keep(change(this.#project)));
  }

  /** Takes back the last edit in force; its label, or undefined when there was none. */
  undo(): Promise<string | undefined> {
    return this.#move('undo');
  }

  /** Does again what was undone last; its label, or undefined when there was nothing. */
  redo(): Promise<string | undefined> {
    return this.#move('redo');
  }

  /** The mask that counts for an object on a frame: the anchor's, else the tracked one; undefined when there is neither. */
  async mask(object: ObjectId, frame: FrameIndex): Promise<SoftMask | undefined> {
    const key = this.#project.maskKey(object, frame);
    return key === undefined ? undefined : this.#maskOf(key);
  }

  /** What tracking made of a frame of an object, also where there is an anchor now. */
  async trackedMask(object: ObjectId, frame: FrameIndex): Promise<SoftMask | undefined> {
    const record = this.#project.tracked(object, frame);
    return record && this.#maskOf(record.id);
  }

  /** Everything said about an object on a frame, ready for an engine. */
  async prompts(object: ObjectId, frame: FrameIndex): Promise<ObjectPrompts> {
    const records = this.#project.prompts(object, frame);
    return { object, prompts: await Promise.all(records.map((r) => this.#prompt(r.prompt))) };
  }

  /** Reads the project again: how a viewer sees what the writer has done meanwhile. */
  refresh(): Promise<Project> {
    return this.#inTurn(async () => {
      const { records, revision, history } = await this.#store.load();
      this.#history = history;
      this.#project = Project.of(records, revision);
      return this.#project;
    });
  }

  /** Waits for what is under way and closes the store. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#store.close());
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #keep({ diff, masks }: Change): Promise<void> {
    if (isNoChange(diff)) return;
    await this.#store.commit({ by: 'tracker', diff, masks });
    this.#project = this.#project.with(diff);
  }

  #move(direction: 'undo' | 'redo'): Promise<string | undefined> {
    return this.#inTurn(async () => {
      const move = await this.#store.move(direction);
      if (!move) return undefined;
      this.#project = this.#project.with(move.diff, this.#project.revision + 1);
      const { entries, applied } = this.#history;
      this.#history = { entries, applied: applied + (direction === 'undo' ? -1 : 1) };
      return move.label;
    });
  }

  async #maskOf(key: string): Promise<SoftMask> {
    const mask = await this.#store.mask(key);
    if (!mask)
      throw new RotokitError('PROJECT_UNREADABLE', { path: 'the project', reason: `the mask ${key} is missing` });
    return mask;
  }

  async #prompt(p: StoredPrompt): Promise<Prompt> {
    return p.kind === 'mask' ? { kind: 'mask', mask: await this.#maskOf(p.mask) } : saidPrompt(p);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
