import type { ByteStore, Codec } from './byte-store.js';
import { Lru } from './lru.js';
import type { MemoryBudget } from './memory-budget.js';
import type { Clock } from './memory-reading.js';
import { SharedWork } from './shared-work.js';

/** What a feature cache may hold, and where. */
export interface FeatureCacheOptions<V> {
  /** For people and for the budget's summary: 'features'. */
  readonly name?: string;
  /** Most bytes in memory. */
  readonly bytes: number;
  /** Most values in memory. */
  readonly entries?: number;
  /** Gives back half under high pressure, everything under critical. */
  readonly budget?: Pick<MemoryBudget, 'hold'>;
  /** A second place that outlives memory, and with it the process. */
  readonly disk?: Disk<V>;
}

/** Bytes on disk, and how values become bytes. */
interface Disk<V> {
  readonly store: ByteStore;
  readonly codec: Codec<V>;
  /** Writes only what took this many times as long to compute as writing it takes, by this clock. Everything unless given. */
  readonly worth?: { readonly now: Clock; readonly times: number };
}

/** Counts since the cache was made. */
export interface CacheStatistics {
  /** Answers from memory, from disk, by waiting for a computation that was under way, by computing. */
  readonly hits: number;
  readonly diskHits: number;
  readonly joined: number;
  readonly misses: number;
  /** Computations that failed or were given up. */
  readonly failures: number;
  /** Values let go from memory. */
  readonly evictions: number;
  /** Reads or writes of the disk that failed; they cost time, never a result. */
  readonly diskFailures: number;
  readonly entries: number;
  readonly bytes: number;
  /** Share of the answers that needed no computation, 0 to 1; 0 before the first. */
  readonly hitRate: number;
}

/**
 * Values that are costly to compute (features of a frame), by key. The least recently used go first. Values are shared by all who
 * ask: nobody may change them. Keys must name everything that a value depends on (clip, frame, network, precision), its kind included where
 * one cache holds several: what type `getOrCompute` answers with is believed.
 */
export class FeatureCache<V = unknown> {
  readonly #options: FeatureCacheOptions<V>;
  readonly #memory: Lru<string, V>;
  readonly #underWay = new Map<string, SharedWork<V>>();
  readonly #count = { hits: 0, diskHits: 0, joined: 0, misses: 0, failures: 0, evictions: 0, diskFailures: 0 };
  readonly #leaveBudget: () => void;
  #writing: Promise<void> = Promise.resolve();
  /** All but the last value that is being written. */
  #writtenBefore: Promise<void> = Promise.resolve();
  /** What writing took lately, a byte. */
  #msPerByte = 0;
  #closed = false;

  /** @throws RangeError for limits that are no numbers of at least 0. */
  constructor(options: FeatureCacheOptions<V>) {
    this.#options = options;
    const { bytes, entries } = options;
    const drop = () => void this.#count.evictions++;
    this.#memory = new Lru({ bytes, drop, ...(entries === undefined ? {} : { entries }) });
    this.#leaveBudget = options.budget?.hold(this) ?? (() => {});
  }

  /** The name it is told by. */
  get name(): string {
    return this.#options.name ?? 'cache';
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /** How well it does. */
  get statistics(): CacheStatistics {
    const { hits, diskHits, joined, misses } = this.#count;
    const all = hits + diskHits + joined + misses;
    const hitRate = all ? 1 - misses / all : 0;
    return { ...this.#count, entries: this.#memory.size, bytes: this.bytes, hitRate };
  }

  /** The value if it is in memory, which counts as used now. */
  get(key: string): V | undefined {
    const found = this.#memory.get(key);
    if (found !== undefined) this.#count.hits++;
    return found;
  }

  /** Keeps a value in memory that was made elsewhere. */
  set(key: string, value: V, bytes: number): void {
    this.#memory.set(key, value, bytes);
  }

  /**
   * The value: from memory, from a computation under way, from disk, or computed now, once for all who ask meanwhile. A computation that fails
   * fails for all who waited and is not kept. A caller whose `signal` fires leaves alone; the computation is stopped (by the
   * signal it was given) when nobody waits any more. Without a disk the computation has begun when this call returns.
   * @param bytes what the value takes, or how to tell from the value. Larger than the cache: handed out and not kept.
   * @throws what `compute` throws; the signal's reason; TypeError after `close`.
   */
  async getOrCompute<T extends V>(
    key: string,
    bytes: number | ((value: T) => number),
    compute: (signal: AbortSignal) => T | Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (this.#closed) throw new TypeError(`the cache ${this.name} is closed`);
    signal?.throwIfAborted();
    const found = this.get(key);
    if (found !== undefined) return found as T;
    let work = this.#underWay.get(key);
    if (work && !work.stopped) this.#count.joined++;
    else work = this.#start(key, bytes as (value: V) => number, compute);
    return work.join(signal) as Promise<T>;
  }

  /** Gives memory back: half of what is held, or all of it. What was written to disk stays there. */
  relieve(how: 'automatic' | 'aggressive'): number {
    return this.#memory.shrink(how === 'automatic' ? this.bytes / 2 : 0);
  }

  /** Forgets a value, in memory and on disk; one that is being computed is computed to the end for those who wait. */
  async delete(key: string): Promise<void> {
    this.#memory.delete(key);
    await this.#writing;
    await this.#options.disk?.store.delete(key);
  }

  /** When everything computed so far is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  /** Stops what is under way, waits for it and for the disk, and lets everything go. A second call does nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#leaveBudget();
    const left = [...this.#underWay.values()];
    for (const work of left) work.stop(new TypeError(`the cache ${this.name} was closed`));
    await Promise.all(left.map((w) => w.settled()));
    await this.#writing;
    this.#memory.clear();
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(key: string, bytes: number | ((value: V) => number), compute: (signal: AbortSignal) => V | Promise<V>) {
    const work = new SharedWork<V>(async (signal) => {
      try {
        const known = this.#options.disk ? await this.#fromDisk(this.#options.disk, key) : undefined;
        signal.throwIfAborted();
        const size = (value: V) => (typeof bytes === 'number' ? bytes : bytes(value));
        const value = known ?? (await this.#compute(key, size, compute, signal));
        if (!this.#closed) this.#memory.set(key, value, size(value));
        return value;
      } finally {
        if (this.#underWay.get(key) === work) this.#underWay.delete(key);
      }
    });
    this.#underWay.set(key, work);
    return work;
  }

  async #compute(
    key: string,
    bytes: (value: V) => number,
    compute: (signal: AbortSignal) => V | Promise<V>,
    signal: AbortSignal,
  ): Promise<V> {
    this.#count.misses++;
    try {
      // A disk slower than the computation holds it up, instead of filling memory with what waits: one value is written while the
      // next is computed.
      // Without a disk the computation begins within the call: what it was given may be changed afterwards.
      if (this.#options.disk) await this.#writtenBefore;
      const { worth } = this.#options.disk ?? {};
      const since = worth?.now() ?? 0;
      const value = await compute(signal);
      const least = worth ? worth.times * this.#msPerByte * bytes(value) : 0;
      if (!worth || worth.now() - since >= least) this.#toDisk(key, value);
      else this.#msPerByte *= 0.9; // one slow write does not count for ever
      return value;
    } catch (error) {
      this.#count.failures++;
      throw error;
    }
  }

  async #fromDisk(disk: Disk<V>, key: string): Promise<V | undefined> {
    try {
      const bytes = await disk.store.get(key);
      if (!bytes) return undefined;
      const value = disk.codec.decode(bytes);
      this.#count.diskHits++;
      return value;
    } catch {
      this.#count.diskFailures++;
      return undefined;
    }
  }

  #toDisk(key: string, value: V): void {
    const { disk } = this.#options;
    if (!disk) return;
    const before = this.#writing;
    this.#writtenBefore = before;
    this.#writing = (async () => {
      await before;
      try {
        const since = disk.worth?.now() ?? 0;
        const encoded = disk.codec.encode(value);
        await disk.store.put(key, encoded);
        if (disk.worth) this.#msPerByte = (disk.worth.now() - since) / Math.max(1, encoded.length);
      } catch {
        this.#count.diskFailures++;
      }
    })();
  }
}

/**
 * A function whose answers are kept. `keyOf` names everything an answer depends on; `name` keeps the keys of several functions in one cache apart.
 * @example
 * const encode = cached(cache, 'encode', (frame) => `${clip}/${frame}`, 4e6, (signal, frame) => network.encode(frame, signal));
 */
export function cached<A extends readonly unknown[], V>(
  cache: FeatureCache<V>,
  name: string,
  keyOf: (...args: A) => string,
  bytes: number | ((value: V) => number),
  compute: (signal: AbortSignal, ...args: A) => V | Promise<V>,
): (...args: A) => Promise<V> {
  return (...args) => cache.getOrCompute(`${name}/${keyOf(...args)}`, bytes, (signal) => compute(signal, ...args));
}
