import { avImageGetBufferSize, type Frame } from '../native/libav.js';

/**
 * The frames decoded last, by index, bounded in bytes: a step back costs nothing. References share pixels with the
 * decoder, so nothing is copied. The oldest leaves first.
 */
export class FrameRing {
  readonly #frames = new Map<number, Frame>();
  readonly #limit: number;
  #bytes = 0;

  /** @param limit most bytes of pixels to hold; the newest frame stays even if it alone is more. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a frame is held. */
  has(index: number): boolean {
    return this.#frames.has(index);
  }

  /** A reference of its own to a held frame, for the caller to free. */
  get(index: number): Frame | undefined {
    return this.#frames.get(index)?.clone() ?? undefined;
  }

  /** Holds a reference to a frame that stays the caller's. */
  put(index: number, frame: Frame): void {
    if (this.#frames.has(index)) return;
    const held = frame.clone();
    if (!held) return;
    this.#frames.set(index, held);
    this.#bytes += bytesOf(held);
    for (const [oldest, old] of this.#frames) {
      if (this.#bytes <= this.#limit || oldest === index) break;
      this.#bytes -= bytesOf(old);
      this.#frames.delete(oldest);
      old.free();
    }
  }

  /** Lets go of everything. */
  clear(): void {
    for (const frame of this.#frames.values()) frame.free();
    this.#frames.clear();
    this.#bytes = 0;
  }
}

const bytesOf = (f: Frame): number => Math.max(0, avImageGetBufferSize(f.format as never, f.width, f.height, 1));
