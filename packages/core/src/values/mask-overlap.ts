import { MASK_HALF, maskCrop, type SoftMask } from './mask.js';
import { boxWidth, sameSize } from './space.js';

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
  let [first, second, shared] = [0, 0, 0];
  const [wa, wb] = [a.window, b.window];
  const nb = boxWidth(wb);
  for (const v of b.values) if (v >= level) second++;
  for (let y = wa.y0, k = 0; y < wa.y1; y++) {
    const row = y >= wb.y0 && y < wb.y1 ? (y - wb.y0) * nb - wb.x0 : Number.NaN;
    for (let x = wa.x0; x < wa.x1; x++, k++) {
      if (a.values[k] < level) continue;
      first++;
      if (x >= wb.x0 && x < wb.x1 && b.values[row + x] >= level) shared++;
    }
  }
  return { first, second, shared, covered: first + second - shared };
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
