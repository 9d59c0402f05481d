import { MASK_HALF, maskCrop, type SoftMask } from './mask.js';
import { boxIntersect, boxWidth, sameSize } from './space.js';

/** How many pixels two masks have, apart and together, at some level. */
export interface MaskOverlap {
  readonly first: number;
  readonly second: number;
  readonly shared: number;
  /** Pixels of either. */
  readonly covered: number;
}

/** Counts what two masks share at `level` (half by default). @throws RangeError for masks of different sizes. */
export function maskOverlap(a: SoftMask, b: SoftMask, level = MASK_HALF): MaskOverlap {
  if (!sameSize(a.size, b.size))
    throw new RangeError(
      `masks that are compared have one size, got ${a.size.width}x${a.size.height} and ${b.size.width}x${b.size.height}`,
    );
  const [first, second] = [countAt(a.values, level), countAt(b.values, level)];
  const common = boxIntersect(a.window, b.window);
  let shared = 0;
  for (let y = common.y0; y < common.y1; y++) {
    let i = (y - a.window.y0) * boxWidth(a.window) + common.x0 - a.window.x0;
    let k = (y - b.window.y0) * boxWidth(b.window) + common.x0 - b.window.x0;
    for (const end = i + boxWidth(common); i < end; i++, k++)
      if (a.values[i] >= level && b.values[k] >= level) shared++;
  }
  return { first, second, shared, covered: first + second - shared };
}

function countAt(values: Uint16Array, level: number): number {
  let n = 0;
  for (let k = 0; k < values.length; k++) if (values[k] >= level) n++;
  return n;
}

/** Intersection over union at `level`; 1 when both masks are empty. @throws RangeError for masks of different sizes. */
export function maskIou(a: SoftMask, b: SoftMask, level = MASK_HALF): number {
  const { shared, covered } = maskOverlap(a, b, level);
  return covered ? shared / covered : 1;
}

/** The same mask in the smallest window that holds everything above 0. */
export function maskTrim(mask: SoftMask): SoftMask {
  const { window: w, values } = mask;
  let [x0, y0, x1, y1] = [w.x1, w.y1, w.x0, w.y0];
  const width = boxWidth(w);
  for (let y = w.y0, row = 0; y < w.y1; y++, row += width) {
    let a = 0;
    while (a < width && values[row + a] === 0) a++;
    if (a === width) continue;
    let b = width;
    while (values[row + b - 1] === 0) b--;
    x0 = Math.min(x0, w.x0 + a);
    x1 = Math.max(x1, w.x0 + b);
    y0 = Math.min(y0, y);
    y1 = y + 1;
  }
  if (x0 === w.x0 && y0 === w.y0 && x1 === w.x1 && y1 === w.y1) return mask;
  return maskCrop(mask, { x0, y0, x1: Math.max(x0, x1), y1: Math.max(y0, y1) });
}
