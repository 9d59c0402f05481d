import type { Clock } from './memory-reading.js';

/** How far work is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** 0 to 1; 1 when there is nothing to do. */
  readonly fraction: number;
  /** Since the start. */
  readonly seconds: number;
  /** Of late: over the last twenty steps, or ten seconds where those took longer. 0 while nothing is done. */
  readonly perSecond: number;
  /** At the pace of late; undefined while nothing is done. */
  readonly secondsLeft: number | undefined;
}

const MARKS = 20;
const SPAN_MS = 10_000;

/** Counts steps of known number and says how long the rest will take. */
export class ProgressMeter {
  readonly #total: number;
  readonly #now: Clock;
  readonly #start: number;
  /** Times at which counts were reached, the start first; only those of late are kept. */
  #marks: { readonly at: number; readonly done: number }[];

  /** @throws RangeError when the total is no whole number of at least 0. */
  constructor(total: number, now: Clock) {
    if (!(Number.isInteger(total) && total >= 0))
      throw new RangeError(`total must be a whole number of at least 0, got ${total}`);
    this.#total = total;
    this.#now = now;
    this.#start = now();
    this.#marks = [{ at: this.#start, done: 0 }];
  }

  /** Some more steps are done. More than were expected are counted too: telling of work never stops it. */
  advance(steps = 1): Progress {
    const done = (this.#marks.at(-1)?.done ?? 0) + steps;
    if (!(steps >= 0)) throw new RangeError(`steps must be a number of at least 0, got ${steps}`);
    const at = this.#now();
    this.#marks.push({ at, done });
    while (this.#marks.length > MARKS + 1 && at - (this.#marks[1]?.at ?? at) >= SPAN_MS) this.#marks.shift();
    return this.progress;
  }

  /** How far it is now. */
  get progress(): Progress {
    const [first, last] = [this.#marks[0]!, this.#marks.at(-1)!];
    const perSecond = (1000 * (last.done - first.done)) / Math.max(1, last.at - first.at);
    const left = Math.max(0, this.#total - last.done);
    return {
      done: last.done,
      total: this.#total,
      fraction: last.done < this.#total ? last.done / this.#total : 1,
      seconds: (this.#now() - this.#start) / 1000,
      perSecond,
      secondsLeft: left === 0 ? 0 : last.done > first.done ? left / perSecond : undefined,
    };
  }
}

/** Seconds for people: `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const s = Math.ceil(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** `12/50 frames, 3.4/s, 11 s left`. */
export function progressText({ done, total, perSecond, secondsLeft }: Progress, unit: string): string {
  const left = secondsLeft === undefined ? '' : `, ${durationText(secondsLeft)} left`;
  return `${done}/${total} ${unit}, ${perSecond.toFixed(1)}/s${left}`;
}

/** A result and the milliseconds it took, by the given clock. What the work throws is thrown. */
export async function timed<T>(
  now: Clock,
  work: () => T | Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const start = now();
  const value = await work();
  return { value, ms: now() - start };
}
