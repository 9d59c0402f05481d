import { isRotokitError, reasonOf } from '@rotokit/core/values';
import type { Failure, Job, JobOrder } from '../api/index.js';
import { PathRefused } from '../projects/folders.js';
import type { JobBook } from './job-book.js';

const PATH_REFUSED: Failure = {
  code: 'PATH_REFUSED',
  message: 'there is no such path within the opened folders',
  fix: 'Start `rotokit serve` with --folder to open more folders.',
};

/** A failure as the page shows it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PathRefused) return PATH_REFUSED;
  if (isRotokitError(error)) return { code: error.code, message: error.message, fix: error.fix };
  const usage = error instanceof RangeError || error instanceof TypeError;
  return {
    code: usage ? 'USAGE' : 'INTERNAL',
    message: reasonOf(error),
    fix: usage ? 'Correct the request.' : 'Try again; if it repeats, report it with the output of `rotokit doctor`.',
  };
}

/** What a job's work is given to report with. */
export interface JobPen {
  readonly signal: AbortSignal;
  /** Changes what is shown of the job. */
  set(facts: Partial<Job>): void;
}

/** What the jobs of a project work with. */
export interface JobParts {
  readonly book: JobBook;
  /** Does what an order says, and gives what is shown of it in the end. */
  work(order: JobOrder, pen: JobPen): Promise<Partial<Job>>;
  tell(job: Job): void;
}

/** A job, how to stop it, and when it has ended. */
interface HeldJob {
  readonly job: Job;
  readonly order: JobOrder;
  deaths: number;
  cancel: AbortController;
  ended: Promise<void>;
}

/** Finished jobs that are still shown. */
const KEPT = 12;
/** Deaths of the process under one job after which it is not started again by itself. */
const DEATHS = 3;

/** Why a job was stopped: the project is being closed, so that it stays written down. */
const CLOSING = new Error('the project is being closed');

/** The jobs of a project: they run here whether or not a page is looking, and go on after the process has ended. */
export class Jobs {
  readonly #parts: JobParts;
  #next: number;
  #jobs: HeldJob[] = [];

  constructor(parts: JobParts) {
    this.#parts = parts;
    this.#next = 1 + Math.max(0, ...parts.book.jobs.map((j) => Number(j.id.slice(3))));
  }

  /** All jobs, oldest first. */
  list(): readonly Job[] {
    return this.#jobs.map((r) => r.job);
  }

  /** Goes on with what was not finished when the process ended; what has ended it again and again waits to be told. */
  async goOn(): Promise<void> {
    for (const { id, order, deaths } of this.#parts.book.jobs) {
      const held = this.#hold(id, order, deaths + 1);
      if (held.deaths >= DEATHS) held.job.notes.push('the process ended several times during this; say when to go on');
      else
        await this.#begin(held).catch((error: unknown) => {
          Object.assign(held.job, { state: 'failed', failure: failureOf(error) });
          this.#parts.tell(held.job);
        });
    }
  }

  /** Starts a job; it is written down when this resolves. @throws RangeError while one of its kind is at work. */
  async start(order: JobOrder): Promise<Job> {
    const active = this.#jobs.find(({ job }) => job.kind === order.kind && isActive(job));
    if (active) throw new RangeError(`${active.job.title} is still at work; cancel it first`);
    const held = this.#hold(`job${this.#next++}`, order, 0);
    await this.#begin(held);
    return held.job;
  }

  /** Goes on with a paused job. @throws RangeError for a job that is not known or not paused. */
  async resume(id: string): Promise<Job> {
    const held = this.#held(id);
    if (held.job.state !== 'paused') throw new RangeError(`${id} is not paused`);
    held.deaths = 0;
    await this.#begin(held);
    return held.job;
  }

  /** Asks a job to stop; what it finished stays. @throws RangeError for a job that is not known. */
  async cancel(id: string): Promise<void> {
    const held = this.#held(id);
    if (held.job.state === 'paused') {
      await this.#parts.book.remove(id);
      held.job.state = 'cancelled';
      this.#parts.tell(held.job);
    }
    held.cancel.abort();
    await held.ended;
  }

  /** Stops everything and waits for it. What was at work stays written down and goes on when the project is opened again. */
  async close(): Promise<void> {
    for (const r of this.#jobs) r.cancel.abort(CLOSING);
    await Promise.all(this.#jobs.map((r) => r.ended));
  }

  #held(id: string): HeldJob {
    const found = this.#jobs.find((r) => r.job.id === id);
    if (!found) throw new RangeError(`there is no job ${id}`);
    return found;
  }

  #hold(id: string, order: JobOrder, deaths: number): HeldJob {
    const counts = { done: 0, total: 0, seconds: 0 };
    const job: Job = { id, kind: order.kind, title: titleOf(order), state: 'paused', ...counts, notes: [] };
    const held = { job, order, deaths, cancel: new AbortController(), ended: Promise.resolve() };
    this.#jobs = [...this.#jobs.slice(-KEPT + 1), held];
    return held;
  }

  async #begin(held: HeldJob): Promise<void> {
    const { job, order, deaths } = held;
    const { book, work, tell } = this.#parts;
    await book.put({ id: job.id, order, deaths });
    const began = performance.now();
    const set = (facts: Partial<Job>) => {
      Object.assign(job, facts, { seconds: Math.round((performance.now() - began) / 100) / 10 });
      tell(job);
    };
    const { signal } = held.cancel;
    const end = async (facts: Partial<Job>) => {
      await book.remove(job.id).catch(() => {});
      set(facts);
    };
    const run = async () => {
      try {
        await end({ ...(await work(order, { signal, set })), state: 'done' });
      } catch (error) {
        if (signal.reason === CLOSING) {
          await book.put({ id: job.id, order, deaths: 0 }).catch(() => {});
          set({ state: 'paused' });
        } else if (signal.aborted) await end({ state: 'cancelled' });
        else await end({ state: 'failed', failure: failureOf(error) });
      }
    };
    job.state = 'running';
    held.ended = run();
  }
}

const isActive = ({ state }: Job) => state === 'running' || state === 'waiting';

const titleOf = (order: JobOrder): string =>
  order.kind === 'track' ? 'tracking' : `${order.request.formats.join(', ')} to ${order.request.folder}`;
