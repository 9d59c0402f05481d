import { PER_POINT } from '../../values/index.js';

/** One coordinate (0 is x, 1 is y) of the point of an outline's segment at `t`. */
export function coordinateAt(outline: Float64Array, segment: number, t: number, axis: 0 | 1): number {
  const a = segment * PER_POINT + axis;
  const b = segment * PER_POINT + PER_POINT < outline.length ? a + PER_POINT : axis;
  const s = 1 - t;
  return (
    s * s * s * outline[a] + 3 * s * s * t * outline[a + 4] + 3 * s * t * t * outline[b + 2] + t * t * t * outline[b]
  );
}

/** Moves the control points of a segment so that its point at `t` moves by `dx`, `dy`, all of them together the least. */
export function movePointAt(outline: Float64Array, segment: number, t: number, dx: number, dy: number): void {
  const s = 1 - t;
  const b0 = s * s * s;
  const b1 = 3 * s * s * t;
  const b2 = 3 * s * t * t;
  const b3 = t * t * t;
  const norm = b0 * b0 + b1 * b1 + b2 * b2 + b3 * b3;
  const a = segment * PER_POINT;
  const b = a + PER_POINT < outline.length ? a + PER_POINT : 0;
  const x = dx / norm;
  const y = dy / norm;
  outline[a] += b0 * x;
  outline[a + 1] += b0 * y;
  outline[a + 4] += b1 * x;
  outline[a + 5] += b1 * y;
  outline[b + 2] += b2 * x;
  outline[b + 3] += b2 * y;
  outline[b] += b3 * x;
  outline[b + 1] += b3 * y;
}
