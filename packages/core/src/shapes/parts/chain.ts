import { type Loop, wrap } from '../contours/loop.js';

/** What lies between a point of a shape and the next one: a stretch of contour that this shape answers for. */
export const OWN = 0;
/** The same: a stretch that it shares with the neighbouring part, which answers for it. */
export const SHARED = 1;
/** The same: a cut through the inside of the object. */
export const CUT = 2;

/** A cut between two anchors of a region, bent at both ends by so many degrees from straight on. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly bendFrom: number;
  readonly bendTo: number;
}

/** One point of a ring. */
export interface RingPoint {
  /** The region's anchor. */
  readonly anchor: number;
  /** -1 or 1: a little before or after the anchor, where a part reaches over a cut. */
  readonly beside: -1 | 0 | 1;
  /** `OWN`, `SHARED` or `CUT`: what lies after the point. */
  readonly kind: number;
  /** The cut after the point, where there is one, and whether the ring runs along it backwards. */
  readonly cut?: Cut;
}

/** The points of a region that make up one shape, in order round it. */
export type Ring = readonly RingPoint[];

/** The ring of a region that is one shape. */
export const wholeRing = (anchors: number): Ring =>
  Array.from({ length: anchors }, (_, anchor) => ({ anchor, beside: 0, kind: OWN }));

/** How far a part reaches over a cut, in pixels along the contour, where the next anchor is not nearer. */
const OVERLAP = 10;

/** Where the points of a ring lie on a loop: sample indices. `share` of the usual overlap is what a point beside an anchor takes. */
export function ringAnchors(
  at: Int32Array,
  ring: Ring,
  loop: Loop,
  share: (i: number) => number = () => 1,
): Int32Array {
  const n = at.length;
  const most = Math.max(1, Math.round(OVERLAP / loop.step));
  return Int32Array.from(ring, ({ anchor, beside }, i) => {
    if (beside === 0) return at[anchor];
    const other = at[wrap(anchor + beside, n)];
    const room = beside > 0 ? stepsBetween(at[anchor], other, loop.count) : stepsBetween(other, at[anchor], loop.count);
    return at[anchor] + beside * Math.min(room >> 1, Math.max(1, Math.round(share(i) * most)));
  });
}

/** Samples from one anchor on to the next, going round. */
export const stepsBetween = (from: number, to: number, count: number): number => {
  const d = (to - from) % count;
  return d < 0 ? d + count : d;
};
