import { PER_POINT } from '../values/index.js';

/** How much of each control point of a cubic is in its point at `t`; valid until the next one. */
const share = new Float64Array(4);

function sharesAt(t: number): Float64Array {
  const s = 1 - t;
  share[0] = s * s * s;
  share[1] = 3 * s * s * t;
  share[2] = 3 * s * t * t;
  share[3] = t * t * t;
  return share;
}

/** One coordinate (0 is x, 1 is y) of the point of an outline's segment at `t`. */
export function coordinateAt(outline: Float64Array, segment: number, t: number, axis: 0 | 1): number {
  const a = segment * PER_POINT + axis;
  const b = segment * PER_POINT + PER_POINT < outline.length ? a + PER_POINT : axis;
  const [b0, b1, b2, b3] = sharesAt(t);
  return b0 * outline[a] + b1 * outline[a + 4] + b2 * outline[b + 2] + b3 * outline[b];
}

/** Moves the control points of a segment so that its point at `t` moves by `dx`, `dy`, all of them together the least. */
export function movePointAt(outline: Float64Array, segment: number, t: number, dx: number, dy: number): void {
  const [b0, b1, b2, b3] = sharesAt(t);
  const norm = b0 * b0 + b1 * b1 + b2 * b2 + b3 * b3;
  const a = segment * PER_POINT;
  const b = a + PER_POINT < outline.length ? a + PER_POINT : 0;
  for (const [axis, d] of [
    [0, dx / norm],
    [1, dy / norm],
  ] as const) {
    outline[a + axis] += b0 * d;
    outline[a + 4 + axis] += b1 * d;
    outline[b + 2 + axis] += b2 * d;
    outline[b + axis] += b3 * d;
  }
}
