import type { FlowFrame } from './types.js';

/** Frames to keep for the pairs to come; a walk needs two, and two more where it turns or looks back. */
const KEPT = 4;

interface Slot {
  readonly frame: FlowFrame;
  /** Pairs at work on it. */
  users: number;
}

/**
 * Copies of frames in memory that threads share, so that the caller may use its own buffer again at once. The memory is
 * used again too: a thread that was sent a picture lets go of it only when its own garbage is collected, which in a
 * thread that makes hardly any is after hundreds of frames.
 */
export class SharedFrames {
  /** Those taken last at the end. */
  #slots: Slot[] = [];

  /** The frame in shared memory, until `release` as often as it was taken. */
  take(frame: FlowFrame): FlowFrame {
    const slot =
      this.#slots.find((s) => s.frame.index === frame.index && sameSize(s.frame, frame)) ?? this.#fill(frame);
    this.#slots = [...this.#slots.filter((s) => s !== slot), slot];
    slot.users++;
    return slot.frame;
  }

  /** Ends the use of a frame that was taken. */
  release(frame: FlowFrame): void {
    const slot = this.#slots.find((s) => s.frame === frame);
    if (slot) slot.users--;
  }

  #fill(frame: FlowFrame): Slot {
    const spare = this.#slots.length < KEPT ? undefined : this.#slots.find((s) => s.users === 0);
    this.#slots = this.#slots.filter((s) => s !== spare);
    const fits = spare && sameSize(spare.frame, frame);
    const rgb = fits ? spare.frame.rgb : new Uint8Array(new SharedArrayBuffer(frame.rgb.length));
    rgb.set(frame.rgb);
    return { frame: { ...frame, rgb }, users: 0 };
  }
}

const sameSize = (a: FlowFrame, b: FlowFrame): boolean => a.width === b.width && a.height === b.height;
