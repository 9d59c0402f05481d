import type { Tensors } from '../ports/index.js';
import { RotokitError } from '../values/index.js';
import type { MemoryBudget } from './memory-budget.js';
import type { Scratch } from './scratch.js';
import { type Precision, tensorCodec } from './tensor-bytes.js';

/** How tensors are kept, and how many of them in memory. */
export interface TensorShelfOptions {
  readonly name?: string;
  readonly precision: Precision;
  /** Most bytes in memory, as kept; what is more goes to `scratch`. */
  readonly bytes: number;
  /** Where tensors wait that memory has no room for. Without it, more than `bytes` is refused. Cleared by `close`. */
  readonly scratch?: Scratch;
  /** Moves half to scratch under high pressure, everything under critical. */
  readonly budget?: Pick<MemoryBudget, 'hold'>;
}

/** What a shelf holds and did. */
export interface ShelfStatistics {
  readonly entries: number;
  readonly bytes: number;
  readonly bytesAway: number;
  /** Entries that went to scratch, and times that one was asked for there. */
  readonly moved: number;
  readonly returned: number;
}

interface Away {
  readonly kind: 'away';
  readonly key: string;
  readonly length: number;
}

type Place = { readonly kind: 'here'; readonly bytes: Uint8Array } | Away;

/**
 * Named tensors of a memory bank that nothing may be lost of: kept in the precision asked for, the longest unused moved to scratch when memory is
 * short, and brought back when they are asked for. Calls may overlap; they are done one after the other.
 */
export class TensorShelf {
  readonly #options: TensorShelfOptions;
  readonly #codec;
  /** From the least to the most recently used. */
  readonly #places = new Map<string, Place>();
  readonly #leaveBudget: () => void;
  #bytes = 0;
  #moved = 0;
  #returned = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: TensorShelfOptions) {
    this.#options = options;
    this.#codec = tensorCodec(options.precision);
    this.#leaveBudget = options.budget?.hold(this) ?? (() => {});
  }

  /** The name it is told by. */
  get name(): string {
    return this.#options.name ?? 'tensors';
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is where. */
  get statistics(): ShelfStatistics {
    let bytesAway = 0;
    for (const place of this.#places.values()) if (place.kind === 'away') bytesAway += place.length;
    return {
      entries: this.#places.size,
      bytes: this.#bytes,
      bytesAway,
      moved: this.#moved,
      returned: this.#returned,
    };
  }

  /** Keeps a copy under a key, in place of what was there. @throws RotokitError MEMORY_LIMIT without scratch; what scratch throws. */
  put(key: string, tensors: Tensors): Promise<void> {
    const bytes = this.#codec.encode(tensors);
    return this.#next(async () => {
      await this.#forget(key);
      await this.#makeRoom(bytes.length);
      this.#set(key, bytes);
    });
  }

  /** The tensors under a key, the caller's own. @throws RangeError when there are none; what scratch throws when it lost them. */
  get(key: string): Promise<Tensors> {
    return this.#next(async () => {
      const place = this.#places.get(key);
      if (!place) throw new RangeError(`${this.name}: nothing is kept under ${key}`);
      if (place.kind === 'away' && this.#bytes + place.length > this.#options.bytes) return this.#readAway(key, place);
      const bytes = place.kind === 'here' ? place.bytes : await this.#bringBack(place);
      this.#unset(key);
      this.#set(key, bytes);
      return this.#codec.decode(bytes);
    });
  }

  /** Whether something is kept under a key. */
  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Forgets a key. */
  delete(key: string): Promise<void> {
    return this.#next(() => this.#forget(key));
  }

  /** Moves to scratch: half of what is in memory, or all of it. @returns bytes of memory given back; 0 without scratch. */
  relieve(how: 'automatic' | 'aggressive'): Promise<number> {
    return this.#next(() => this.#moveAway(how === 'automatic' ? this.bytes / 2 : 0));
  }

  /** Forgets everything and clears scratch. */
  async close(): Promise<void> {
    this.#leaveBudget();
    await this.#next(async () => {
      this.#places.clear();
      this.#bytes = 0;
      await this.#options.scratch?.clear();
    });
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Where there is no room to come back to, it is only read: moving another one out for it would cost a write each time. */
  async #readAway(key: string, place: Away): Promise<Tensors> {
    const bytes = await (this.#options.scratch as Scratch).read(place.key);
    this.#returned++;
    this.#places.delete(key);
    this.#places.set(key, place);
    return this.#codec.decode(bytes);
  }

  async #bringBack({ key }: Away): Promise<Uint8Array> {
    this.#returned++;
    return (this.#options.scratch as Scratch).take(key);
  }

  async #forget(key: string): Promise<void> {
    const place = this.#unset(key);
    if (place?.kind === 'away') await this.#options.scratch?.drop(place.key);
  }

  #set(key: string, bytes: Uint8Array): void {
    this.#places.set(key, { kind: 'here', bytes });
    this.#bytes += bytes.length;
  }

  #unset(key: string): Place | undefined {
    const place = this.#places.get(key);
    this.#places.delete(key);
    if (place?.kind === 'here') this.#bytes -= place.bytes.length;
    return place;
  }

  /** One entry larger than the whole shelf is kept all the same: it is needed now. */
  async #makeRoom(bytes: number): Promise<void> {
    const { bytes: limit, scratch } = this.#options;
    if (this.bytes + bytes <= limit) return;
    if (!scratch) {
      const megabytes = (v: number) => Math.ceil(v / 1e6);
      const facts = { what: this.name, needed: megabytes(this.bytes + bytes), limit: megabytes(limit) };
      throw new RotokitError('MEMORY_LIMIT', facts);
    }
    await this.#moveAway(Math.max(0, limit - bytes));
  }

  async #moveAway(most: number): Promise<number> {
    const { scratch } = this.#options;
    if (!scratch) return 0;
    const before = this.bytes;
    for (const [key, place] of this.#places) {
      if (this.bytes <= most) break;
      if (place.kind === 'away') continue;
      const name = `${this.name}/${this.#moved + 1}`;
      await scratch.put(name, place.bytes);
      this.#places.set(key, { kind: 'away', key: name, length: place.bytes.length });
      this.#bytes -= place.bytes.length;
      this.#moved++;
    }
    return before - this.bytes;
  }
}
