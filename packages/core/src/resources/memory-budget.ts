import { RotokitError } from '../values/index.js';
import { findLeak, type LeakVerdict, type MemorySample } from './leak.js';
import {
  type Clock,
  checkThresholds,
  type MemoryProbe,
  type MemoryReading,
  type Pressure,
  type PressureThresholds,
  pressureAt,
} from './memory-reading.js';
import { memorySummary } from './memory-summary.js';

/** Something that holds memory and can give some of it back: a cache, a shelf of tensors. */
export interface MemoryHolder {
  readonly name: string;
  /** Bytes held now. */
  readonly bytes: number;
  /**
   * Gives memory back. `automatic`: what is easily got again. `aggressive`: all that can go, also what costs time to bring back.
   * @returns bytes given back.
   */
  relieve(how: 'automatic' | 'aggressive'): number | Promise<number>;
}

/** Told when pressure changes. `freed`: what holders gave back on that occasion, by their names. */
export interface PressureEvent {
  readonly from: Pressure;
  readonly to: Pressure;
  readonly reading: MemoryReading;
  readonly freed: Readonly<Record<string, number>>;
}

/** How a budget is set up. */
export interface MemoryBudgetOptions {
  readonly probe: MemoryProbe;
  readonly now: Clock;
  /** Most bytes this process should take; unless given, what is there: the whole machine or container. */
  readonly limit?: number;
  readonly thresholds?: Partial<PressureThresholds>;
  /** Samples remembered: 512. */
  readonly history?: number;
}

/** Memory that is spoken for until it is released. Releasing twice does nothing. */
export interface MemoryClaim {
  readonly what: string;
  readonly bytes: number;
  release(): void;
}

/**
 * Memory as something to plan with: who asks before it takes is refused with a code, not ended by the system. Knows what the process and the
 * system hold (`probe`), what is promised (`claim`), and who can give back (`hold`). It has no timer: whoever works in steps calls `sample`
 * between them.
 */
export class MemoryBudget {
  readonly #options: MemoryBudgetOptions;
  readonly #thresholds: PressureThresholds;
  readonly #claims = new Set<MemoryClaim>();
  readonly #holders = new Set<MemoryHolder>();
  readonly #listeners = new Set<(event: PressureEvent) => void>();
  readonly #samples: MemorySample[] = [];
  /** What is taken without having been promised, as far as that can be told: memory does not say whose it is. */
  #base = 0;
  #pressure: Pressure = 'normal';
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws RangeError for a limit that is not positive or thresholds out of order. */
  constructor(options: MemoryBudgetOptions) {
    if (options.limit !== undefined && !(options.limit > 0))
      throw new RangeError(`options.limit must be a positive number of bytes, got ${options.limit}`);
    this.#options = options;
    this.#thresholds = checkThresholds(options.thresholds);
  }

  /** The pressure when it was last sampled. */
  get pressure(): Pressure {
    return this.#pressure;
  }

  /** Samples of the past, oldest first. */
  get history(): readonly MemorySample[] {
    return this.#samples;
  }

  /** Most bytes the process should take. */
  get limit(): number {
    return Math.min(this.#options.limit ?? Number.POSITIVE_INFINITY, this.#options.probe.read().total);
  }

  /** Bytes promised to claims. */
  get claimed(): number {
    return [...this.#claims].reduce((sum, c) => sum + c.bytes, 0);
  }

  /** Bytes that can still be taken, after what is promised: within the limit and within what the system can give. Never negative. */
  get room(): number {
    return this.#room(this.#options.probe.read());
  }

  /** Whether so many bytes more fit. */
  canLoad(bytes: number): boolean {
    return bytes <= this.room;
  }

  /**
   * How many things of a size may be worked on together, at most `max`, without bringing on pressure; one as long as one fits at all; 0 when
   * not even one does.
   */
  optimalBatch(bytesPerItem: number, max: number): number {
    if (!(bytesPerItem > 0)) throw new RangeError(`bytesPerItem must be positive, got ${bytesPerItem}`);
    if (!(Number.isInteger(max) && max >= 1)) throw new RangeError(`max must be a whole number from 1, got ${max}`);
    const room = this.room;
    const calm = room - (1 - this.#thresholds.high) * this.limit;
    return Math.min(max, Math.max(Math.floor(calm / bytesPerItem), bytesPerItem <= room ? 1 : 0));
  }

  /**
   * Asks for memory before it is taken. Where it is short, holders give back first, then again all they can.
   * @throws RotokitError MEMORY_LIMIT when it does not fit even then.
   */
  async claim(what: string, bytes: number): Promise<MemoryClaim> {
    if (!(bytes >= 0)) throw new RangeError(`a claim must be a number of bytes of at least 0, got ${bytes}`);
    for (const how of ['automatic', 'aggressive'] as const) if (!this.canLoad(bytes)) await this.relieve(how);
    if (!this.canLoad(bytes)) {
      const megabytes = (v: number) => Math.ceil(v / 1e6);
      const limit = Math.floor(Math.min(this.limit, this.room + this.#used()) / 1e6);
      throw new RotokitError('MEMORY_LIMIT', { what, needed: megabytes(bytes + this.#used()), limit });
    }
    const { resident } = this.#options.probe.read();
    this.#base = Math.max(this.#claims.size ? this.#base : 0, resident - this.claimed);
    const claim = { what, bytes, release: () => void this.#claims.delete(claim) };
    this.#claims.add(claim);
    return claim;
  }

  /** Counts a holder and asks it when memory is short. @returns what takes it out again. */
  hold(holder: MemoryHolder): () => void {
    this.#holders.add(holder);
    return () => void this.#holders.delete(holder);
  }

  /** Has every holder give back. One that fails keeps no other from doing so. @returns bytes by name. */
  async relieve(how: 'automatic' | 'aggressive'): Promise<Readonly<Record<string, number>>> {
    const freed: Record<string, number> = {};
    for (const holder of this.#holders) {
      const bytes = await Promise.resolve()
        .then(() => holder.relieve(how))
        .catch(() => 0);
      if (!(bytes > 0)) continue;
      freed[holder.name] = (freed[holder.name] ?? 0) + bytes;
      this.#base = Math.max(0, this.#base - bytes);
    }
    return freed;
  }

  /** Told of every change of pressure. @returns what ends that. */
  onPressure(listener: (event: PressureEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Looks, remembers, and tells listeners of a change. Holders give back once when pressure becomes `high` (elsewhere much of the memory may be taken for long),
   * and at every look while it is `critical`.
   */
  sample(): Promise<Pressure> {
    const turn = this.#turn.then(() => this.#sample());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** What the history says about leaks: memory outside holders, and each holder. */
  leak(least?: number): LeakVerdict {
    return findLeak(this.#samples, least);
  }

  /** What is held by whom, for people, in a few lines. */
  summary(): string {
    const reading = this.#options.probe.read();
    const held = [...this.#holders].map(({ name, bytes }) => ({ name, bytes }));
    const facts = { reading, limit: this.limit, room: this.#room(reading), pressure: this.#pressure };
    return memorySummary({ ...facts, claims: [...this.#claims], held, leak: this.leak() });
  }

  async #sample(): Promise<Pressure> {
    const reading = this.#options.probe.read();
    this.#remember(reading);
    const from = this.#pressure;
    const to = pressureAt(1 - this.#room(reading) / this.limit, this.#thresholds, from);
    this.#pressure = to;
    const how = to === 'critical' ? 'aggressive' : to === 'high' && from === 'normal' ? 'automatic' : undefined;
    const freed = how ? await this.relieve(how) : {};
    if (from !== to) for (const tell of [...this.#listeners]) tell({ from, to, reading, freed });
    return to;
  }

  #remember(reading: MemoryReading): void {
    const held: Record<string, number> = {};
    for (const { name, bytes } of this.#holders) held[name] = (held[name] ?? 0) + bytes;
    const known = Object.values(held).reduce((a, b) => a + b, 0);
    const own = { 'heap and buffers outside caches': reading.heap + reading.buffers - known };
    this.#samples.push({ at: this.#options.now(), bytes: { resident: reading.resident - known, ...own, ...held } });
    if (this.#samples.length > (this.#options.history ?? 512)) this.#samples.shift();
  }

  /** What counts as taken: what is there, or what was promised on top of the rest where that is not all there yet. */
  #used(reading: MemoryReading = this.#options.probe.read()): number {
    return Math.max(reading.resident, this.#claims.size ? this.#base + this.claimed : 0);
  }

  #room(reading: MemoryReading): number {
    const used = this.#used(reading);
    const limit = Math.min(this.#options.limit ?? Number.POSITIVE_INFINITY, reading.total);
    const system = reading.available - (used - reading.resident);
    return Math.max(0, Math.min(limit - used, system));
  }
}
