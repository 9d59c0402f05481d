import type { FrameIndex } from '../values/index.js';

/** What a fitted shape came to. */
export interface ShapeStatistics {
  readonly shape: string;
  readonly points: number;
  /** Keys kept, of how many frames the shape is visible on. */
  readonly keys: number;
  readonly frames: number;
  /** Largest distance between the shape and the contour it answers for, in pixels, and on which frame. */
  readonly worst: number;
  readonly worstFrame: FrameIndex;
  /** Frames on which the shape crosses itself: where that could not be helped within the error. */
  readonly crossing: number;
  /** Keys taken over from a hand, and how many points were put on their curves because the fit has more. */
  readonly edited: number;
  readonly inserted: number;
}
