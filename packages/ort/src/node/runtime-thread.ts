import type { TensorSlot } from '@rotokit/core/ports';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import type { Greeting, Results, RuntimeSettings, SentTensor, Task } from './protocol.js';
import { ThreadClient, ThreadEnded } from './thread-client.js';

/** The end of a runtime's thread that nobody had asked for. */
export interface ThreadDeath {
  /** What Node says: `exit code 1`, an exception, memory that ran out. */
  readonly reason: string;
  /** `running the graph decode`, `opening the graph encode`, `loading ONNX Runtime`, or `waiting for work`. */
  readonly during: string;
  /** Ends of threads of this runtime so far, this one counted. */
  readonly deaths: number;
}

/** A graph on the thread; on another thread it is opened again from the same task. */
export interface OpenGraph {
  readonly name: string;
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  readonly task: Task & { kind: 'create' };
  place: { readonly thread: ThreadClient; readonly session: number };
}

/** The version of `onnxruntime-node` that this package was written for. */
export const WANTED_VERSION = '1.30.0';

const sayNothing = (): void => undefined;

/** How often one piece of work may lose its thread: what kills a second one is the work itself. */
const MOST_DEATHS = 2;

/**
 * ONNX Runtime on a thread that is started again when it ends: graphs are opened anew when they are next used, and the work that was under way is done
 * once more (a run is a function of its inputs: the same numbers come). Calls come one at a time.
 */
export class RuntimeThread {
  readonly #settings: RuntimeSettings;
  readonly #tell: (death: ThreadDeath) => void;
  #thread: ThreadClient;
  #deaths = 0;
  #counted: ThreadEnded | undefined;

  private constructor(settings: RuntimeSettings, tell: (death: ThreadDeath) => void) {
    this.#settings = settings;
    this.#tell = tell;
    this.#thread = new ThreadClient(settings);
  }

  /** Starts the thread; what it says of the runtime comes with it. @throws RotokitError INFERENCE_MISSING where thread after thread ends. */
  static async start(
    settings: RuntimeSettings,
    tell: (death: ThreadDeath) => void = sayNothing,
  ): Promise<{ readonly thread: RuntimeThread; readonly greeting: Greeting }> {
    const thread = new RuntimeThread(settings, tell);
    return { thread, greeting: await thread.#greeted() };
  }

  /** Threads that ended without being asked to. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Opens a graph. Rejects with what the runtime says. @throws RotokitError INFERENCE_FAILED when it kills its thread. */
  create(name: string, task: OpenGraph['task']): Promise<OpenGraph> {
    return this.#perform(`opening the graph ${name}`, async (thread) => {
      const { session, inputs, outputs } = await thread.ask(task);
      return { name, inputs, outputs, task, place: { thread, session } };
    });
  }

  /** Runs a graph; `inputs` is called for tensors that may be given away. @throws RotokitError INFERENCE_FAILED when it kills its thread. */
  run(graph: OpenGraph, inputs: () => SentTensor[], wanted: readonly string[]): Promise<Results['run']> {
    return this.#perform(`running the graph ${graph.name}`, async (thread) => {
      if (graph.place.thread !== thread) graph.place = await reopened(graph, thread);
      const sent = inputs();
      const memory = sent.map((t) => t.data.buffer as ArrayBuffer);
      return thread.ask({ kind: 'run', session: graph.place.session, inputs: sent, wanted }, memory);
    });
  }

  /** Frees a graph; what went with its thread is free. */
  async release({ place: { thread, session } }: OpenGraph): Promise<void> {
    if (thread.ended) return;
    await thread.ask({ kind: 'release', session }).catch((error: unknown) => {
      if (!(error instanceof ThreadEnded)) throw error;
    });
  }

  /** Ends the thread. */
  end(): Promise<void> {
    return this.#thread.end();
  }

  async #perform<T>(during: string, work: (thread: ThreadClient) => Promise<T>): Promise<T> {
    for (let lost = 1; ; lost++) {
      const thread = await this.#living();
      try {
        return await work(thread);
      } catch (error) {
        if (!(error instanceof ThreadEnded)) throw error;
        this.#count(error, during);
        if (lost === MOST_DEATHS) throw this.#lost('INFERENCE_FAILED', error, during);
      }
    }
  }

  /** The thread, or a new one where it ended. */
  async #living(): Promise<ThreadClient> {
    const { ended } = this.#thread;
    if (!ended) return this.#thread;
    // One that ended at work was counted then.
    if (this.#counted !== ended) this.#count(ended, 'waiting for work');
    this.#thread = new ThreadClient(this.#settings);
    const greeting = await this.#greeted();
    if (greeting.kind === 'missing') {
      await this.#thread.end();
      throw new Error(`its thread ended and cannot be started again: ${greeting.reason}`);
    }
    return this.#thread;
  }

  async #greeted(): Promise<Greeting> {
    for (let lost = 1; ; lost++) {
      try {
        return await this.#thread.greeting;
      } catch (error) {
        this.#count(error as ThreadEnded, 'loading ONNX Runtime');
        if (lost === MOST_DEATHS) throw this.#lost('INFERENCE_MISSING', error as ThreadEnded, 'loading');
        this.#thread = new ThreadClient(this.#settings);
      }
    }
  }

  #count(ended: ThreadEnded, during: string): void {
    this.#counted = ended;
    this.#tell({ reason: ended.message, during, deaths: ++this.#deaths });
  }

  #lost(code: 'INFERENCE_FAILED' | 'INFERENCE_MISSING', ended: ThreadEnded, during: string): RotokitError {
    const runtime = code === 'INFERENCE_MISSING' ? 'onnxruntime-node' : `onnxruntime-node ${this.#settings.device}`;
    const reason = `its thread ended twice while ${during} (${ended.message})`;
    return new RotokitError(code, { runtime, version: WANTED_VERSION, reason }, ended);
  }
}

async function reopened({ name, task }: OpenGraph, thread: ThreadClient): Promise<OpenGraph['place']> {
  try {
    const { session } = await thread.ask(task);
    return { thread, session };
  } catch (error) {
    if (error instanceof ThreadEnded) throw error;
    throw new Error(`after its thread ended, the graph ${name} could not be opened again: ${reasonOf(error)}`);
  }
}
