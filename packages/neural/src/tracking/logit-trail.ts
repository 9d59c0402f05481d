import type { ObjectId } from '@rotokit/core/values';

/** Logits are kept in quarters, from -32 to 31.75: what a mask prompt can tell apart is coarser. */
const STEP = 0.25;

/** The tracked logits of the last frames, one byte each: what a correction on them starts from. Invariant: at most `most` frames an object. */
export class LogitTrail {
  readonly #most: number;
  readonly #objects = new Map<ObjectId, Map<number, Int8Array>>();

  constructor(most: number) {
    this.#most = most;
  }

  put(object: ObjectId, frame: number, logits: Float32Array): void {
    const frames = this.#objects.get(object) ?? new Map<number, Int8Array>();
    this.#objects.set(object, frames);
    frames.delete(frame);
    frames.set(
      frame,
      Int8Array.from(logits, (v) => Math.max(-128, Math.min(127, Math.round(v / STEP)))),
    );
    for (const old of frames.keys()) {
      if (frames.size <= this.#most) break;
      frames.delete(old);
    }
  }

  get(object: ObjectId, frame: number): Float32Array | undefined {
    const kept = this.#objects.get(object)?.get(frame);
    return kept && Float32Array.from(kept, (v) => v * STEP);
  }
}
