/** Any of the sample arrays a picture may have. */
type Samples = Uint8Array | Uint16Array | Float32Array;

/**
 * Interleaved samples resampled to another size, bilinear about pixel centres: how anamorphic RGB pictures (2:1 EXR)
 * get square pixels without passing through swscale, which would clip their floats. `into` has the new size.
 */
export function stretch<S extends Samples>(
  from: S,
  [fromWidth, fromHeight]: readonly [number, number],
  into: S,
  [width, height]: readonly [number, number],
  channels: number,
): S {
  const whole = !(from instanceof Float32Array);
  for (let y = 0, k = 0; y < height; y++) {
    const [y0, y1, v] = neighbours(y, fromHeight, height);
    for (let x = 0; x < width; x++) {
      const [x0, x1, u] = neighbours(x, fromWidth, width);
      const [a, b] = [(y0 * fromWidth + x0) * channels, (y0 * fromWidth + x1) * channels];
      const [c, d] = [(y1 * fromWidth + x0) * channels, (y1 * fromWidth + x1) * channels];
      for (let n = 0; n < channels; n++, k++) {
        const top = from[a + n] + (from[b + n] - from[a + n]) * u;
        const value = top + (from[c + n] + (from[d + n] - from[c + n]) * u - top) * v;
        into[k] = whole ? Math.round(value) : value;
      }
    }
  }
  return into;
}

/** The two samples around a new one, and the weight of the second. */
function neighbours(at: number, from: number, to: number): [first: number, second: number, weight: number] {
  const p = ((at + 0.5) * from) / to - 0.5;
  const first = Math.min(from - 1, Math.max(0, Math.floor(p)));
  return [first, Math.min(from - 1, first + 1), Math.min(1, Math.max(0, p - first))];
}
