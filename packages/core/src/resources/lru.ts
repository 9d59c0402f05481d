/** What a cache may hold and what becomes of what it lets go. */
export interface LruOptions<K, V> {
  /** Most bytes of all values together. */
  readonly bytes: number;
  /** Most values; no limit unless given. */
  readonly entries?: number;
  /** A value larger than `bytes` alone: `refuse` (default) does not keep it; `keep` keeps it as the only one. */
  readonly oversize?: 'refuse' | 'keep';
  /** Told of each value that is let go, replaced, deleted or cleared. */
  drop?(value: V, key: K): void;
}

/** Values of known size by key; the least recently used go first once there are too many bytes or too many values. */
export class Lru<K, V> {
  readonly #options: LruOptions<K, V>;
  readonly #entries = new Map<K, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  /** @throws RangeError when a limit is no number of at least 0. */
  constructor(options: LruOptions<K, V>) {
    for (const name of ['bytes', 'entries'] as const) {
      const limit = options[name] ?? 0;
      if (!(limit >= 0)) throw new RangeError(`options.${name} must be a number of at least 0, got ${limit}`);
    }
    this.#options = options;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Values held. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether there is a value; does not count as use. */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** The value, which counts as used now. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value. False when it is too large to be kept: then it stays the caller's, and what was under the key is gone. */
  set(key: K, value: V, bytes: number): boolean {
    if (!(bytes >= 0)) throw new RangeError(`bytes of ${String(key)} must be a number of at least 0, got ${bytes}`);
    this.delete(key);
    const { bytes: limit, entries = Number.POSITIVE_INFINITY, oversize } = this.#options;
    const keep = oversize === 'keep';
    if ((bytes > limit || entries < 1) && !keep) return false;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if ((this.#bytes <= limit && this.size <= entries) || (keep && this.size === 1)) break;
      this.delete(oldest);
    }
    return true;
  }

  /** Lets a value go. */
  delete(key: K): boolean {
    const entry = this.#entries.get(key);
    if (!entry) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#options.drop?.(entry.value, key);
    return true;
  }

  /** Lets the least recently used go until at most so many bytes are held. @returns the bytes let go. */
  shrink(bytes: number): number {
    const before = this.#bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= bytes) break;
      this.delete(oldest);
    }
    return before - this.#bytes;
  }

  /** Lets everything go. */
  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key);
  }

  /** Keys from the least to the most recently used. */
  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }
}
