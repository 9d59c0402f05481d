import { Lru } from '@rotokit/core/resources';
import { avImageGetBufferSize, type Frame } from '../native/libav.js';

/**
 * The frames decoded last, by index, bounded in bytes: a step back costs nothing. References share pixels with the
 * decoder, so nothing is copied. What was looked at longest ago leaves first.
 */
export class FrameRing {
  readonly #frames: Lru<number, Frame>;

  /** @param limit most bytes of pixels to hold; the newest frame stays even if it alone is more. */
  constructor(limit: number) {
    this.#frames = new Lru({ bytes: limit, oversize: 'keep', drop: (frame) => frame.free() });
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
    if (held) this.#frames.set(index, held, bytesOf(held));
  }

  /** Lets go of everything. */
  clear(): void {
    this.#frames.clear();
  }
}

const bytesOf = (f: Frame): number => Math.max(0, avImageGetBufferSize(f.format as never, f.width, f.height, 1));
