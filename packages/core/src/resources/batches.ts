import { isRotokitError, RotokitError } from '../values/index.js';
import type { MemoryBudget } from './memory-budget.js';
import type { Clock } from './memory-reading.js';
import { type Progress, ProgressMeter } from './progress.js';

/** How work on many things is cut into batches. */
export interface BatchOptions {
  /** What one item takes while it is worked on. */
  readonly bytesPerItem: number;
  /** Most items together. */
  readonly most: number;
  readonly budget: Pick<MemoryBudget, 'optimalBatch' | 'sample' | 'room'>;
  readonly now: Clock;
  /** `memory`: as many as fit. `pace` (default): of 1, 2, 4, ... that fit, the size that did most items a second. */
  readonly size?: 'memory' | 'pace';
  /** What is worked on, for the message when there is no room for it. */
  readonly what?: string;
  readonly signal?: AbortSignal;
  /** Told after each batch, with the number of items it had. */
  onProgress?(progress: Progress, batch: number): void;
  /** Called between two batches: releases what the batch left. */
  cleanup?(): void | Promise<void>;
}

/** A size must be so much quicker than a smaller one to be preferred. */
const WORTH = 1.05;

/** Finds the quickest batch by trying 1, 2, 4, ... once each until two in a row were no quicker than the best: one slow turn says little. */
class PaceSearch {
  #size = 1;
  #best = { size: 1, pace: 0 };
  #worse = 0;
  #found = false;

  /** The size to take next. */
  get size(): number {
    return this.#size;
  }

  /** A batch of some size took so long. A smaller one than wanted says nothing: the items or the memory ran out. */
  took(size: number, ms: number): void {
    if (this.#found || size !== this.#size) return;
    const pace = size / Math.max(ms, 0.001);
    const better = pace > this.#best.pace * WORTH;
    if (better) this.#best = { size, pace };
    this.#worse = better ? 0 : this.#worse + 1;
    this.#found = this.#worse === 2;
    this.#size = this.#found ? this.#best.size : 2 * size;
  }

  /** No more than this works. */
  limit(size: number): void {
    this.#size = Math.max(1, size);
    this.#found = true;
  }
}

/**
 * Works on items in batches and yields their results in order. The size follows the memory there is and, unless told otherwise, what proves
 * quickest. A batch that runs out of memory (MEMORY_LIMIT, or a buffer that cannot be allocated) is done again in halves. Between
 * batches `cleanup` is called and the budget looks at pressure.
 * @throws RotokitError MEMORY_LIMIT before any work when not even one item fits; what `run` throws; the signal's reason; TypeError when `run` does
 * not answer with one result for each item.
 */
export async function* inBatches<T, R>(
  items: readonly T[],
  run: (batch: readonly T[], signal: AbortSignal | undefined) => Promise<readonly R[]>,
  options: BatchOptions,
): AsyncGenerator<R, void, undefined> {
  const { most, budget, now, size = 'pace', signal, onProgress, cleanup } = options;
  const meter = new ProgressMeter(items.length, now);
  const search = new PaceSearch();
  if (size === 'memory') search.limit(most);
  for (let at = 0; at < items.length; ) {
    signal?.throwIfAborted();
    const fits = await sizeThatFits(options);
    const batch = items.slice(at, at + Math.min(search.size, fits));
    const start = now();
    let results: readonly R[];
    try {
      results = await run(batch, signal);
    } catch (error) {
      if (!outOfMemory(error) || batch.length === 1) throw error;
      search.limit(batch.length >> 1);
      await cleanup?.();
      await budget.sample();
      continue;
    }
    if (results.length !== batch.length)
      throw new TypeError(`a batch of ${batch.length} was answered with ${results.length} results`);
    search.took(batch.length, now() - start);
    at += batch.length;
    onProgress?.(meter.advance(batch.length), batch.length);
    yield* results;
    if (at < items.length) {
      await cleanup?.();
      await budget.sample();
    }
  }
}

/** As many as fit now, or after those who hold memory gave some back. */
async function sizeThatFits({ what = 'one item', bytesPerItem, most, budget }: BatchOptions): Promise<number> {
  const fits = budget.optimalBatch(bytesPerItem, most);
  if (fits > 0) return fits;
  await budget.sample();
  const now = budget.optimalBatch(bytesPerItem, most);
  if (now > 0) return now;
  const facts = { what, needed: Math.ceil(bytesPerItem / 1e6), limit: Math.floor(budget.room / 1e6) };
  throw new RotokitError('MEMORY_LIMIT', facts);
}

/** V8 tells of a buffer that cannot be allocated by a RangeError. */
const outOfMemory = (error: unknown): boolean =>
  (isRotokitError(error) && error.code === 'MEMORY_LIMIT') ||
  (error instanceof RangeError && /allocation failed|invalid (typed )?array(buffer)? length/i.test(error.message));
