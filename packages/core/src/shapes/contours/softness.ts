import { MASK_ONE, maskAt, type SoftMask } from '../../values/index.js';
import { type Loop, wrap } from './loop.js';

/** Distances to each side of the contour at which the mask is looked at, in pixels. */
const REACHES = [1, 2, 4, 8, 16] as const;
/** The mask must change by this much across a reach for the ramp to be measured there. */
const CHANGE = 0.6;
/** A hard, anti-aliased edge changes by more than this within a pixel to each side. */
const HARD = 0.85;
/** Softness changes slowly along a contour: it is measured on every n-th sample. */
const EVERY = 4;

/**
 * Width of the soft edge of a mask along a loop, in pixels, beyond that of a hard edge: the length over which the mask
 * would go from 0 to 1 at the slope it has across the contour. 0 for a binary mask.
 */
export function softnessAlong(loop: Loop, mask: SoftMask): Float32Array {
  const { x, y, count } = loop;
  const out = new Float32Array(count);
  for (let k = 0; k < count; k += EVERY) {
    const [i, j] = [wrap(k - 2, count), wrap(k + 2, count)];
    const [tx, ty] = [x[j] - x[i], y[j] - y[i]];
    const length = Math.hypot(tx, ty) || 1;
    const width = widthAt(mask, x[k], y[k], ty / length, -tx / length);
    for (let n = k; n < Math.min(count, k + EVERY); n++) out[n] = width;
  }
  return out;
}

/**
 * `nx`, `ny` points out of the object. The steeper side counts, twice over: on the other one a thin stretch or a narrow gap may end before
 * the ramp does.
 */
function widthAt(mask: SoftMask, x: number, y: number, nx: number, ny: number): number {
  for (const d of REACHES) {
    const inwards = sample(mask, x - d * nx, y - d * ny) - 0.5;
    const outwards = 0.5 - sample(mask, x + d * nx, y + d * ny);
    const change = 2 * Math.max(inwards, outwards);
    if (d === 1 && change > HARD) return 0;
    if (change >= CHANGE) return Math.max(0, (2 * d) / change - 1);
  }
  return 2 * REACHES[REACHES.length - 1];
}

/** The mask between pixel centres, 0 to 1. */
function sample(mask: SoftMask, x: number, y: number): number {
  const [u, v] = [x - 0.5, y - 0.5];
  const [i, j] = [Math.floor(u), Math.floor(v)];
  const [s, t] = [u - i, v - j];
  const top = maskAt(mask, i, j) * (1 - s) + maskAt(mask, i + 1, j) * s;
  const bottom = maskAt(mask, i, j + 1) * (1 - s) + maskAt(mask, i + 1, j + 1) * s;
  return (top * (1 - t) + bottom * t) / MASK_ONE;
}
