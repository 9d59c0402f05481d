/** What is known of one object on one frame beside its tensors: what policies decide by. Plain numbers. */
export interface FrameFacts {
  readonly frame: number;
  /** A person said something about the frame: it is never let go of. */
  readonly prompted: boolean;
  /** The decoder's own estimate of the chosen mask's IoU, 0 to 1; 1 for a mask that a person gave. */
  readonly iou: number;
  /** Logit of "the object is in the picture". */
  readonly objectScore: number;
  /** Whether the mask was shown, by the policy's own gate. */
  readonly present: boolean;
  /** IoU of the chosen mask's box with the predicted one, where a motion model was consulted. */
  readonly motion?: number;
  /** Marked to be kept for long by the policy: an anchor of `dam`, a key frame of `bank`. */
  readonly kept?: boolean;
}

/** The facts of a bank, without tensors. */
export interface BankFacts {
  /** Prompted frames in the order in which they were added. */
  readonly prompted: readonly FrameFacts[];
  /** A tracked frame whose memory is held. */
  tracked(frame: number): FrameFacts | undefined;
  /** Tracked frames whose memory is held, rising. */
  readonly trackedFrames: readonly number[];
}

/** One remembered frame: facts, its spatial memory (until that is let go of) and the object pointer. */
export interface Remembered<M, P> extends FrameFacts {
  readonly memory: M | undefined;
  readonly pointer: P;
}

/**
 * What is remembered of one object. Tensors are opaque. Invariants: a frame is prompted or tracked, never both; prompted frames stay until
 * they are taken back; a tracked frame may lose its memory first and its pointer later.
 */
export class MemoryBank<M, P> implements BankFacts {
  readonly #prompted = new Map<number, Remembered<M, P>>();
  readonly #tracked = new Map<number, Remembered<M, P>>();
  readonly #release: (memory: M) => void;

  /** `release` is told of each memory once nothing looks at it any more. */
  constructor(release: (memory: M) => void = () => {}) {
    this.#release = release;
  }

  get prompted(): readonly Remembered<M, P>[] {
    return [...this.#prompted.values()];
  }

  get trackedFrames(): readonly number[] {
    const held = [...this.#tracked.values()].filter((r) => r.memory !== undefined);
    return held.map((r) => r.frame).sort((a, b) => a - b);
  }

  tracked(frame: number): Remembered<M, P> | undefined {
    const entry = this.#tracked.get(frame);
    return entry?.memory === undefined ? undefined : entry;
  }

  /** The entry of a frame, prompted or tracked, whether or not its memory is still held. */
  at(frame: number): Remembered<M, P> | undefined {
    return this.#prompted.get(frame) ?? this.#tracked.get(frame);
  }

  /** Remembers a frame in place of what was there. @throws RangeError for a tracked one where a person prompted. */
  add(entry: Remembered<M, P>): void {
    if (!entry.prompted && this.#prompted.has(entry.frame))
      throw new RangeError(`frame index ${entry.frame} was prompted and is not tracked over`);
    for (const entries of [this.#tracked, this.#prompted]) this.#drop(entries, entry.frame);
    (entry.prompted ? this.#prompted : this.#tracked).set(entry.frame, entry);
  }

  /** Takes a prompted frame back. */
  takeBack(frame: number): void {
    this.#drop(this.#prompted, frame);
  }

  /** Lets go of everything. */
  clear(): void {
    for (const entries of [this.#tracked, this.#prompted])
      for (const frame of [...entries.keys()]) this.#drop(entries, frame);
  }

  /** Lets go of the memories of tracked frames and, of those that `pointers` does not want either, of everything. */
  letGo(memory: (frame: number) => boolean, pointer: (frame: number) => boolean): void {
    for (const [frame, entry] of this.#tracked) {
      const held = entry.memory !== undefined && memory(frame);
      if (!held && !pointer(frame)) this.#drop(this.#tracked, frame);
      else if (!held && entry.memory !== undefined) {
        this.#tracked.set(frame, { ...entry, memory: undefined });
        this.#release(entry.memory);
      }
    }
  }

  #drop(entries: Map<number, Remembered<M, P>>, frame: number): void {
    const memory = entries.get(frame)?.memory;
    entries.delete(frame);
    if (memory !== undefined) this.#release(memory);
  }

  /** How many memories are held. */
  get size(): number {
    return this.#prompted.size + this.trackedFrames.length;
  }
}
