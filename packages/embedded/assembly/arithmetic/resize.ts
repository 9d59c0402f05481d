// Resizes interleaved rgb8 pictures with the weights of primitives/resize.ts, in single precision.
import { madd } from '../shared/simd';

// Weighted sum of `count` lines of n bytes, as floats. Sixteen bytes at a time; writes up to 15 floats past the end.
// @ts-ignore: decorator
@inline function mixRows(rgb: usize, n: i32, count: i32, weights: usize, line: usize): void {
  for (let i = 0; i < n; i += 16) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let j = 0, p = rgb + <usize>i; j < count; j++, p += <usize>n) {
      const w = v128.load_splat<f32>(weights + (<usize>j << 2)), v = v128.load(p);
      const low = i16x8.extend_low_i8x16_u(v), high = i16x8.extend_high_i8x16_u(v);
      a = madd(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)), w, a);
      b = madd(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), w, b);
      c = madd(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), w, c);
      d = madd(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high)), w, d);
    }
    const o = line + (<usize>i << 2);
    v128.store(o, a); v128.store(o, b, 16); v128.store(o, c, 32); v128.store(o, d, 48);
  }
}

/**
 * rgb: pictures of `width` columns. rows, columns: for each target line (column) its first source line (column), then the
 * weights, `rowTaps` (`columnTaps`) of them each. line: scratch of 3 * width + 16 floats. Writes a byte past the end of out.
 */
export function resizeRgb(
  rgb: usize, width: i32, rowFirst: usize, rowWeights: usize, rowTaps: i32, toHeight: i32,
  columnFirst: usize, columnWeights: usize, columnTaps: i32, toWidth: i32, line: usize, out: usize,
): void {
  const n = 3 * width, rounding = f32x4.splat(0.5);
  for (let y = 0; y < toHeight; y++) {
    const row = <usize>load<i32>(rowFirst + (<usize>y << 2));
    mixRows(rgb + row * <usize>n, n, rowTaps, rowWeights + (<usize>(y * rowTaps) << 2), line);
    let w = columnWeights;
    for (let x = 0; x < toWidth; x++, out += 3) {
      let sum = rounding;
      // red, green, blue and, unused, the next red
      let p = line + <usize>load<i32>(columnFirst + (<usize>x << 2)) * 12;
      for (let j = 0; j < columnTaps; j++, p += 12, w += 4) sum = madd(v128.load(p), v128.load_splat<f32>(w), sum);
      const words = i32x4.trunc_sat_f32x4_s(sum), shorts = i16x8.narrow_i32x4_s(words, words);
      store<i32>(out, i32x4.extract_lane(i8x16.narrow_i16x8_u(shorts, shorts), 0));
    }
  }
}
