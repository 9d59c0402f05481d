// Colour mixtures: fitting (to the last bit as primitives/colour-model.ts does it) and log ratios (four pixels at once in
// single precision: within 1e-4 of it).
import { add, madd, mul, sub } from '../shared/simd';
import { exp2, ln4 } from '../shared/exp';

/** Binary logarithm of a density below which a component says nothing (the ratios add 1e-8 to every density). */
const LEAST: f32 = -50;

// Density of four colours under a model. Per component, as floats: mean (3); the upper triangle of the root of half the
// inverse covariance, in binary logarithms (6); the binary logarithm of its weight.
// @ts-ignore: decorator
@inline function density4(L: v128, a: v128, b: v128, model: usize, components: i32): v128 {
  let sum = f32x4.splat(0);
  const least = f32x4.splat(LEAST);
  for (let k = 0; k < components; k++, model += 40) {
    const x = sub(L, v128.load_splat<f32>(model)), y = sub(a, v128.load_splat<f32>(model, 4)), z = sub(b, v128.load_splat<f32>(model, 8));
    const p = madd(v128.load_splat<f32>(model, 20), z, madd(v128.load_splat<f32>(model, 16), y, mul(v128.load_splat<f32>(model, 12), x)));
    const q = madd(v128.load_splat<f32>(model, 28), z, mul(v128.load_splat<f32>(model, 24), y));
    const r = mul(v128.load_splat<f32>(model, 32), z);
    const e = sub(v128.load_splat<f32>(model, 36), madd(r, r, madd(q, q, mul(p, p))));
    if (v128.any_true(f32x4.gt(e, least))) sum = add(sum, exp2(e));
  }
  return sum;
}

// Log ratios, limited to [-4, 4], of four interleaved colours.
// @ts-ignore: decorator
@inline function ratios4(lab: usize, fg: usize, fgCount: i32, bg: usize, bgCount: i32): v128 {
  const u = v128.load(lab), v = v128.load(lab, 16), w = v128.load(lab, 32);
  const L = v128.shuffle<f32>(v128.shuffle<f32>(u, v, 0, 3, 6, 6), w, 0, 1, 2, 5);
  const a = v128.shuffle<f32>(v128.shuffle<f32>(u, v, 1, 4, 7, 7), w, 0, 1, 2, 6);
  const b = v128.shuffle<f32>(v128.shuffle<f32>(u, v, 2, 5, 5, 5), w, 0, 1, 4, 7);
  const least = f32x4.splat(1e-8), limit = f32x4.splat(4);
  const f = add(density4(L, a, b, fg, fgCount), least), g = add(density4(L, a, b, bg, bgCount), least);
  return f32x4.max(f32x4.min(ln4(f32x4.div(f, g)), limit), f32x4.neg(limit));
}

/**
 * ln of foreground over background density, limited to [-4, 4], of n interleaved Lab colours. Models as density4 reads
 * them. Reads up to three colours past n and writes as many values.
 */
export function logRatios(fg: usize, fgCount: i32, bg: usize, bgCount: i32, lab: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 4, lab += 48, out += 16) v128.store(out, ratios4(lab, fg, fgCount, bg, bgCount));
}

/**
 * Adds a window of (2 radius + 1)^2 pixels around (cx, cy) of a Lab picture of w x h to the sums of log ratios,
 * confidences and the weights of both, 1 / (distance to the centre + 1). Writes up to three values past a plane.
 */
export function addWindow(lab: usize, w: i32, h: i32, cx: i32, cy: i32, radius: i32, confidence: f32,
  object: usize, objectCount: i32, surround: usize, surroundCount: i32, ratios: usize, confidences: usize, weights: usize): void {
  const one = f32x4.splat(1), sure = f32x4.splat(confidence);
  const x0 = max(0, cx - radius), x1 = min(w - 1, cx + radius), y1 = min(h - 1, cy + radius);
  const last = i32x4.splat(x1), lanes = i32x4(0, 1, 2, 3);
  for (let y = max(0, cy - radius); y <= y1; y++) {
    const dy = <f32>(y - cy), dy2 = f32x4.splat(dy * dy);
    let k = <usize>(y * w + x0);
    for (let x = x0; x <= x1; x += 4, k += 4) {
      const at = i32x4.add(i32x4.splat(x), lanes), dx = f32x4.convert_i32x4_s(i32x4.sub(at, i32x4.splat(cx)));
      const weight = v128.and(f32x4.div(one, add(f32x4.sqrt(madd(dx, dx, dy2)), one)), i32x4.le_s(at, last));
      const ratio = v128.and(ratios4(lab + k * 12, object, objectCount, surround, surroundCount), i32x4.le_s(at, last));
      const o = k << 2;
      v128.store(ratios + o, madd(weight, ratio, v128.load(ratios + o)));
      v128.store(confidences + o, madd(weight, sure, v128.load(confidences + o)));
      v128.store(weights + o, add(weight, v128.load(weights + o)));
    }
  }
}

/** Makes means of the sums of n pixels: half the log ratio, the confidence in -1..1. */
export function finishWindows(n: i32, ratios: usize, confidences: usize, weights: usize): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1), half = f32x4.splat(0.5), two = f32x4.splat(2);
  for (let i = 0; i < n; i += 4, ratios += 16, confidences += 16, weights += 16) {
    const weight = v128.load(weights), over = v128.and(f32x4.div(one, weight), f32x4.gt(weight, zero));
    v128.store(ratios, mul(v128.load(ratios), mul(half, over)));
    v128.store(confidences, sub(mul(two, mul(v128.load(confidences), over)), one));
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
