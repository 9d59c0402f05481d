import { Lru } from '@rotokit/core/resources';

/** How pictures come: one, made if it must be; or those of a stretch that are ready, each behind its length. */
export interface ReelSource {
  one(frame: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  pack(frame: number, count: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** Neighbouring frames that are fetched together, rising; at most 64. */
export type Pack = readonly number[];

/** The pictures for playing of a clip as JPEG, fetched in packs before they are wanted: a request for each would cost more than the picture. */
export class Reel {
  readonly #kept: Lru<number, Uint8Array<ArrayBuffer>>;
  readonly #source: ReelSource;
  readonly #limit: number;
  readonly #stop = new AbortController();
  #filling: Promise<void> | undefined;
  #wanted: readonly Pack[] = [];

  constructor(limit: number, source: ReelSource) {
    this.#limit = limit;
    this.#kept = new Lru({ bytes: limit });
    this.#source = source;
  }

  /** Whether a frame is here. */
  has(frame: number): boolean {
    return this.#kept.has(frame);
  }

  /** Bytes held. */
  get size(): number {
    return this.#kept.bytes;
  }

  /** The JPEG of a frame, fetched alone if it is not here. */
  async bytes(frame: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const found = this.#kept.get(frame);
    if (found) return found;
    const bytes = await this.#source.one(frame, signal);
    this.#kept.set(frame, bytes, bytes.length);
    return bytes;
  }

  /** Fetches what is not here of packs that are ready, the first ones first, one at a time, until as much is here as is kept. A new wish replaces the one before. */
  fill(packs: readonly Pack[]): void {
    this.#wanted = packs;
    this.#filling ??= this.#fill().finally(() => (this.#filling = undefined));
  }

  /** Gives everything up. */
  close(): void {
    this.#stop.abort();
    this.#wanted = [];
    this.#kept.clear();
  }

  async #fill(): Promise<void> {
    let [wish, at, took, count] = [this.#wanted, 0, 0, 0];
    while (!this.#stop.signal.aborted) {
      if (wish !== this.#wanted) [wish, at, took, count] = [this.#wanted, 0, 0, 0];
      const pack = wish[at++];
      // One more of the size so far would drive out what was wanted sooner.
      if (pack === undefined || took + (pack.length * took) / Math.max(1, count) > this.#limit) return;
      const [first, last] = [pack[0] as number, pack.at(-1) as number];
      if (!pack.every((f) => this.#kept.has(f))) {
        const bytes = await this.#source.pack(first, last - first + 1, this.#stop.signal).catch(() => undefined);
        if (!bytes) return;
        this.#take(first, bytes);
      }
      count += pack.length;
      for (const f of pack) took += this.#kept.get(f)?.length ?? 0; // what is wanted counts as used
    }
  }

  #take(first: number, pack: Uint8Array<ArrayBuffer>): void {
    const view = new DataView(pack.buffer);
    for (let at = 0, f = first; at + 4 <= pack.length; f++) {
      const length = view.getUint32(at, true);
      if (length && !this.#kept.has(f)) this.#kept.set(f, pack.slice(at + 4, at + 4 + length), length);
      at += 4 + length;
    }
  }
}
