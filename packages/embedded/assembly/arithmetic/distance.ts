// Signed exact Euclidean distance. Distances along columns come first, four columns at once; along rows the nearest of
// (x - q)^2 + column(q)^2 is found by looking outwards while that can still pay, four pixels at once, or, in rows far
// from any outline, by the lower envelope of parabolas (Felzenszwalb & Huttenlocher 2012).
import { add, mul, planeBytes } from '../shared/simd';

const FAR: f32 = 30000;
/** Rows whose largest column distance is more than this take the envelope. */
const LOOK: f32 = 40;

// Pads each row of the column planes on both sides with as much as a search may look beyond.
const SIDE: i32 = 48;

// @ts-ignore: decorator
@inline function strideOf(w: i32): usize { return <usize>((w + 2 * SIDE + 3) & ~3) << 2; }

/** Bytes of scratch for a picture of w x h. */
export function distanceBytes(w: i32, h: i32): usize {
  return 2 * (strideOf(w) * <usize>h + 64) + planeBytes(w) * 5 + <usize>(w + 4) * 32;
}

// Distance along the column to the nearest pixel that is set (or not, by `flip`); 0 on such a pixel.
function columns(mask: usize, w: i32, h: i32, set: bool, out: usize): void {
  const stride = strideOf(w), side = <usize>SIDE << 2, one = f32x4.splat(1), far = f32x4.splat(FAR);
  for (let y = 0; y < h; y++) {
    const row = out + stride * <usize>y;
    // beyond the picture there is nothing to be near to
    for (let k: usize = 0; k < stride; k += 16) if (k < side || k + 16 > side + (<usize>w << 2)) v128.store(row + k, far);
    const o = row + side, m = mask + <usize>(y * w);
    for (let x = 0; x < w; x++) {
      const here = (load<u8>(m + x) != 0) == set, k = <usize>x << 2;
      store<f32>(o + k, here ? 0 : y > 0 ? min(FAR, load<f32>(o + k - stride) + 1) : FAR);
    }
  }
  for (let y = h - 2; y >= 0; y--) {
    const o = out + stride * <usize>y + side;
    let x = 0;
    for (; x + 4 <= w; x += 4) {
      const k = o + (<usize>x << 2);
      v128.store(k, f32x4.pmin(v128.load(k), add(v128.load(k + stride), one)));
    }
    for (; x < w; x++) {
      const k = o + (<usize>x << 2);
      store<f32>(k, min(load<f32>(k), load<f32>(k + stride) + 1));
    }
  }
}

// Squares a row in place; its largest value before.
function squareRow(row: usize, w: i32): f32 {
  const stride = strideOf(w), side = <usize>SIDE << 2;
  let most: f32 = 0;
  for (let x = 0; x < w; x++) most = max(most, load<f32>(row + side + (<usize>x << 2)));
  for (let k: usize = 0; k < stride; k += 16) {
    const v = v128.load(row + k);
    v128.store(row + k, mul(v, v));
  }
  return most;
}

// Least of (x - q)^2 + f(q) for four pixels from p on.
// @ts-ignore: decorator
@inline function look(p: usize): v128 {
  let best = v128.load(p);
  let l = p - 4, r = p + 4;
  for (let d: f32 = 1; ; d += 1, l -= 4, r += 4) {
    const d2 = f32x4.splat(d * d);
    if (!v128.any_true(f32x4.gt(best, d2))) break;
    best = f32x4.pmin(best, add(d2, f32x4.pmin(v128.load(l), v128.load(r))));
  }
  return best;
}

// The lower envelope of a row of squared column distances f, into out.
function envelope(f: usize, w: i32, out: usize, scratch: usize): void {
  const apex = scratch, border = (scratch + (<usize>(w + 2) << 2) + 15) & ~15;
  let k: usize = 0;
  store<i32>(apex, 0);
  store<f64>(border, -1e20);
  store<f64>(border, 1e20, 8);
  for (let q = 1; q < w; q++) {
    const top = <f64>load<f32>(f + (<usize>q << 2)) + <f64>q * <f64>q;
    let v = load<i32>(apex + (k << 2));
    let s = (top - <f64>load<f32>(f + (<usize>v << 2)) - <f64>v * <f64>v) / (2 * <f64>(q - v));
    while (s <= load<f64>(border + (k << 3))) {
      k--;
      v = load<i32>(apex + (k << 2));
      s = (top - <f64>load<f32>(f + (<usize>v << 2)) - <f64>v * <f64>v) / (2 * <f64>(q - v));
    }
    k++;
    store<i32>(apex + (k << 2), q);
    store<f64>(border + (k << 3), s);
    store<f64>(border + (k << 3), 1e20, 8);
  }
  k = 0;
  for (let x = 0; x < w; x++) {
    while (load<f64>(border + (k << 3), 8) < <f64>x) k++;
    const v = load<i32>(apex + (k << 2)), d = <f64>(x - v);
    store<f32>(out + (<usize>x << 2), <f32>(d * d + <f64>load<f32>(f + (<usize>v << 2))));
  }
}

/**
 * Inside (mask not 0) the distance to the nearest pixel outside less 0.5, outside 0.5 less the distance to the nearest
 * pixel inside. Writes up to three values past the end of `out`.
 */
export function signedDistance(mask: usize, w: i32, h: i32, out: usize, scratch: usize): void {
  const stride = strideOf(w), side = <usize>SIDE << 2, plane = stride * <usize>h + 64;
  const toOutside = scratch, toInside = scratch + plane;
  const rowA = toInside + plane, rowB = rowA + planeBytes(w), spare = (rowB + planeBytes(w) + 15) & ~15;
  columns(mask, w, h, false, toOutside);
  columns(mask, w, h, true, toInside);
  const half = f32x4.splat(0.5), zero = f32x4.splat(0);
  for (let y = 0; y < h; y++) {
    const a = toOutside + stride * <usize>y, b = toInside + stride * <usize>y, o = out + (<usize>(y * w) << 2);
    const mostA = squareRow(a, w), mostB = squareRow(b, w);
    const farA = mostA > LOOK, farB = mostB > LOOK;
    if (farA) envelope(a + side, w, rowA, spare);
    if (farB) envelope(b + side, w, rowB, spare);
    for (let x = 0; x < w; x += 4) {
      const k = <usize>x << 2, p = a + side + k, q = b + side + k;
      // what is 0 away from the outside is outside, and its distance counts from the inside
      const outside = f32x4.eq(v128.load(p), zero);
      let s = zero, t = zero;
      if (!i32x4.all_true(outside)) s = farA ? v128.load(rowA + k) : look(p);
      if (v128.any_true(outside)) t = farB ? v128.load(rowB + k) : look(q);
      v128.store(o + k, v128.bitselect(f32x4.sub(half, f32x4.sqrt(t)), f32x4.sub(f32x4.sqrt(s), half), outside));
    }
  }
}
