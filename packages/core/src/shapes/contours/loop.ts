import type { Contour } from './contour.js';

/** Fewest samples of a loop, so that small regions keep their form and have room for every point. */
const FEWEST = 160;

/**
 * A contour sampled at equal steps of arc length: the grid that anchors are placed on. Indices run round and round;
 * sample `k` and sample `k + count` are the same point.
 */
export interface Loop {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly count: number;
  /** Pixels between neighbouring samples, along the contour. */
  readonly step: number;
  readonly contour: Contour;
}

/** The contour at steps of about `step` pixels. */
export function loopOf(contour: Contour, step: number): Loop {
  const { xy } = contour;
  const n = xy.length >> 1;
  const along = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const j = i + 1 < n ? i + 1 : 0;
    along[i + 1] = along[i] + Math.hypot(xy[2 * j] - xy[2 * i], xy[2 * j + 1] - xy[2 * i + 1]);
  }
  const count = Math.max(FEWEST, Math.round(along[n] / step));
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let k = 0, i = 0; k < count; k++) {
    const s = (along[n] * k) / count;
    while (i + 1 < n && along[i + 1] < s) i++;
    const j = i + 1 < n ? i + 1 : 0;
    const t = along[i + 1] > along[i] ? (s - along[i]) / (along[i + 1] - along[i]) : 0;
    x[k] = xy[2 * i] + (xy[2 * j] - xy[2 * i]) * t;
    y[k] = xy[2 * i + 1] + (xy[2 * j + 1] - xy[2 * i + 1]) * t;
  }
  return { x, y, count, step: along[n] / count, contour };
}

/** An index brought back to 0 .. count - 1. */
export const wrap = (k: number, count: number): number => {
  const r = k % count;
  return r < 0 ? r + count : r;
};
