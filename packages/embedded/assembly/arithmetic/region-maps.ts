// The evidence maps that need no colour model: the twin of src/evidence/region-maps.ts, which has the constants' meaning.
import { add, div, madd, mul, sub } from '../shared/simd';
import { ln4 } from '../shared/exp';

const OBJECT_FROM: f32 = 1;
const PRIOR_PIXELS: f32 = 3;
const BAND: f32 = 14;

/** Bytes of scratch for a region of w x h. */
export function regionMapsBytes(w: i32, h: i32): usize { return (<usize>(w * h + w) << 4) + (<usize>(w + 4) << 3) + 128; }

// @ts-ignore: decorator
@inline function clamp(x: v128, bound: v128): v128 { return f32x4.max(f32x4.min(x, bound), f32x4.neg(bound)); }

/** asinh(x) / 2. */
// @ts-ignore: decorator
@inline function halfAsinh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000)), size = v128.xor(x, sign);
  const value = ln4(add(size, f32x4.sqrt(madd(size, size, f32x4.splat(1)))));
  return v128.or(mul(value, f32x4.splat(0.5)), sign);
}

/** a / (a + b). */
// @ts-ignore: decorator
@inline function part(a: v128, b: v128): v128 { return div(a, add(a, b)); }

// 1, u, v, 0 of every pixel of the object and zeros elsewhere; returns the sum.
function objectMotion(u: usize, v: usize, distance: usize, n: i32, out: usize): v128 {
  let sum = f32x4.splat(0);
  const one = f32x4(1, 0, 0, 0);
  for (let i = 0; i < n; i++, u += 4, v += 4, distance += 4, out += 16) {
    let pixel = f32x4.splat(0);
    if (load<f32>(distance) > OBJECT_FROM) {
      pixel = f32x4.replace_lane(f32x4.replace_lane(one, 1, load<f32>(u)), 2, load<f32>(v));
      sum = add(sum, pixel);
    }
    v128.store(out, pixel);
  }
  return sum;
}

// Mean motion of the object's pixels around each pixel of row y, from the sums of its columns, which are moved to row y.
function meansOfRow(own: usize, columns: usize, w: i32, h: i32, y: i32, radius: i32, prior: v128, u: usize, v: usize): void {
  const row = <usize>w << 4, right = w - 1;
  if (y == 0) {
    memory.fill(columns, 0, row);
    for (let j = -radius; j <= radius; j++) {
      const from = own + row * <usize>min(h - 1, max(0, j));
      for (let k: usize = 0; k < row; k += 16) v128.store(columns + k, add(v128.load(columns + k), v128.load(from + k)));
    }
  } else {
    const enter = own + row * <usize>min(h - 1, y + radius), leave = own + row * <usize>max(0, y - 1 - radius);
    for (let k: usize = 0; k < row; k += 16) {
      v128.store(columns + k, add(v128.load(columns + k), sub(v128.load(enter + k), v128.load(leave + k))));
    }
  }
  let sum = prior;
  for (let x = -radius; x <= radius; x++) sum = add(sum, v128.load(columns + (<usize>min(right, max(0, x)) << 4)));
  for (let x = 0; x < w; x++, u += 4, v += 4) {
    const mean = div(sum, v128.shuffle<f32>(sum, sum, 0, 0, 0, 0));
    store<f32>(u, f32x4.extract_lane(mean, 1));
    store<f32>(v, f32x4.extract_lane(mean, 2));
    const enter = columns + (<usize>min(right, x + radius + 1) << 4), leave = columns + (<usize>max(0, x - radius) << 4);
    sum = add(sum, sub(v128.load(enter), v128.load(leave)));
  }
}

/**
 * Fills planes of `maps` (w x h each, in the order of src/evidence/maps.ts) from planes of the region and its interleaved
 * Lab. camera: the background's motion at (x, y) of the region is u = c0 + c1 x + c2 y, v = c3 + c4 x + c5 y, six floats;
 * 0 = unknown. `reach`: what the relative distance is measured in. w is at least 4.
 */
export function regionMaps(u: usize, v: usize, distance: usize, soft: usize, label: usize, confidence: usize, agreement: usize,
  lab: usize, w: i32, h: i32, radius: i32, camera: usize, reach: f32, maps: usize, scratch: usize): void {
  const n = w * h, plane = <usize>n << 2;
  const own = scratch, columns = own + (<usize>n << 4), meanU = columns + (<usize>w << 4), meanV = meanU + (<usize>(w + 4) << 2);
  const total = objectMotion(u, v, distance, n, own), count = f32x4.extract_lane(total, 0);
  const prior = count > 0 ? mul(f32x4.splat(PRIOR_PIXELS / count), total) : f32x4(PRIOR_PIXELS, 0, 0, 0);
  const zero = f32x4.splat(0), one = f32x4.splat(1), two = f32x4.splat(2), lanes = f32x4(0, 1, 2, 3);
  for (let y = 0; y < h; y++) {
    meansOfRow(own, columns, w, h, y, radius, prior, meanU, meanV);
    for (let at = 0; at < w; at += 4) {
      // The last four pixels of a line overlap those before.
      const x = min(at, w - 4), k = <usize>(y * w + x) << 2, o = maps + k;
      const U = v128.load(u + k), V = v128.load(v + k), mu = v128.load(meanU + (<usize>x << 2)), mv = v128.load(meanV + (<usize>x << 2));
      const noise = madd(f32x4.splat(0.04), madd(U, U, mul(V, V)), f32x4.splat(1.6));
      let pu = U, pv = V, apart = zero;
      if (camera) {
        const X = add(f32x4.splat(<f32>x), lanes), Y = f32x4.splat(<f32>y);
        pu = madd(v128.load_splat<f32>(camera, 8), Y, madd(v128.load_splat<f32>(camera, 4), X, v128.load_splat<f32>(camera)));
        pv = madd(v128.load_splat<f32>(camera, 20), Y, madd(v128.load_splat<f32>(camera, 16), X, v128.load_splat<f32>(camera, 12)));
        const au = sub(mu, pu), av = sub(mv, pv);
        apart = madd(au, au, mul(av, av));
      }
      const fu = sub(U, mu), fv = sub(V, mv), ru = sub(U, pu), rv = sub(V, pv);
      const unlikeObject = part(madd(fu, fu, mul(fv, fv)), noise), unlikeCamera = part(madd(ru, ru, mul(rv, rv)), noise);
      v128.store(o + 6 * plane, unlikeObject);
      v128.store(o + 7 * plane, unlikeCamera);
      v128.store(o + 8 * plane, part(apart, noise));
      v128.store(o + 16 * plane, sub(unlikeCamera, unlikeObject));
      v128.store(o + 19 * plane, halfAsinh(ru));
      v128.store(o + 20 * plane, halfAsinh(rv));
      v128.store(o + 21 * plane, halfAsinh(fu));
      v128.store(o + 22 * plane, halfAsinh(fv));

      const d = v128.load(distance + k), c = v128.load(confidence + k), l = sub(mul(two, v128.load(label + k)), one);
      v128.store(o, mul(d, f32x4.splat(0.125)));
      v128.store(o + 9 * plane, clamp(div(d, f32x4.splat(1.5)), one));
      v128.store(o + 17 * plane, clamp(div(d, f32x4.splat(reach)), f32x4.splat(1.5)));
      v128.store(o + 4 * plane, l);
      v128.store(o + 5 * plane, c);
      v128.store(o + 18 * plane, mul(c, l));
      v128.store(o + 11 * plane, sub(mul(two, v128.load(soft + k)), one));
      v128.store(o + 13 * plane, v128.load(agreement + k));
      v128.store(o + 26 * plane, v128.and(one, f32x4.le(f32x4.abs(d), f32x4.splat(BAND))));

      const p = lab + 3 * k, a = v128.load(p), b = v128.load(p, 16), e = v128.load(p, 32);
      const L = v128.shuffle<f32>(v128.shuffle<f32>(a, b, 0, 3, 6, 6), e, 0, 1, 2, 5);
      v128.store(o + 23 * plane, div(sub(L, f32x4.splat(50)), f32x4.splat(30)));
      v128.store(o + 24 * plane, div(v128.shuffle<f32>(v128.shuffle<f32>(a, b, 1, 4, 7, 7), e, 0, 1, 2, 6), f32x4.splat(20)));
      v128.store(o + 25 * plane, div(v128.shuffle<f32>(v128.shuffle<f32>(a, b, 2, 5, 5, 5), e, 0, 1, 4, 7), f32x4.splat(20)));
    }
  }
}
