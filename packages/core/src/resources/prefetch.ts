import type { Pressure } from './memory-reading.js';

/** How far to prepare ahead. */
export interface PrefetchOptions<V> {
  /** Most values prepared or under way beyond the one that is handed out: 2. 0 prepares one when it is asked for. */
  readonly ahead?: number;
  /** While pressure is `high` one is prepared ahead, while it is `critical` none. */
  readonly budget?: { readonly pressure: Pressure };
  readonly signal?: AbortSignal;
  /** Told of a value that was prepared and that nobody will take, when the loop is left early. */
  release?(value: V): void;
}

/**
 * Values in the order of their keys, the next ones prepared meanwhile. Back-pressure: no more than `ahead` wait for a reader who is slow. A
 * value that fails is thrown when its turn comes, after those before it. Leaving the loop, or the signal, stops what is under way
 * (`make` is given a signal), waits for it and releases what was ready.
 * @throws RangeError when `ahead` is no whole number of at least 0; the signal's reason; what `make` throws.
 */
export async function* prefetch<K, V>(
  keys: Iterable<K>,
  make: (key: K, signal: AbortSignal) => Promise<V>,
  options: PrefetchOptions<V> = {},
): AsyncGenerator<V, void, undefined> {
  const { ahead = 2, budget, signal, release } = options;
  if (!(Number.isInteger(ahead) && ahead >= 0))
    throw new RangeError(`ahead must be a whole number from 0, got ${ahead}`);
  signal?.throwIfAborted();
  const stop = new AbortController();
  const follow = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', follow, { once: true });
  const order = keys[Symbol.iterator]();
  const waiting: Promise<V>[] = [];
  const depth = { normal: ahead, high: Math.min(ahead, 1), critical: 0 };
  /** Starts preparing until so many wait. */
  const prepare = (most: number) => {
    while (waiting.length < most) {
      const next = order.next();
      if (next.done) return;
      const value = make(next.value, stop.signal);
      value.catch(() => {}); // thrown where its turn comes
      waiting.push(value);
    }
  };
  const allowed = () => depth[budget?.pressure ?? 'normal'];
  try {
    for (;;) {
      prepare(allowed() + 1);
      const next = waiting.shift();
      if (!next) return;
      const value = await next;
      if (signal?.aborted) release?.(value);
      signal?.throwIfAborted();
      prepare(allowed());
      yield value;
      signal?.throwIfAborted();
    }
  } finally {
    signal?.removeEventListener('abort', follow);
    stop.abort();
    order.return?.();
    for (const left of await Promise.allSettled(waiting)) if (left.status === 'fulfilled') release?.(left.value);
  }
}
