// Colour mixtures: fitting (to the last bit as primitives/colour-model.ts does it) and log ratios (four pixels at once in
// single precision: within 1e-4 of it).
import { add, madd, mul, sub } from '../shared/simd';
import { exp4, ln4 } from '../shared/exp';

const REACH: f32 = 60;

// Density of four pixels under a model: per component mean (3), inverse covariance (6), logarithm of weight, as floats.
// @ts-ignore: decorator
@inline function density4(L: v128, a: v128, b: v128, model: usize, components: i32): v128 {
  let sum = f32x4.splat(0);
  const half = f32x4.splat(-0.5), two = f32x4.splat(2), reach = f32x4.splat(REACH);
  for (let k = 0; k < components; k++, model += 40) {
    const x = sub(L, v128.load_splat<f32>(model)), y = sub(a, v128.load_splat<f32>(model, 4)), z = sub(b, v128.load_splat<f32>(model, 8));
    const xy = mul(v128.load_splat<f32>(model, 16), y), xz = mul(v128.load_splat<f32>(model, 20), z);
    const e0 = mul(x, madd(two, add(xy, xz), mul(v128.load_splat<f32>(model, 12), x)));
    const e1 = mul(y, madd(two, mul(v128.load_splat<f32>(model, 28), z), mul(v128.load_splat<f32>(model, 24), y)));
    const e = add(add(e0, e1), mul(v128.load_splat<f32>(model, 32), mul(z, z)));
    const near = f32x4.lt(e, reach);
    if (v128.any_true(near)) sum = add(sum, v128.and(near, exp4(madd(half, e, v128.load_splat<f32>(model, 36)))));
  }
  return sum;
}

/**
 * ln of foreground over background density, limited to [-4, 4], of n colours given as three planes. Models as
 * density4 reads them. Reads and writes up to three values past n.
 */
export function logRatios(fg: usize, fgCount: i32, bg: usize, bgCount: i32, L: usize, a: usize, b: usize, n: i32, out: usize): void {
  const least = f32x4.splat(1e-8), limit = f32x4.splat(4);
  for (let i = 0; i < n; i += 4, L += 16, a += 16, b += 16, out += 16) {
    const l = v128.load(L), p = v128.load(a), q = v128.load(b);
    const f = add(density4(l, p, q, fg, fgCount), least), g = add(density4(l, p, q, bg, bgCount), least);
    v128.store(out, f32x4.max(f32x4.min(ln4(f32x4.div(f, g)), limit), f32x4.neg(limit)));
  }
}

// ---- fitting

// Nearest component of two samples at once. Model: mean (3), inverse (6), logarithm of weight, as doubles.
// @ts-ignore: decorator
@inline function nearest2(x: v128, y: v128, z: v128, model: usize, components: i32, euclidean: bool): v128 {
  let best = i64x2.splat(0), least = f64x2.splat(1e30);
  const two = f64x2.splat(2);
  for (let k = 0; k < components; k++, model += 80) {
    const a = f64x2.sub(x, v128.load_splat<f64>(model)), b = f64x2.sub(y, v128.load_splat<f64>(model, 8)), c = f64x2.sub(z, v128.load_splat<f64>(model, 16));
    let e: v128;
    if (euclidean) {
      e = f64x2.add(f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)), f64x2.mul(c, c));
    } else {
      const cross = f64x2.mul(two, f64x2.add(f64x2.mul(v128.load_splat<f64>(model, 32), b), f64x2.mul(v128.load_splat<f64>(model, 40), c)));
      const e0 = f64x2.mul(a, f64x2.add(f64x2.mul(v128.load_splat<f64>(model, 24), a), cross));
      const e1 = f64x2.mul(b, f64x2.add(f64x2.mul(v128.load_splat<f64>(model, 48), b), f64x2.mul(f64x2.mul(two, v128.load_splat<f64>(model, 56)), c)));
      const e2 = f64x2.mul(f64x2.mul(v128.load_splat<f64>(model, 64), c), c);
      e = f64x2.sub(f64x2.add(f64x2.add(e0, e1), e2), f64x2.mul(two, v128.load_splat<f64>(model, 72)));
    }
    const nearer = f64x2.lt(e, least);
    least = v128.bitselect(e, least, nearer);
    best = v128.bitselect(i64x2.splat(k), best, nearer);
  }
  return best;
}

// @ts-ignore: decorator
@inline function tally(moments: usize, x: f64, y: f64, z: f64): void {
  const xy = f64x2.replace_lane(f64x2.splat(x), 1, y), m1 = moments + 8;
  store<f64>(moments, load<f64>(moments) + 1);
  v128.store(m1, f64x2.add(v128.load(m1), xy));
  store<f64>(moments, load<f64>(moments, 24) + z, 24);
  v128.store(m1, f64x2.add(v128.load(m1, 24), f64x2.mul(f64x2.splat(x), xy)), 24);
  store<f64>(moments, load<f64>(moments, 48) + x * z, 48);
  const yz = f64x2.replace_lane(f64x2.splat(y), 1, z);
  v128.store(m1, f64x2.add(v128.load(m1, 48), f64x2.mul(f64x2.splat(y), yz)), 48);
  store<f64>(moments, load<f64>(moments, 72) + z * z, 72);
}

/**
 * Adds every sample (n, an even number of values may be read; three planes of doubles) to the moments of the component
 * it belongs to: count, 3 sums, 6 products (xx, xy, xz, yy, yz, zz), 10 doubles each, cleared first.
 */
export function assign(x: usize, y: usize, z: usize, n: i32, model: usize, components: i32, euclidean: bool, moments: usize): void {
  memory.fill(moments, 0, <usize>components * 80);
  for (let i = 0; i < n; i += 2, x += 16, y += 16, z += 16) {
    const a = v128.load(x), b = v128.load(y), c = v128.load(z);
    const best = nearest2(a, b, c, model, components, euclidean);
    tally(moments + <usize>i64x2.extract_lane(best, 0) * 80, f64x2.extract_lane(a, 0), f64x2.extract_lane(b, 0), f64x2.extract_lane(c, 0));
    if (i + 1 < n) {
      tally(moments + <usize>i64x2.extract_lane(best, 1) * 80, f64x2.extract_lane(a, 1), f64x2.extract_lane(b, 1), f64x2.extract_lane(c, 1));
    }
  }
}

/** Lowers each sample's squared distance to the nearest mean by that to a new one; returns the sum of all, in order. */
export function approach(x: usize, y: usize, z: usize, n: i32, mx: f64, my: f64, mz: f64, nearest: usize): f64 {
  let sum: f64 = 0;
  const MX = f64x2.splat(mx), MY = f64x2.splat(my), MZ = f64x2.splat(mz);
  for (let i = 0; i < n; i += 2, x += 16, y += 16, z += 16, nearest += 16) {
    const a = f64x2.sub(v128.load(x), MX), b = f64x2.sub(v128.load(y), MY), c = f64x2.sub(v128.load(z), MZ);
    const d = f64x2.pmin(v128.load(nearest), f64x2.add(f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)), f64x2.mul(c, c)));
    v128.store(nearest, d);
    sum += f64x2.extract_lane(d, 0);
    if (i + 1 < n) sum += f64x2.extract_lane(d, 1);
  }
  return sum;
}
