// Dense inverse search on one level (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016),
// with flow passed on between neighbouring patches and brightness offsets taken out of the cost.
import { add, hsum, madd, mul, planeBytes, sub } from '../shared/simd';
import { BORDER, gradXAt, gradYAt, paddedAt, PATCH, patchesAlong, pictureAt, STRIDE } from './layout';

const residuals: usize = memory.data(256, 16); // the 64 differences of the patch that cost() saw last
let residualSum: f32 = 0; // their sum: the second result of cost()

// The two pictures of the level that is being searched; set once by search(), so that cost() takes few arguments.
let first: usize = 0; // picture the flow starts from
let firstRow: usize = 0; // its bytes per line
let second: usize = 0; // padded picture the flow leads to
let secondRow: usize = 0;
let secondWide: i32 = 0;
let rightmost: f32 = 0; // last valid origin of a patch in the padded picture
let lowest: f32 = 0;

// @ts-ignore: decorator
@inline function blend(p: usize, fx: v128): v128 {
  const a = v128.load(p);
  return madd(fx, sub(v128.load(p, 4), a), a);
}

// One line of the patch: residuals from the lines above (t) and below (n), stored at offset o.
// @ts-ignore: decorator
@inline function residual(t: v128, n: v128, fy: v128, b: usize): v128 {
  return sub(madd(fy, sub(n, t), t), v128.load(b));
}

/** Mean-free sum of squared differences between the patch at `at` (address) and a sample of the second picture at (px, py). */
function cost(at: usize, px: f32, py: f32): f32 {
  // comparisons rather than min and max: a NaN ends at 0, not as an address
  px += <f32>BORDER;
  py += <f32>BORDER;
  const X: f32 = px > 0 ? (px > rightmost ? rightmost : px) : 0;
  const Y: f32 = py > 0 ? (py > lowest ? lowest : py) : 0;
  const xi = <i32>X, yi = <i32>Y;
  const fx = f32x4.splat(X - <f32>xi), fy = f32x4.splat(Y - <f32>yi);
  const down = secondRow, r0 = firstRow;
  let a: usize = second + (<usize>(yi * secondWide + xi) << 2), b: usize = at;
  let t0 = blend(a, fx), t1 = blend(a + 16, fx), n0: v128, n1: v128, e: v128, f: v128;
  let s = f32x4.splat(0), q = f32x4.splat(0);
  // unrolled by hand: a loop over the 8 lines costs 20-30 % more in the whole level
  a += down; n0 = blend(a, fx); n1 = blend(a + 16, fx); e = residual(t0, n0, fy, b); f = residual(t1, n1, fy, b + 16); b += r0;
  v128.store(residuals, e); v128.store(residuals, f, 16); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  a += down; t0 = blend(a, fx); t1 = blend(a + 16, fx); e = residual(n0, t0, fy, b); f = residual(n1, t1, fy, b + 16); b += r0;
  v128.store(residuals, e, 32); v128.store(residuals, f, 48); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  a += down; n0 = blend(a, fx); n1 = blend(a + 16, fx); e = residual(t0, n0, fy, b); f = residual(t1, n1, fy, b + 16); b += r0;
  v128.store(residuals, e, 64); v128.store(residuals, f, 80); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  a += down; t0 = blend(a, fx); t1 = blend(a + 16, fx); e = residual(n0, t0, fy, b); f = residual(n1, t1, fy, b + 16); b += r0;
  v128.store(residuals, e, 96); v128.store(residuals, f, 112); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  a += down; n0 = blend(a, fx); n1 = blend(a + 16, fx); e = residual(t0, n0, fy, b); f = residual(t1, n1, fy, b + 16); b += r0;
  v128.store(residuals, e, 128); v128.store(residuals, f, 144); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  a += down; t0 = blend(a, fx); t1 = blend(a + 16, fx); e = residual(n0, t0, fy, b); f = residual(n1, t1, fy, b + 16); b += r0;
  v128.store(residuals, e, 160); v128.store(residuals, f, 176); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  a += down; n0 = blend(a, fx); n1 = blend(a + 16, fx); e = residual(t0, n0, fy, b); f = residual(t1, n1, fy, b + 16); b += r0;
  v128.store(residuals, e, 192); v128.store(residuals, f, 208); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  a += down; t0 = blend(a, fx); t1 = blend(a + 16, fx); e = residual(n0, t0, fy, b); f = residual(n1, t1, fy, b + 16);
  v128.store(residuals, e, 224); v128.store(residuals, f, 240); s = add(s, add(e, f)); q = madd(e, e, q); q = madd(f, f, q);
  const sum = hsum(s);
  residualSum = sum;
  return hsum(q) - sum * sum * (<f32>1 / 64);
}

/** Per patch: inverse of the mean-free structure matrix (3 values), sums of both gradients; 5 floats in `table`. */
function structure(gx: usize, gy: usize, w: i32, h: i32, table: usize): void {
  const nx = patchesAlong(w), ny = patchesAlong(h), row = <usize>w << 2;
  for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, table += 20) {
    const k = <usize>(min(j * STRIDE, h - PATCH) * w + min(i * STRIDE, w - PATCH)) << 2;
    let Vxx = f32x4.splat(0), Vxy = f32x4.splat(0), Vyy = f32x4.splat(0), Vx = f32x4.splat(0), Vy = f32x4.splat(0);
    let p = gx + k, q = gy + k;
    for (let y = 0; y < PATCH; y++, p += row, q += row) {
      let a = v128.load(p), b = v128.load(q);
      Vxx = madd(a, a, Vxx); Vxy = madd(a, b, Vxy); Vyy = madd(b, b, Vyy); Vx = add(Vx, a); Vy = add(Vy, b);
      a = v128.load(p, 16); b = v128.load(q, 16);
      Vxx = madd(a, a, Vxx); Vxy = madd(a, b, Vxy); Vyy = madd(b, b, Vyy); Vx = add(Vx, a); Vy = add(Vy, b);
    }
    const sx = hsum(Vx), sy = hsum(Vy);
    const xx: f32 = hsum(Vxx) - sx * sx / 64 + 1, xy: f32 = hsum(Vxy) - sx * sy / 64, yy: f32 = hsum(Vyy) - sy * sy / 64 + 1;
    const inv: f32 = 1 / (xx * yy - xy * xy);
    store<f32>(table, yy * inv); store<f32>(table, -xy * inv, 4); store<f32>(table, xx * inv, 8);
    store<f32>(table, sx, 12); store<f32>(table, sy, 16);
  }
}

let stepX: f32 = 0; // results of step()
let stepY: f32 = 0;

/** The descent step that the residuals of the last cost() call ask for. */
// @ts-ignore: decorator
@inline function step(gx: usize, gy: usize, row: usize, entry: usize): void {
  let A = f32x4.splat(0), B = f32x4.splat(0);
  for (let p = residuals; p < residuals + 256; p += 32, gx += row, gy += row) {
    const e = v128.load(p), f = v128.load(p, 16);
    A = madd(v128.load(gx), e, A); B = madd(v128.load(gy), e, B);
    A = madd(v128.load(gx, 16), f, A); B = madd(v128.load(gy, 16), f, B);
  }
  const m: f32 = residualSum / 64;
  const ax: f32 = hsum(A) - m * load<f32>(entry, 12), ay: f32 = hsum(B) - m * load<f32>(entry, 16);
  const cross = load<f32>(entry, 4);
  stepX = load<f32>(entry) * ax + cross * ay;
  stepY = cross * ax + load<f32>(entry, 8) * ay;
}

/** Visits every patch once, forwards or backwards: the best of its own and two neighbours' flows, then descent. */
function pass(forwards: bool, n: i32, gx: usize, gy: usize, w: i32, h: i32, pu: usize, pv: usize, table: usize): void {
  const nx = patchesAlong(w), ny = patchesAlong(h), row = <usize>w << 2, dir = forwards ? 1 : -1;
  for (let jj = 0; jj < ny; jj++) {
    const j = forwards ? jj : ny - 1 - jj, iy = min(j * STRIDE, h - PATCH), py = <f32>iy, jn = j - dir;
    for (let ii = 0; ii < nx; ii++) {
      const i = forwards ? ii : nx - 1 - ii, ix = min(i * STRIDE, w - PATCH), px = <f32>ix, inb = i - dir;
      const q = j * nx + i, k = <usize>(iy * w + ix) << 2, at = first + k;
      const qu = pu + (<usize>q << 2), qv = pv + (<usize>q << 2);
      // neighbours first and the patch's own flow last, where it wins ties: when it wins, as it mostly does,
      // the residuals are already there and the descent needs no evaluation to begin with
      let bc: f32 = f32.MAX_VALUE, bu: f32 = 0, bv: f32 = 0;
      if (inb >= 0 && inb < nx) {
        const r = <isize>dir << 2;
        bu = load<f32>(qu - r); bv = load<f32>(qv - r);
        bc = cost(at, px + bu, py + bv);
      }
      if (jn >= 0 && jn < ny) {
        const r = <isize>(dir * nx) << 2, tu = load<f32>(qu - r), tv = load<f32>(qv - r);
        const c = cost(at, px + tu, py + tv);
        if (c < bc) { bc = c; bu = tu; bv = tv; }
      }
      let cu = load<f32>(qu), cv = load<f32>(qv), c = cost(at, px + cu, py + cv);
      if (c <= bc) { bc = c; bu = cu; bv = cv; }
      else { cu = bu; cv = bv; c = cost(at, px + cu, py + cv); }
      const entry = table + <usize>q * 20;
      let before: f32 = f32.MAX_VALUE;
      for (let it = 0; ; ) {
        if (c < bc) { bc = c; bu = cu; bv = cv; }
        if (it == n || (it > 0 && c >= before * 0.999)) break;
        before = c;
        step(gx + k, gy + k, row, entry);
        cu -= stepX; cv -= stepY;
        it = stepX * stepX + stepY * stepY < 1e-3 || abs(cu - bu) + abs(cv - bv) > 12 ? n : it + 1;
        c = cost(at, px + cu, py + cv);
      }
      store<f32>(qu, bu); store<f32>(qv, bv);
    }
  }
}

/** Every patch adds its flow to its 64 pixels, weighted by 1 / max(1, |mean-free residual|); then divides. */
function densify(w: i32, h: i32, pu: usize, pv: usize, su: usize, sv: usize, sw: usize): void {
  const nx = patchesAlong(w), ny = patchesAlong(h), row = <usize>w << 2, bytes = row * <usize>h;
  memory.fill(su, 0, bytes); memory.fill(sv, 0, bytes); memory.fill(sw, 0, bytes);
  const one = f32x4.splat(1);
  for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, pu += 4, pv += 4) {
    const ix = min(i * STRIDE, w - PATCH), iy = min(j * STRIDE, h - PATCH);
    const fu = load<f32>(pu), fv = load<f32>(pv);
    let k = <usize>(iy * w + ix) << 2;
    cost(first + k, <f32>ix + fu, <f32>iy + fv);
    const M = f32x4.splat(residualSum / 64), U = f32x4.splat(fu), V = f32x4.splat(fv);
    for (let p = residuals; p < residuals + 256; p += 32, k += row) {
      const a = f32x4.div(one, f32x4.max(one, f32x4.abs(sub(v128.load(p), M))));
      const b = f32x4.div(one, f32x4.max(one, f32x4.abs(sub(v128.load(p, 16), M))));
      const x = su + k, y = sv + k, z = sw + k;
      v128.store(x, madd(a, U, v128.load(x))); v128.store(x, madd(b, U, v128.load(x, 16)), 16);
      v128.store(y, madd(a, V, v128.load(y))); v128.store(y, madd(b, V, v128.load(y, 16)), 16);
      v128.store(z, add(a, v128.load(z))); v128.store(z, add(b, v128.load(z, 16)), 16);
    }
  }
  let k: usize = 0;
  for (; k + 16 <= bytes; k += 16) {
    const inv = f32x4.div(one, v128.load(sw + k));
    v128.store(su + k, mul(v128.load(su + k), inv)); v128.store(sv + k, mul(v128.load(sv + k), inv));
  }
  for (; k < bytes; k += 4) {
    const inv: f32 = 1 / load<f32>(sw + k);
    store<f32>(su + k, load<f32>(su + k) * inv); store<f32>(sv + k, load<f32>(sv + k) * inv);
  }
}

/** Bytes of scratch that search() uses for a level of w x h. */
export function searchBytes(w: i32, h: i32): usize {
  const patches = patchesAlong(w) * patchesAlong(h);
  return 2 * planeBytes(patches) + planeBytes(5 * patches) + planeBytes(w * h);
}

/**
 * One level: from the start flow (u, v) to the found flow (su, sv), w x h planes.
 * a, b: addresses of the level of both frames; the second pass does half of `iterations`.
 */
export function search(a: usize, b: usize, w: i32, h: i32, u: usize, v: usize, su: usize, sv: usize, iterations: i32, scratch: usize): void {
  const n = w * h, nx = patchesAlong(w), ny = patchesAlong(h);
  const gx = gradXAt(a, n), gy = gradYAt(a, n);
  const pu = scratch, pv = pu + planeBytes(nx * ny), table = pv + planeBytes(nx * ny), sw = table + planeBytes(5 * nx * ny);
  first = pictureAt(a);
  firstRow = <usize>w << 2;
  second = paddedAt(b, n);
  secondWide = w + 2 * BORDER;
  secondRow = <usize>secondWide << 2;
  rightmost = <f32>(secondWide - PATCH - 2);
  lowest = <f32>(h + 2 * BORDER - PATCH - 2);
  structure(gx, gy, w, h, table);
  let q: usize = 0;
  for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, q += 4) {
    const c = <usize>((min(j * STRIDE, h - PATCH) + PATCH / 2) * w + min(i * STRIDE, w - PATCH) + PATCH / 2) << 2;
    store<f32>(pu + q, load<f32>(u + c)); store<f32>(pv + q, load<f32>(v + c));
  }
  pass(true, iterations, gx, gy, w, h, pu, pv, table);
  pass(false, iterations >> 1, gx, gy, w, h, pu, pv, table);
  densify(w, h, pu, pv, su, sv, sw);
}
