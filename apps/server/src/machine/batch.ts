import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type BatchItem, BatchRequest, type Failure, type Job } from '../api/index.js';
import { failureOf } from '../host/jobs.js';
import type { OpenProject } from '../projects/open-project.js';
import { CallFailed } from '../projects/project-process.js';
import type { Registry } from '../projects/registry.js';
import { JsonFile } from '../user/json-file.js';

/** What is asked for one clip. */
const Task = BatchRequest.omit({ paths: true }).extend({ id: z.string(), path: z.string() });
type Task = z.infer<typeof Task>;
const BatchFile = z.object({ version: z.literal(1), tasks: z.array(Task).max(2000) });
type BatchFile = z.infer<typeof BatchFile>;

/** Clips that may wait or be listed. */
const MOST = 2000;

interface Held {
  readonly task: Task;
  readonly item: BatchItem;
  readonly cancel: AbortController;
}

/**
 * Several clips, one after the other: each is opened, tracked where something is missing, delivered, and closed again unless somebody looks at it. One that
 * fails says why and the next one begins. What has not ended is written down and goes on when the server is started again for the same folder.
 */
export class Batch {
  readonly #registry: Registry;
  readonly #file: JsonFile<BatchFile>;
  readonly #stop = new AbortController();
  #held: readonly Held[] = [];
  #running: Promise<void> | undefined;

  private constructor(registry: Registry, folder: string) {
    this.#registry = registry;
    const key = createHash('sha256')
      .update(registry.folders.roots[0] ?? '')
      .digest('hex')
      .slice(0, 12);
    this.#file = new JsonFile(join(folder, `batch-${key}.json`), BatchFile, { version: 1, tasks: [] });
  }

  /** The batch of the first opened folder; what had not ended goes on. */
  static async open(registry: Registry, folder: string): Promise<Batch> {
    const batch = new Batch(registry, folder);
    const { tasks } = await batch.#file.read();
    batch.#held = tasks.map(heldOf);
    batch.#run();
    return batch;
  }

  /** All items, in their order. */
  list(): readonly BatchItem[] {
    return this.#held.map((h) => h.item);
  }

  /** Adds clips and projects; they are written down when this resolves. @throws PathRefused for a path outside the opened folders, RangeError for too many. */
  async add({ paths, ...what }: BatchRequest): Promise<readonly BatchItem[]> {
    const real = await Promise.all(paths.map((p) => this.#registry.folders.clip(p)));
    if (this.#held.length + real.length > MOST) throw new RangeError(`a batch has ${MOST} entries at most`);
    const added = real.map((path) => heldOf({ ...what, path, id: randomBytes(6).toString('hex') }));
    this.#held = [...this.#held, ...added];
    await this.#save();
    this.#run();
    return added.map((h) => h.item);
  }

  /** Takes an item off the list; one that is at work is stopped, and what it finished stays. Says whether there was one. */
  async remove(id: string): Promise<boolean> {
    const held = this.#held.find((h) => h.item.id === id);
    if (!held) return false;
    held.cancel.abort();
    if (held.item.state !== 'running') this.#held = this.#held.filter((h) => h !== held);
    await this.#save();
    return true;
  }

  /** Stops; what has not ended stays written down. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #run(): void {
    this.#running ??= this.#all().finally(() => {
      this.#running = undefined;
    });
  }

  async #all(): Promise<void> {
    for (;;) {
      const next = this.#held.find((h) => h.item.state === 'waiting' && !h.cancel.signal.aborted);
      if (!next || this.#stop.signal.aborted) return;
      await this.#one(next);
      if (!this.#stop.signal.aborted) await this.#save();
    }
  }

  async #one({ task, item, cancel }: Held): Promise<void> {
    const signal = AbortSignal.any([cancel.signal, this.#stop.signal]);
    const known = this.#registry.opened(task.path);
    Object.assign(item, { state: 'running', step: 'opening' });
    let project: OpenProject | undefined;
    try {
      project = await this.#registry.open(task.path);
      item.project = project.id;
      signal.throwIfAborted();
      if (task.track) await follow(project, item, 'tracking', signal, track);
      if (task.export) await this.#deliver(project, task, item, signal);
      item.state = 'done';
    } catch (error) {
      if (this.#stop.signal.aborted) item.state = 'waiting';
      else if (cancel.signal.aborted) item.state = 'cancelled';
      else Object.assign(item, { state: 'failed', failure: failed(error) });
    } finally {
      delete item.step;
      if (project && !known && !project.events.heard) await this.#registry.close(project.id).catch(() => {});
    }
  }

  async #deliver(project: OpenProject, task: Task, item: BatchItem, signal: AbortSignal): Promise<void> {
    const named = task.folder.replaceAll('{shot}', project.shot);
    const folder = await this.#registry.folders.writable(named, dirname(project.path));
    const request = { ...task.export, folder } as Parameters<typeof project.process.call<'export'>>[1];
    // One that was begun before the server ended comes first; what it wrote is not written again.
    if (await active(project, 'export'))
      await follow(project, item, 'exporting', signal, async () => (await active(project, 'export')) as Job).catch(
        () => {},
      );
    const job = await follow(project, item, 'exporting', signal, (p) => p.process.call('export', request));
    item.folder = folder;
    item.files = Object.values(job.files ?? {}).reduce((n, f) => n + f.length, 0);
  }

  async #save(): Promise<void> {
    const open = this.#held.filter(({ item, cancel }) => isOpen(item) && !cancel.signal.aborted);
    await this.#file.change(() => ({ version: 1, tasks: open.map((h) => h.task) }));
  }
}

const isOpen = ({ state }: BatchItem) => state === 'waiting' || state === 'running';

const heldOf = (task: Task): Held => ({
  task,
  item: { id: task.id, path: task.path, state: 'waiting', done: 0, total: 0, notes: [] },
  cancel: new AbortController(),
});

const failed = (error: unknown): Failure =>
  error instanceof CallFailed || error instanceof Ended ? error.failure : failureOf(error);

const active = async (project: OpenProject, kind: Job['kind']): Promise<Job | undefined> =>
  (await project.process.call('jobs')).find((j) => j.kind === kind && (j.state === 'running' || j.state === 'waiting'));

/** Tracks what is missing; a job that went on by itself when the project was opened is that job. */
const track = async (project: OpenProject): Promise<Job> =>
  (await active(project, 'track')) ?? project.process.call('track', {});

/** A job that ended otherwise than done. */
class Ended extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Starts a job of a project and follows it to its end, showing how far it is. @throws Ended */
async function follow(
  project: OpenProject,
  item: BatchItem,
  step: BatchItem['step'],
  signal: AbortSignal,
  start: (project: OpenProject) => Promise<Job>,
): Promise<Job> {
  Object.assign(item, { step, done: 0, total: 0 });
  let heard: ((job: Job) => void) | undefined;
  let gone: ((failure: Failure) => void) | undefined;
  const early: Job[] = [];
  const unlisten = project.events.watch((event) => {
    if (event.type === 'gone')
      gone?.({ code: 'PROJECT_GONE', message: 'the process of this project has ended', fix: 'Add it again.' });
    if (event.type === 'job') heard ? heard(event.job) : early.push(event.job);
  });
  try {
    const { id } = await start(project);
    const ended = new Promise<Job>((resolve, reject) => {
      gone = (failure) => reject(new Ended(failure));
      heard = (job) => {
        if (job.id !== id) return;
        Object.assign(item, { done: job.done, total: job.total, notes: job.notes });
        if (job.state === 'done') resolve(job);
        if (job.state === 'failed') reject(new Ended(job.failure as Failure));
        if (job.state === 'cancelled' || job.state === 'paused')
          reject(new Ended({ code: 'CANCELLED', message: 'it was stopped', fix: 'Add it again; it does the rest.' }));
      };
      for (const job of early) heard(job);
    });
    const cancel = () => void project.process.call('cancel', id).catch(() => {});
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    return await ended.finally(() => signal.removeEventListener('abort', cancel));
  } finally {
    unlisten();
  }
}
