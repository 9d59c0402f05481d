import { isRotokitError } from '@rotokit/core/values';
import { AV_FRAME_FLAG_CORRUPT, type Frame } from '../native/libav.js';
import type { NativeFrames } from './native-frames.js';

/** How far a picture is held over; a longer hole stays a refusal. */
const LONGEST_HOLD = 100;

/**
 * Frames that repeat the one before where there is none to read (at the start: the first there is), marked as damaged: a job over a
 * clip with one broken frame goes on, and the frame is on the list of those to look at.
 */
export class HeldFrames implements NativeFrames {
  readonly #frames: NativeFrames;
  readonly #count: number;

  /** Takes `frames` over and closes them. */
  constructor(frames: NativeFrames, count: number) {
    this.#frames = frames;
    this.#count = count;
  }

  async frame(index: number): Promise<Frame> {
    let first: unknown;
    for (const other of this.#near(index)) {
      try {
        const frame = await this.#frames.frame(other);
        if (other !== index) frame.setFlags(AV_FRAME_FLAG_CORRUPT);
        return frame;
      } catch (error) {
        if (!isRotokitError(error) || !error.code.startsWith('MEDIA_FRAME_')) throw error;
        first ??= error;
      }
    }
    throw first;
  }

  *#near(index: number): Generator<number> {
    for (let i = index; i >= 0 && index - i <= LONGEST_HOLD; i--) yield i;
    for (let i = index + 1; i < this.#count && i - index <= LONGEST_HOLD; i++) yield i;
  }

  close(): Promise<void> {
    return this.#frames.close();
  }
}
