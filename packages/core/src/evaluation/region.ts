import { boxHeight, boxUnion, boxWidth, MASK_HALF, maskAt, maskIou, type SoftMask, sameSize } from '../values/index.js';

/** @throws RangeError when two masks that are compared are not of one size. */
export function mustMatch(a: SoftMask, b: SoftMask): void {
  if (!sameSize(a.size, b.size))
    throw new RangeError(
      `masks that are compared have one size, got ${a.size.width}x${a.size.height} and ${b.size.width}x${b.size.height}`,
    );
}

/**
 * Region similarity J: intersection over union at `level`; 1 when both masks are empty.
 * Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation", CVPR 2016.
 * @throws RangeError for masks of different sizes.
 */
export const regionJ = (answer: SoftMask, truth: SoftMask, level = MASK_HALF): number => maskIou(answer, truth, level);

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
