import { Lru } from '@rotokit/core/resources';

/** Values fetched by key, at most one request for each, kept within a limit, given up when nobody wants them any more. */
export class Loader<V> {
  readonly #kept: Lru<string, V>;
  readonly #fetch: (key: string, signal: AbortSignal) => Promise<{ readonly value: V; readonly bytes: number }>;
  readonly #underWay = new Map<string, { readonly promise: Promise<V>; readonly stop: AbortController }>();

  constructor(
    limit: number,
    fetch: (key: string, signal: AbortSignal) => Promise<{ readonly value: V; readonly bytes: number }>,
    drop?: (value: V) => void,
  ) {
    // What is shown now is kept whatever its size.
    this.#kept = new Lru({ bytes: limit, oversize: 'keep', ...(drop ? { drop } : {}) });
    this.#fetch = fetch;
  }

  /** The value if it is here. */
  now(key: string): V | undefined {
    return this.#kept.get(key);
  }

  /** Takes a value that came another way. */
  put(key: string, value: V, bytes: number): void {
    this.#kept.set(key, value, bytes);
  }

  /** The value, fetched if it is not here. */
  load(key: string): Promise<V> {
    const found = this.#kept.get(key);
    if (found !== undefined) return Promise.resolve(found);
    const known = this.#underWay.get(key);
    if (known) return known.promise;
    const stop = new AbortController();
    const promise = this.#fetch(key, stop.signal)
      .then(({ value, bytes }) => {
        this.#kept.set(key, value, bytes);
        return value;
      })
      .finally(() => this.#underWay.delete(key));
    promise.catch(() => {}); // whoever waits is told; a prefetch has nobody
    this.#underWay.set(key, { promise, stop });
    return promise;
  }

  /** Gives up every request whose key is not wanted. */
  keepOnly(wanted: ReadonlySet<string>): void {
    for (const [key, { stop }] of this.#underWay) if (!wanted.has(key)) stop.abort();
  }

  /** How many requests are under way. */
  get busy(): number {
    return this.#underWay.size;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#kept.bytes;
  }

  /** Gives everything up and lets everything go. */
  clear(): void {
    this.keepOnly(new Set());
    this.#kept.clear();
  }
}
