import { Worker } from 'node:worker_threads';
import { reasonOf } from '@rotokit/core/values';
import type { Answer, Greeting, Results, RuntimeSettings, Task } from './protocol.js';

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (reason: Error) => void;
}

/** The thread is gone, and with it whatever was asked: not an answer of the runtime. */
export class ThreadEnded extends Error {
  override readonly name = 'ThreadEnded';
}

/** The other side of the runtime's thread. It keeps the process alive only while something is asked of it. */
export class ThreadClient {
  /** The thread's first words. Rejects with `ThreadEnded` where it ended before it said them. */
  readonly greeting: Promise<Greeting>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #ended: ThreadEnded | undefined;

  constructor(settings: RuntimeSettings) {
    keepToItself();
    this.#worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: settings });
    this.greeting = new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve, reject });
    });
    this.#worker.on('message', (message: Greeting | Answer) => this.#hear(message));
    this.#worker.on('error', (e) => this.#end(reasonOf(e)));
    this.#worker.on('exit', (code) => this.#end(`exit code ${code}`));
  }

  /** Why the thread ended; undefined while it lives. */
  get ended(): ThreadEnded | undefined {
    return this.#ended;
  }

  /**
   * Asks for something; `transfer` is memory that goes over and is lost here. Rejects with what the runtime says, or with `ThreadEnded` where the
   * thread was gone or went while it worked.
   */
  ask<K extends Task['kind']>(task: Task & { kind: K }, transfer: readonly ArrayBuffer[] = []): Promise<Results[K]> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.#worker.postMessage({ id, task }, transfer);
    });
  }

  /** Ends the thread. What it is doing goes on to its end first: native code cannot be interrupted. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(message: Greeting | Answer): void {
    const id = 'id' in message ? message.id : 0;
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (!('id' in message)) waiting.resolve(message as never);
    else if (message.ok) waiting.resolve(message.result as never);
    else waiting.reject(new Error(message.reason));
  }

  #end(reason: string): void {
    this.#ended ??= new ThreadEnded(reason);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

/**
 * ONNX Runtime 1.30 reports to its maker by default, on Linux and macOS too: an identifier and a queue of events in the home folder, a log in the temporary one, and what
 * it can send. Nothing of that happens where this variable is set before the library is loaded; there is no option for it.
 */
function keepToItself(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1';
}
