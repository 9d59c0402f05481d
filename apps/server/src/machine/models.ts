import type { ModelHub, PullEvent } from '@rotokit/core/ports';
import type { Failure, ModelState } from '../api/index.js';
import { failureOf } from '../host/jobs.js';

/** The models of this machine, seen from the page: what is here, what is coming, and why something did not come. */
export class Models {
  readonly #hub: ModelHub;
  readonly #folder: string;
  readonly #pulls = new Map<
    string,
    { readonly cancel: AbortController; state: ModelState['pull']; ended: Promise<void> }
  >();
  readonly #failures = new Map<string, Failure>();

  constructor(hub: ModelHub, folder: string) {
    this.#hub = hub;
    this.#folder = folder;
  }

  /** Every model that is known. */
  list(): Promise<ModelState[]> {
    return Promise.all(
      this.#hub.cards.map(async ({ name, summary, repository, licence }) => {
        const here = await this.#hub.find(name);
        const installed = here?.files.reduce((n, f) => n + f.bytes, 0);
        const pull = this.#pulls.get(name)?.state;
        const failure = this.#failures.get(name);
        return {
          name,
          summary,
          source: `https://huggingface.co/${repository}`,
          licence: { ...licence },
          ...(installed === undefined ? {} : { installed }),
          ...(pull ? { pull } : {}),
          ...(failure ? { failure } : {}),
        };
      }),
    );
  }

  /** Bytes of the models that are here, and where. */
  async room(): Promise<{ readonly folder: string; readonly bytes: number }> {
    const all = await this.list();
    return { folder: this.#folder, bytes: all.reduce((n, m) => n + (m.installed ?? 0), 0) };
  }

  /** Starts bringing a model here and returns once that is certain to be tried. @throws RotokitError MODEL_UNKNOWN, MODEL_LICENCE. */
  async pull(name: string, acceptLicence: boolean): Promise<void> {
    if (this.#pulls.has(name)) return;
    const cancel = new AbortController();
    const events = this.#hub.pull(name, { acceptLicence, signal: cancel.signal })[Symbol.asyncIterator]();
    const pull = {
      cancel,
      state: { file: '', bytes: 0, doing: 'begins' } as ModelState['pull'],
      ended: Promise.resolve(),
    };
    this.#pulls.set(name, pull);
    this.#failures.delete(name);
    let first: IteratorResult<PullEvent>;
    try {
      first = await events.next();
    } catch (error) {
      this.#pulls.delete(name);
      throw error;
    }
    pull.ended = this.#follow(name, pull, first, events, cancel.signal);
  }

  /** Stops a download; what came is kept and gone on with. Says whether there was one. */
  async stop(name: string): Promise<boolean> {
    const pull = this.#pulls.get(name);
    pull?.cancel.abort();
    await pull?.ended;
    return pull !== undefined;
  }

  /** Deletes a model's files. Says how many bytes that freed. @throws RotokitError MODEL_UNKNOWN, MODEL_BUSY. */
  async remove(name: string): Promise<number> {
    await this.stop(name);
    this.#failures.delete(name);
    return this.#hub.remove(name);
  }

  /** Stops all downloads. */
  async close(): Promise<void> {
    await Promise.all([...this.#pulls.keys()].map((name) => this.stop(name)));
  }

  async #follow(
    name: string,
    pull: { state: ModelState['pull'] },
    first: IteratorResult<PullEvent>,
    events: AsyncIterator<PullEvent>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for (let step = first; !step.done; step = await events.next()) pull.state = stateOf(step.value, pull.state);
    } catch (error) {
      if (!signal.aborted) this.#failures.set(name, failureOf(error));
    } finally {
      this.#pulls.delete(name);
    }
  }
}

const WORDS = {
  have: 'is here',
  wait: 'waits for another process',
  verify: 'is checked',
  done: 'is here',
  progress: 'comes',
  retry: 'is tried again',
};

function stateOf(event: PullEvent, before: ModelState['pull']): ModelState['pull'] {
  const doing = WORDS[event.kind];
  if (event.kind === 'retry') return { bytes: before?.bytes ?? 0, ...before, file: event.file, doing };
  const total = event.kind === 'progress' ? event.total : event.bytes;
  return { file: event.file, bytes: event.bytes, doing, ...(total === undefined ? {} : { total }) };
}
