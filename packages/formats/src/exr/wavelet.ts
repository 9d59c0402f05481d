/** The grid that is transformed: values of one kind, `ox` and `oy` words from one to the next. */
export interface WaveletGrid {
  readonly at: number;
  readonly nx: number;
  readonly ny: number;
  readonly ox: number;
  readonly oy: number;
}

const signed = (v: number): number => (v << 16) >> 16;

/**
 * The way back of OpenEXR's two-dimensional Haar-like wavelet (ImfWav.cpp), in place: from the coarsest level to the finest, four values
 * at a time, lines and columns that have no partner by themselves. `largest` is the largest value that occurs: below 2^14 sums and differences are plain signed numbers,
 * else they are taken modulo 2^16.
 */
export function unwavelet(values: Uint16Array, { at, nx, ny, ox, oy }: WaveletGrid, largest: number): void {
  const small = largest < 1 << 14;
  let [sum, difference] = [0, 0];
  const back = (low: number, high: number): void => {
    if (small) {
      const h = signed(high);
      sum = signed(low) + (h & 1) + (h >> 1);
      difference = sum - h;
    } else {
      difference = (low - (high >> 1)) & 0xffff;
      sum = (high + difference - 0x8000) & 0xffff;
    }
  };
  /** Two values become their pair. */
  const pair = (i: number, j: number): void => {
    back(values[i]!, values[j]!);
    values[i] = sum;
    values[j] = difference;
  };
  let p2 = 1;
  while (p2 <= Math.min(nx, ny)) p2 *= 2;
  p2 /= 2;
  for (let p = p2 / 2; p >= 1; p /= 2, p2 /= 2) {
    const [stepX, stepY] = [ox * p, oy * p];
    let y = 0;
    for (; y + p2 <= ny; y += p2) {
      let x = 0;
      for (; x + p2 <= nx; x += p2) {
        const i = at + y * oy + x * ox;
        pair(i, i + stepY);
        pair(i + stepX, i + stepY + stepX);
        pair(i, i + stepX);
        pair(i + stepY, i + stepY + stepX);
      }
      if (nx & p) pair(at + y * oy + x * ox, at + y * oy + x * ox + stepY);
    }
    if (!(ny & p)) continue;
    for (let x = 0; x + p2 <= nx; x += p2) pair(at + y * oy + x * ox, at + y * oy + x * ox + stepX);
  }
}
