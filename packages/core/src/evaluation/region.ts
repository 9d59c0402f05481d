import { boxHeight, boxUnion, boxWidth, MASK_HALF, maskAt, type SoftMask, sameSize } from '../values/index.js';

/** Pixels two masks share and pixels they cover together. */
export interface Overlap {
  readonly shared: number;
  readonly covered: number;
  /** Pixels of the first and of the second mask. */
  readonly first: number;
  readonly second: number;
}

/** @throws RangeError when two masks that are compared are not of one size. */
export function mustMatch(a: SoftMask, b: SoftMask): void {
  if (!sameSize(a.size, b.size))
    throw new RangeError(
      `masks that are compared have one size, got ${a.size.width}x${a.size.height} and ${b.size.width}x${b.size.height}`,
    );
}

/** Counts what two masks share at `level` (half by default). @throws RangeError for masks of different sizes. */
export function overlapOf(a: SoftMask, b: SoftMask, level = MASK_HALF): Overlap {
  mustMatch(a, b);
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

/**
 * Region similarity J: intersection over union at `level`; 1 when both masks are empty.
 * Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation", CVPR 2016.
 */
export function regionJ(answer: SoftMask, truth: SoftMask, level = MASK_HALF): number {
  const { shared, covered } = overlapOf(answer, truth, level);
  return covered ? shared / covered : 1;
}

/** Where two masks disagree at `level`: 1 for pixels of `a` alone, 2 for pixels of `b` alone, 0 elsewhere; in their box. */
export function differenceOf(a: SoftMask, b: SoftMask, level = MASK_HALF) {
  mustMatch(a, b);
  const box = boxUnion(a.window, b.window);
  const values = new Uint8Array(boxWidth(box) * boxHeight(box));
  for (let y = box.y0, k = 0; y < box.y1; y++)
    for (let x = box.x0; x < box.x1; x++, k++) {
      const [p, q] = [maskAt(a, x, y) >= level, maskAt(b, x, y) >= level];
      if (p !== q) values[k] = p ? 1 : 2;
    }
  return { box, values };
}
