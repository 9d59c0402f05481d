import type { Worker } from 'node:worker_threads';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import type { QuantisedField } from './flow-kernel.js';
import type { FlowFrame, FlowProfile } from './types.js';
import type { FlowAnswer, FlowTask, FlowWorkerData } from './worker.js';

/** One direction of a pair, wherever it is computed. */
export interface FlowComputer {
  run(from: FlowFrame, to: FlowFrame, profile: FlowProfile): Promise<QuantisedField>;
  close(): Promise<void>;
}

/** The refusal that a flow which could not be computed is reported as. */
export function flowFailed(frame: number, reason: string, cause?: unknown): RotokitError {
  return new RotokitError('ENGINE_FAILED', { engine: 'embedded', frame, object: '(all)', reason }, cause);
}

const CLOSED = 'the optical flow was closed';

interface Pending {
  readonly task: FlowTask;
  readonly resolve: (field: QuantisedField) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  pending: Pending | undefined;
  /** Frames it saw lately, newest first: it still has their pyramids. */
  recent: number[];
}

/**
 * Flow tasks on up to `threads` worker threads, first come first served; among idle threads the one that has the frames'
 * pyramids. A thread that dies fails the task it had and is replaced when the next task needs it. Idle threads do not
 * keep the process alive.
 */
export class FlowThreads implements FlowComputer {
  readonly #limit: number;
  readonly #source: string;
  readonly #data: FlowWorkerData;
  readonly #queue: Pending[] = [];
  readonly #threads = new Set<Thread>();
  #starting = false;
  #closed = false;
  #nextId = 0;

  constructor(threads: number, source: string, module: WebAssembly.Module) {
    this.#limit = threads;
    this.#source = source;
    this.#data = { module };
  }

  run(from: FlowFrame, to: FlowFrame, profile: FlowProfile): Promise<QuantisedField> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(flowFailed(to.index, CLOSED));
      this.#queue.push({ task: { id: this.#nextId++, from, to, profile }, resolve, reject });
      void this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const waiting = [...this.#queue.splice(0), ...[...this.#threads].flatMap((thread) => thread.pending ?? [])];
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const { task, reject } of waiting) reject(flowFailed(task.to.index, CLOSED));
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  async #dispatch(): Promise<void> {
    if (this.#starting) return;
    this.#starting = true;
    try {
      while (this.#queue.length > 0 && !this.#closed) {
        const thread = this.#idleThread(this.#queue[0]!.task) ?? (await this.#start());
        const pending = thread && !this.#closed ? this.#queue.shift() : undefined;
        if (!thread || !pending) break;
        this.#give(thread, pending);
      }
    } catch (error) {
      const reason = `no thread can be started for the optical flow: ${reasonOf(error)}`;
      for (const { task, reject } of this.#queue.splice(0)) reject(flowFailed(task.to.index, reason, error));
    } finally {
      this.#starting = false;
    }
  }

  #idleThread(task: FlowTask): Thread | undefined {
    const known = ({ recent }: Thread) => +recent.includes(task.from.index) + +recent.includes(task.to.index);
    const idle = [...this.#threads].filter((thread) => !thread.pending).sort((a, b) => known(b) - known(a));
    const best = idle[0];
    return best && (known(best) > 0 || this.#threads.size >= this.#limit) ? best : undefined;
  }

  #give(thread: Thread, pending: Pending): void {
    const { from, to } = pending.task;
    thread.pending = pending;
    thread.recent = [...new Set([to.index, from.index, ...thread.recent])].slice(0, 3);
    thread.worker.ref();
    thread.worker.postMessage(pending.task);
  }

  /** A fresh thread, or undefined when all that may run are running and busy. */
  async #start(): Promise<Thread | undefined> {
    if (this.#threads.size >= this.#limit) return undefined;
    const { Worker } = await import('node:worker_threads');
    if (this.#closed) return undefined;
    const worker = new Worker(this.#source, { eval: true, execArgv: [], workerData: this.#data });
    const thread: Thread = { worker, pending: undefined, recent: [] };
    worker.on('message', (answer: FlowAnswer) => this.#finish(thread, answer));
    worker.on('error', (error) => this.#lose(thread, reasonOf(error), error));
    worker.on('exit', (code) => this.#lose(thread, `its thread ended with code ${code}`));
    worker.unref();
    this.#threads.add(thread);
    return thread;
  }

  #finish(thread: Thread, answer: FlowAnswer): void {
    // Closed meanwhile: until it has ended it must keep the process alive, or nobody would hear of its end.
    if (!this.#threads.has(thread)) return;
    const { pending } = thread;
    thread.pending = undefined;
    thread.worker.unref();
    if (pending && 'field' in answer) pending.resolve(answer.field);
    else if (pending && 'failure' in answer) {
      pending.reject(flowFailed(pending.task.to.index, `optical flow: ${answer.failure}`));
    }
    void this.#dispatch();
  }

  #lose(thread: Thread, reason: string, cause?: unknown): void {
    if (!this.#threads.delete(thread)) return;
    thread.pending?.reject(flowFailed(thread.pending.task.to.index, `optical flow: ${reason}`, cause));
    void this.#dispatch();
  }
}
