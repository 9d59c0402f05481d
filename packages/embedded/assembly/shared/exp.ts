// Powers of two and ln of four floats at once, after the Cephes library's single-precision forms: relative error below 2e-7.
import { add, madd, mul, sub } from './simd';

/** 2^x for x up to 127; 2^-126 below that. */
// @ts-ignore: decorator
@inline export function exp2(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-126));
  const n = f32x4.nearest(x), r = sub(x, n);
  let y = f32x4.splat(1.535336188319500e-4);
  y = madd(y, r, f32x4.splat(1.339887440266574e-3));
  y = madd(y, r, f32x4.splat(9.618437357674640e-3));
  y = madd(y, r, f32x4.splat(5.550332471162809e-2));
  y = madd(y, r, f32x4.splat(2.402264791363012e-1));
  y = madd(y, r, f32x4.splat(6.931472028550421e-1));
  y = madd(y, r, f32x4.splat(1));
  return mul(y, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
}

/** ln x for positive normal x. */
// @ts-ignore: decorator
@inline export function ln4(x: v128): v128 {
  // x = m 2^e with m in sqrt(1/2)..sqrt(2)
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = sub(e, v128.and(low, f32x4.splat(1)));
  m = add(sub(m, f32x4.splat(1)), v128.and(low, m));
  const z = mul(m, m);
  let y = f32x4.splat(7.0376836292e-2);
  y = madd(y, m, f32x4.splat(-1.1514610310e-1));
  y = madd(y, m, f32x4.splat(1.1676998740e-1));
  y = madd(y, m, f32x4.splat(-1.2420140846e-1));
  y = madd(y, m, f32x4.splat(1.4249322787e-1));
  y = madd(y, m, f32x4.splat(-1.6668057665e-1));
  y = madd(y, m, f32x4.splat(2.0000714765e-1));
  y = madd(y, m, f32x4.splat(-2.4999993993e-1));
  y = madd(y, m, f32x4.splat(3.3333331174e-1));
  y = mul(mul(y, m), z);
  y = madd(e, f32x4.splat(-2.12194440e-4), y);
  y = sub(y, mul(z, f32x4.splat(0.5)));
  return madd(e, f32x4.splat(0.693359375), add(m, y));
}
