/** For each place of the new axis: the first old place that counts, and the weights from there on, which add up to 1. */
export interface AxisWeights {
  readonly from: Int32Array;
  readonly weights: readonly Float32Array[];
}

/**
 * Bilinear weights from `before` places to `after`, edge to edge; where the axis shrinks, the triangle is as wide as a new place, so that
 * nothing is skipped (antialiasing as PyTorch and Pillow do it).
 */
export function axisWeights(before: number, after: number): AxisWeights {
  const scale = before / after;
  const reach = Math.max(1, scale);
  const from = new Int32Array(after);
  const weights: Float32Array[] = [];
  for (let i = 0; i < after; i++) {
    const centre = (i + 0.5) * scale;
    const low = Math.max(0, Math.floor(centre - reach + 0.5));
    const high = Math.min(before, Math.floor(centre + reach + 0.5));
    const raw = Array.from({ length: high - low }, (_, k) =>
      Math.max(0, 1 - Math.abs((low + k + 0.5 - centre) / reach)),
    );
    const total = raw.reduce((a, b) => a + b, 0);
    from[i] = low;
    weights.push(Float32Array.from(raw, (w) => w / total));
  }
  return { from, weights };
}

/** A plane of rows of `width` values at another size `[width, height]`, bilinear and antialiased. */
export function resample(
  plane: Float32Array,
  width: number,
  [toWidth, toHeight]: readonly [number, number],
): Float32Array {
  const height = plane.length / width;
  const [columns, rows] = [axisWeights(width, toWidth), axisWeights(height, toHeight)];
  const thin = new Float32Array(height * toWidth);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < toWidth; x++) {
      const w = columns.weights[x]!;
      let sum = 0;
      for (let k = 0, at = y * width + columns.from[x]!; k < w.length; k++, at++) sum += w[k]! * plane[at]!;
      thin[y * toWidth + x] = sum;
    }
  return downRows(thin, toWidth, rows);
}

/** The second half of a resampling: rows of `width` values become as many rows as there are weights. */
export function downRows(thin: Float32Array, width: number, rows: AxisWeights): Float32Array {
  const out = new Float32Array(rows.weights.length * width);
  for (let y = 0; y < rows.weights.length; y++) {
    const into = out.subarray(y * width, (y + 1) * width);
    for (const [k, w] of rows.weights[y]!.entries()) {
      const row = (rows.from[y]! + k) * width;
      for (let x = 0; x < width; x++) into[x]! += w * thin[row + x]!;
    }
  }
  return out;
}
