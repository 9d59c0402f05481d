// exp and ln of four floats at once, after the Cephes library's single-precision forms: relative error below 2e-7.
import { add, madd, mul, sub } from './simd';

/** e^x for x in -87..88; outside it the nearer end's value. */
// @ts-ignore: decorator
@inline export function exp4(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, f32x4.splat(-87.3)), f32x4.splat(88.3));
  const n = f32x4.nearest(mul(x, f32x4.splat(1.44269504088896341)));
  let r = sub(x, mul(n, f32x4.splat(0.693359375)));
  r = sub(r, mul(n, f32x4.splat(-2.12194440e-4)));
  let y = f32x4.splat(1.9875691500e-4);
  y = madd(y, r, f32x4.splat(1.3981999507e-3));
  y = madd(y, r, f32x4.splat(8.3334519073e-3));
  y = madd(y, r, f32x4.splat(4.1665795894e-2));
  y = madd(y, r, f32x4.splat(1.6666665459e-1));
  y = madd(y, r, f32x4.splat(5.0000001201e-1));
  y = add(madd(mul(r, r), y, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return mul(y, power);
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
