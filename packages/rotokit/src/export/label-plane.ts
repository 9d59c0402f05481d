import { boxWidth, MASK_HALF, type Size, type SoftMask } from '@rotokit/core/values';

/** Which object each pixel belongs to: 0 for none, i + 1 for the i-th mask. The strongest at half or above has it, of equal ones the first. */
export function labelPlane(size: Size, masks: readonly SoftMask[]): Uint8Array {
  if (masks.length > 254) throw new RangeError(`a label plane tells at most 254 objects apart, got ${masks.length}`);
  const labels = new Uint8Array(size.width * size.height);
  const best = new Uint16Array(labels.length).fill(MASK_HALF - 1);
  masks.forEach(({ window, values }, i) => {
    const width = boxWidth(window);
    for (let y = window.y0; y < window.y1; y++) {
      const [to, from] = [y * size.width + window.x0, (y - window.y0) * width];
      for (let x = 0; x < width; x++) {
        const v = values[from + x] as number;
        if (v <= (best[to + x] as number)) continue;
        best[to + x] = v;
        labels[to + x] = i + 1;
      }
    }
  });
  return labels;
}
