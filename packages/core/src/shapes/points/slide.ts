import type { Loop } from '../contours/loop.js';
import { fitSegment } from '../curves/fit-segment.js';

/** How far an anchor may slide, in samples, and how often all of them are looked at. */
const FARTHEST = 14;
const ROUNDS = 4;
/** A slide must gain this much, in pixels. */
const GAIN = 0.02;

/** The largest error of the segments between anchors, in pixels. */
export const largestError = (loop: Loop, at: Int32Array): number =>
  errorsOf(loop, at).reduce((a, b) => Math.max(a, b), 0);

const errorsOf = (loop: Loop, at: Int32Array): Float64Array =>
  Float64Array.from(at, (from, i) => {
    const end = i + 1 < at.length ? at[i + 1] : at[0] + loop.count;
    return fitSegment(loop, from, end - from).error;
  });

/**
 * Slides anchors of one loop, sample by sample, until every segment is within `limit` pixels of its stretch or nothing
 * gets better: the reach of a cubic does not tell of the shorter stretches that it fits worse.
 * @returns the largest error left.
 */
export function slideAnchors(loop: Loop, at: Int32Array, limit: number): number {
  const n = at.length;
  const end = (i: number) => (i + 1 < n ? at[i + 1] : at[0] + loop.count);
  const before = (i: number) => (i > 0 ? at[i - 1] : at[n - 1] - loop.count);
  const errors = errorsOf(loop, at);
  const slide = (i: number): boolean => {
    const left = (i + n - 1) % n;
    const [lo, hi, was] = [before(i), end(i), at[i]];
    let best = Math.max(errors[left], errors[i]) - GAIN;
    let [place, a, b] = [was, 0, 0];
    for (let d = 1; d <= FARTHEST; d += d > 4 ? 2 : 1) {
      for (const k of [was - d, was + d]) {
        if (k <= lo || k >= hi) continue;
        const l = fitSegment(loop, lo, k - lo).error;
        if (l >= best) continue;
        const r = fitSegment(loop, k, hi - k).error;
        if (Math.max(l, r) < best) [best, place, a, b] = [Math.max(l, r), k, l, r];
      }
      if (place !== was && best <= limit) break;
    }
    if (place === was) return false;
    at[i] = place;
    errors[left] = a;
    errors[i] = b;
    return true;
  };
  for (let round = 0, moved = true; round < ROUNDS && moved; round++) {
    moved = false;
    for (let i = 0; i < n; i++) if (Math.max(errors[(i + n - 1) % n], errors[i]) > limit && slide(i)) moved = true;
  }
  return errors.reduce((a, b) => Math.max(a, b), 0);
}
