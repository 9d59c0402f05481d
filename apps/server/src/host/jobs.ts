import { isRotokitError, reasonOf } from '@rotokit/core/values';
import type { Failure, Job } from '../api/index.js';

/** A failure as the page shows it. */
export function failureOf(error: unknown): Failure {
  if (isRotokitError(error)) return { code: error.code, message: error.message, fix: error.fix };
  const usage = error instanceof RangeError || error instanceof TypeError;
  return {
    code: usage ? 'USAGE' : 'INTERNAL',
    message: reasonOf(error),
    fix: usage ? 'Correct the request.' : 'Try again; if it repeats, report it with the output of `rotokit doctor`.',
  };
}

/** A job at work: what the page sees of it, and how to stop it. */
export interface RunningJob {
  readonly job: Job;
  readonly cancel: AbortController;
  /** Settles when it has ended, however it ended. */
  readonly ended: Promise<void>;
}

/** What a job's work is given to report with. */
export interface JobPen {
  readonly signal: AbortSignal;
  /** Changes what is shown of the job. */
  set(facts: Partial<Job>): void;
}

/** Finished jobs that are still shown. */
const KEPT = 12;

/** The jobs of a project: they run here whether or not a page is looking. */
export class Jobs {
  readonly #tell: (job: Job) => void;
  #next = 1;
  #jobs: RunningJob[] = [];

  constructor(tell: (job: Job) => void) {
    this.#tell = tell;
  }

  /** All jobs, oldest first. */
  list(): readonly Job[] {
    return this.#jobs.map((r) => r.job);
  }

  /** The job of this kind that has not ended, if there is one. */
  active(kind: Job['kind']): Job | undefined {
    return this.list().find((j) => j.kind === kind && (j.state === 'running' || j.state === 'waiting'));
  }

  /** Starts a job and returns at once. */
  start(kind: Job['kind'], title: string, work: (pen: JobPen) => Promise<Partial<Job>>): Job {
    const cancel = new AbortController();
    const began = performance.now();
    const job: Job = {
      id: `job${this.#next++}`,
      kind,
      title,
      state: 'running',
      done: 0,
      total: 0,
      seconds: 0,
      notes: [],
    };
    const set = (facts: Partial<Job>) => {
      Object.assign(job, facts, { seconds: Math.round((performance.now() - began) / 100) / 10 });
      this.#tell(job);
    };
    const run = async () => {
      try {
        set({ ...(await work({ signal: cancel.signal, set })), state: 'done' });
      } catch (error) {
        if (cancel.signal.aborted) set({ state: 'cancelled' });
        else set({ state: 'failed', failure: failureOf(error) });
      }
    };
    this.#jobs = [...this.#jobs.slice(-KEPT + 1), { job, cancel, ended: run() }];
    return job;
  }

  /** Asks a job to stop; what it finished stays. @throws RangeError for a job that is not known. */
  async cancel(id: string): Promise<void> {
    const found = this.#jobs.find((r) => r.job.id === id);
    if (!found) throw new RangeError(`there is no job ${id}`);
    found.cancel.abort();
    await found.ended;
  }

  /** Stops everything and waits for it. */
  async close(): Promise<void> {
    for (const r of this.#jobs) r.cancel.abort();
    await Promise.all(this.#jobs.map((r) => r.ended));
  }
}
