import { setTimeout as pause } from 'node:timers/promises';
import type { PullEvent } from '@rotokit/core/ports';
import { isRotokitError, reasonOf } from '@rotokit/core/values';
import type { Job } from './job.js';
import { unreachable } from './refusals.js';

const LONGEST_PAUSE = 30_000;

/**
 * Counts attempts that brought nothing new. `failed` yields the event of the next attempt after a pause that doubles each time, or throws: a coded
 * refusal and the signal's reason at once, MODEL_UNREACHABLE when the attempts are used up.
 */
export class Attempts {
  readonly #job: Job;
  #failures = 0;

  constructor(job: Job) {
    this.#job = job;
  }

  /** Something new came: patience begins anew. */
  progressed(): void {
    this.#failures = 0;
  }

  /** Waits before the next attempt, or gives up. */
  async *failed(why: unknown): AsyncGenerator<PullEvent> {
    const { signal, source, file } = this.#job;
    signal.throwIfAborted();
    if (isRotokitError(why) || why instanceof RangeError || isWriting(why)) throw why;
    if (++this.#failures >= source.attempts) throw unreachable(this.#job, reasonOf(why), why);
    yield { kind: 'retry', file: file.name, attempt: this.#failures + 1, reason: reasonOf(why) };
    const wait = Math.min(LONGEST_PAUSE, source.pause * 2 ** (this.#failures - 1));
    await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

const FILE_CALLS = new Set(['open', 'write', 'fsync', 'ftruncate', 'rename', 'mkdir', 'link', 'unlink', 'close']);

/** Whether an error is about our disk, which no server can mend. */
export function isWriting(error: unknown): error is NodeJS.ErrnoException {
  return FILE_CALLS.has((error as NodeJS.ErrnoException | undefined)?.syscall ?? '');
}
