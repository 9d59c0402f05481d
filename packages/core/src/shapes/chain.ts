import { PER_POINT } from '../values/index.js';

/**
 * What lies between a point of a shape and the next one: a stretch of contour that this shape answers for, a stretch that
 * it shares with the neighbouring part (which answers for it), or a cut through the inside of the object.
 */
export const OWN = 0;
export const SHARED = 1;
export const CUT = 2;

/** Points of a region that make up one shape, in order round it, and what lies after each. */
export interface Ring {
  /** Indices of the region's points. */
  readonly points: readonly number[];
  /** `OWN`, `SHARED` or `CUT`, for the segment after each point. */
  readonly kinds: readonly number[];
}

/** The ring of a region that is one shape. */
export const wholeRing = (points: number): Ring => ({
  points: Array.from({ length: points }, (_, i) => i),
  kinds: new Array<number>(points).fill(OWN),
});

/** The outline of a ring from that of its region. Handles of cuts are the region's own until they are bent. */
export function ringOutline(outline: Float64Array, { points }: Ring): Float64Array {
  const out = new Float64Array(points.length * PER_POINT);
  points.forEach((p, i) => out.set(outline.subarray(p * PER_POINT, (p + 1) * PER_POINT), i * PER_POINT));
  return out;
}

/** The anchors of a ring on one loop. */
export const ringAnchors = (at: Int32Array, { points }: Ring): Int32Array => Int32Array.from(points, (p) => at[p]);

/** Samples from one anchor on to the next, going round. */
export const stepsBetween = (from: number, to: number, count: number): number => {
  const d = (to - from) % count;
  return d < 0 ? d + count : d;
};
