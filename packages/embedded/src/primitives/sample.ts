/** Half the pixels in each direction, rounded down: the grid on which the engine thinks. */
export const halfOf = (side: number): number => side >> 1;

/**
 * Bilinear sample of a plane at (x, y), pixel centres at integers; positions outside are clamped to the edge.
 * The last pixel is approached to within 0.001, so that the four neighbours always exist (width and height >= 2).
 */
export function bilinear(im: ArrayLike<number>, width: number, height: number, x: number, y: number): number {
  const px = Math.max(0, Math.min(width - 1.001, x));
  const py = Math.max(0, Math.min(height - 1.001, y));
  const xi = px | 0;
  const yi = py | 0;
  const fx = px - xi;
  const fy = py - yi;
  const k = yi * width + xi;
  const top = im[k] * (1 - fx) + im[k + 1] * fx;
  const bottom = im[k + width] * (1 - fx) + im[k + width + 1] * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Interleaved rgb8 at half size: the rounded mean of each 2x2 block; an odd last row or column is left out. */
export function halveRgb(rgb: Uint8Array, width: number, height: number, out?: Uint8Array): Uint8Array {
  const w = halfOf(width);
  const h = halfOf(height);
  const to = out ?? new Uint8Array(w * h * 3);
  for (let y = 0, q = 0; y < h; y++) {
    let a = 2 * y * width * 3;
    let b = a + width * 3;
    for (let x = 0; x < w; x++, a += 6, b += 6, q += 3) {
      to[q] = (rgb[a] + rgb[a + 3] + rgb[b] + rgb[b + 3] + 2) >> 2;
      to[q + 1] = (rgb[a + 1] + rgb[a + 4] + rgb[b + 1] + rgb[b + 4] + 2) >> 2;
      to[q + 2] = (rgb[a + 2] + rgb[a + 5] + rgb[b + 2] + rgb[b + 5] + 2) >> 2;
    }
  }
  return to;
}

/** A plane at half size: the mean of each 2x2 block; an odd last row or column is left out. */
export function halvePlane(
  plane: ArrayLike<number>,
  width: number,
  height: number,
  out?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const w = halfOf(width);
  const h = halfOf(height);
  const to = out ?? new Float32Array(w * h);
  for (let y = 0, q = 0; y < h; y++) {
    let a = 2 * y * width;
    for (let x = 0; x < w; x++, a += 2, q++)
      to[q] = 0.25 * (plane[a] + plane[a + 1] + plane[a + width] + plane[a + width + 1]);
  }
  return to;
}

/**
 * A plane resized bilinearly from (width, height) to (toWidth, toHeight), pixel centres on pixel centres: from the half
 * grid to its full grid the source is (x + 0.5) / 2 - 0.5, also where the full side is odd (the ratio is `ratio`, not
 * the quotient of the sides). Columns are weighed once for all rows.
 */
export function upsample(
  plane: ArrayLike<number>,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
  ratio = 2,
  out: Float32Array = new Float32Array(toWidth * toHeight),
): Float32Array {
  const at = new Int32Array(toWidth);
  const part = new Float32Array(toWidth);
  for (let x = 0; x < toWidth; x++) {
    const p = Math.min(width - 1.001, Math.max(0, (x + 0.5) / ratio - 0.5));
    at[x] = p | 0;
    part[x] = p - at[x];
  }
  for (let y = 0, q = 0; y < toHeight; y++) {
    const p = Math.min(height - 1.001, Math.max(0, (y + 0.5) / ratio - 0.5));
    const row = (p | 0) * width;
    const fy = p - (p | 0);
    for (let x = 0; x < toWidth; x++, q++) {
      const k = row + at[x];
      const fx = part[x];
      const top = plane[k] + (plane[k + 1] - plane[k]) * fx;
      const bottom = plane[k + width] + (plane[k + width + 1] - plane[k + width]) * fx;
      out[q] = top + (bottom - top) * fy;
    }
  }
  return out;
}
