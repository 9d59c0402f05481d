// Variational refinement of one level: robust brightness and gradient constancy with a total-variation-like smoothness
// (Brox et al., ECCV 2004, in the normalised form of Kroeger et al. 2016). The linear systems are solved by successive
// over-relaxation in red-black order: pixels with even and odd x + y lie in separate planes (index x >> 1), so that a
// vector holds four pixels that do not depend on one another. Padding carries zero weights, so inner loops never branch.
import { add, div, mul, sub, TAIL } from '../shared/simd';
import { gradXAt, gradYAt, interleavedAt, pictureAt } from './layout';

const ALPHA: f32 = 20; // smoothness
const DELTA: f32 = 5; // brightness constancy
const GAMMA: f32 = 10; // gradient constancy
const OMEGA: f32 = 1.6; // over-relaxation

// @ts-ignore: decorator
@inline function even(a: v128, b: v128): v128 { return v128.shuffle<f32>(a, b, 0, 2, 4, 6); }
// @ts-ignore: decorator
@inline function odd(a: v128, b: v128): v128 { return v128.shuffle<f32>(a, b, 1, 3, 5, 7); }
// @ts-ignore: decorator
@inline function pack(e: usize, o: usize, a: v128, b: v128): void {
  v128.store(e, even(a, b));
  v128.store(o, odd(a, b));
}

// ---- geometry of the level, set by plan()
let W: i32 = 0;
let H: i32 = 0;
let vectors: i32 = 0; // vectors per line of one colour
let lineBytes: usize = 0; // bytes of one raster line of the warped planes
let S: usize = 0; // bytes of one line of one colour, padding included
let PS: usize = 0; // bytes from one colour to the other

// ---- raster planes of the warped second picture; one replicated column on each side
let warped: usize = 0, warpedX: usize = 0, warpedY: usize = 0;

// ---- two-colour planes, addresses of pixel (0, 0)
let IX: usize = 0, IY: usize = 0, IT: usize = 0, TX: usize = 0, TY: usize = 0; // first derivatives; IT, TX, TY in time
let XX: usize = 0, XY: usize = 0, YY: usize = 0; // second derivatives
let U0: usize = 0, V0: usize = 0, U: usize = 0, V: usize = 0; // flow before and now
let WR: usize = 0, WD: usize = 0; // weight of the link to the right and to the lower neighbour
let C1: usize = 0, C2: usize = 0, J: usize = 0, IA: usize = 0, IB: usize = 0; // the system: right sides, coupling, 1.6 / diagonals

let top: usize = 0;
function take(bytes: usize): usize {
  const p = top;
  top = (top + bytes + 15) & ~15;
  return p;
}

// Lays the planes out from `scratch`; returns the first free byte.
function plan(w: i32, h: i32, scratch: usize): usize {
  W = w;
  H = h;
  top = scratch;
  vectors = (w + 7) >> 3;
  lineBytes = <usize>(vectors * 8 + 8) << 2;
  const raster = lineBytes * <usize>h + TAIL;
  warped = take(raster) + 16; warpedX = take(raster) + 16; warpedY = take(raster) + 16;
  // 4 floats of padding left and right, one line above and below
  S = <usize>(vectors * 4 + 8) << 2;
  PS = S * <usize>(h + 2);
  const bytes: usize = PS * 2 + TAIL, off: usize = S + 16;
  IX = take(bytes) + off; IY = take(bytes) + off; IT = take(bytes) + off; TX = take(bytes) + off; TY = take(bytes) + off;
  XX = take(bytes) + off; XY = take(bytes) + off; YY = take(bytes) + off; U0 = take(bytes) + off; V0 = take(bytes) + off;
  U = take(bytes) + off; V = take(bytes) + off; WR = take(bytes) + off; WD = take(bytes) + off;
  C1 = take(bytes) + off; C2 = take(bytes) + off; J = take(bytes) + off; IA = take(bytes) + off; IB = take(bytes) + off;
  return top;
}

/** Bytes of scratch that refine() uses for a level of w x h. */
export function refineBytes(w: i32, h: i32): usize {
  return plan(w, h, 0);
}

// @ts-ignore: decorator
@inline function sample(img: usize, x: f32, y: f32, xmax: f32, ymax: f32): v128 {
  x = min(max(x, 0), xmax);
  y = min(max(y, 0), ymax);
  const xi = <i32>x, yi = <i32>y;
  const fx = f32x4.splat(x - <f32>xi), fy = f32x4.splat(y - <f32>yi);
  const p = img + (<usize>(yi * W + xi) << 4), q = p + (<usize>W << 4);
  const a = v128.load(p), c = v128.load(q);
  const s = add(a, mul(fx, sub(v128.load(p, 16), a))), t = add(c, mul(fx, sub(v128.load(q, 16), c)));
  return add(s, mul(fy, sub(t, s)));
}

// Second picture and its gradients, bilinearly, at x + flow. Columns up to the last vector are filled.
function warp(img: usize, u: usize, v: usize): void {
  const xmax = <f32>W - 1.001, ymax = <f32>H - 1.001, w = vectors * 8, last = <usize>(W - 1) << 2;
  const wI = warped, wX = warpedX, wY = warpedY;
  for (let y = 0; y < H; y++) {
    const ru = u + (<usize>(y * W) << 2), rv = v + (<usize>(y * W) << 2), o = lineBytes * <usize>y, fy = <f32>y;
    for (let x = 0; x < w; x += 4) {
      const t = <usize>x << 2, pu = ru + t, pv = rv + t, fx = <f32>x, k = o + t;
      const a = sample(img, fx + load<f32>(pu), fy + load<f32>(pv), xmax, ymax);
      const b = sample(img, fx + 1 + load<f32>(pu, 4), fy + load<f32>(pv, 4), xmax, ymax);
      const c = sample(img, fx + 2 + load<f32>(pu, 8), fy + load<f32>(pv, 8), xmax, ymax);
      const d = sample(img, fx + 3 + load<f32>(pu, 12), fy + load<f32>(pv, 12), xmax, ymax);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      v128.store(wI + k, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
      v128.store(wX + k, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      v128.store(wY + k, v128.shuffle<f32>(v128.shuffle<f32>(a, b, 2, 6, 2, 6), v128.shuffle<f32>(c, d, 2, 6, 2, 6), 0, 1, 4, 5));
    }
    // derive() looks one column to each side; behind the vectors anything finite will do
    store<f32>(wX + o + (<usize>w << 2), 0);
    store<f32>(wX + o - 4, load<f32>(wX + o));
    store<f32>(wX + o + last, load<f32>(wX + o + last), 4);
  }
}

// Derivatives in space and time, and the start flow, into the two-colour planes.
function derive(d0: usize, gx0: usize, gy0: usize, u: usize, v: usize): void {
  const half = f32x4.splat(0.5), wI = warped, wX = warpedX, wY = warpedY;
  for (let y = 0; y < H; y++) {
    const o = lineBytes * <usize>y, up = o - (y > 0 ? lineBytes : 0), dn = o + (y < H - 1 ? lineBytes : 0), r = <usize>(y * W) << 2;
    const e0 = S * <usize>y + (y & 1 ? PS : 0), o0 = S * <usize>y + (y & 1 ? 0 : PS);
    for (let x = 0; x < vectors; x++) {
      const t = <usize>x << 5, k = o + t, ku = up + t, kd = dn + t, q = r + t;
      const e = e0 + (t >> 1), d = o0 + (t >> 1);
      let a = v128.load(wX + k), b = v128.load(wX + k, 16), c = v128.load(gx0 + q), f = v128.load(gx0 + q, 16);
      pack(IX + e, IX + d, mul(half, add(a, c)), mul(half, add(b, f)));
      pack(TX + e, TX + d, sub(a, c), sub(b, f));
      a = v128.load(wY + k); b = v128.load(wY + k, 16); c = v128.load(gy0 + q); f = v128.load(gy0 + q, 16);
      pack(IY + e, IY + d, mul(half, add(a, c)), mul(half, add(b, f)));
      pack(TY + e, TY + d, sub(a, c), sub(b, f));
      pack(IT + e, IT + d, sub(v128.load(wI + k), v128.load(d0 + q)), sub(v128.load(wI + k, 16), v128.load(d0 + q, 16)));
      pack(XX + e, XX + d, mul(half, sub(v128.load(wX + k, 4), v128.load(wX + k - 4))), mul(half, sub(v128.load(wX + k, 20), v128.load(wX + k, 12))));
      pack(XY + e, XY + d, mul(half, sub(v128.load(wX + kd), v128.load(wX + ku))), mul(half, sub(v128.load(wX + kd, 16), v128.load(wX + ku, 16))));
      pack(YY + e, YY + d, mul(half, sub(v128.load(wY + kd), v128.load(wY + ku))), mul(half, sub(v128.load(wY + kd, 16), v128.load(wY + ku, 16))));
      a = v128.load(u + q); b = v128.load(u + q, 16); pack(U + e, U + d, a, b); pack(U0 + e, U0 + d, a, b);
      a = v128.load(v + q); b = v128.load(v + q, 16); pack(V + e, V + d, a, b); pack(V0 + e, V0 + d, a, b);
    }
  }
}

// Weights of the links from the flow as it is now: forward differences, none across the right and lower border.
function smoothness(): void {
  const rowBytes = <usize>vectors << 4, last = <usize>((W - 1) >> 1) << 2, next = <usize>(W >> 1) << 2;
  const eps2 = f32x4.splat(1e-6), strength = f32x4.splat(ALPHA * 0.5), u = U, v = V;
  // replicate column w and line h, so that the differences there are zero
  for (let y = 0; y < H; y++) {
    const s = S * <usize>y, a = s + ((W - 1 + y) & 1 ? PS : 0) + last, b = s + ((W + y) & 1 ? PS : 0) + next;
    store<f32>(u + b, load<f32>(u + a));
    store<f32>(v + b, load<f32>(v + a));
  }
  const l = S * <usize>(H - 1), l1 = S * <usize>H;
  memory.copy(u + l1, u + PS + l, rowBytes); memory.copy(u + PS + l1, u + l, rowBytes);
  memory.copy(v + l1, v + PS + l, rowBytes); memory.copy(v + PS + l1, v + l, rowBytes);
  for (let c = 0; c < 2; c++) for (let y = 0; y < H; y++) {
    const s = S * <usize>y, me = s + (c ? PS : 0), other = s + (c ? 0 : PS), right = other + (<usize>((y + c) & 1) << 2);
    for (let t: usize = 0; t < rowBytes; t += 16) {
      const m = me + t, r = right + t, d = other + S + t, a = v128.load(u + m), b = v128.load(v + m);
      const ur = sub(v128.load(u + r), a), ud = sub(v128.load(u + d), a), vr = sub(v128.load(v + r), b), vd = sub(v128.load(v + d), b);
      const k = div(strength, f32x4.sqrt(add(add(mul(ur, ur), mul(ud, ud)), add(add(mul(vr, vr), mul(vd, vd)), eps2))));
      v128.store(WR + m, k);
      v128.store(WD + m, k);
    }
  }
  for (let y = 0; y < H; y++) store<f32>(WR + S * <usize>y + ((W - 1 + y) & 1 ? PS : 0) + last, 0);
  memory.fill(WD + l, 0, rowBytes);
  memory.fill(WD + PS + l, 0, rowBytes);
}

// The 2x2 system of every pixel, with robust weights from the flow as it is now.
function assemble(): void {
  const eps2 = f32x4.splat(1e-6), small = f32x4.splat(0.01), one = f32x4.splat(1), ridge = f32x4.splat(1e-4);
  const kd = f32x4.splat(DELTA * 0.5), kg = f32x4.splat(GAMMA * 0.5), omega = f32x4.splat(OMEGA), rowBytes = <usize>vectors << 4;
  for (let c = 0; c < 2; c++) for (let y = 0; y < H; y++) {
    const s = S * <usize>y, me = s + (c ? PS : 0), other = s + (c ? 0 : PS), left = other + (<usize>((y + c) & 1) << 2) - 4;
    for (let t: usize = 0; t < rowBytes; t += 16) {
      const m = me + t;
      const ix = v128.load(IX + m), iy = v128.load(IY + m), it = v128.load(IT + m), tx = v128.load(TX + m), ty = v128.load(TY + m);
      const xx = v128.load(XX + m), xy = v128.load(XY + m), yy = v128.load(YY + m), u0 = v128.load(U0 + m), v0 = v128.load(V0 + m);
      const du = sub(v128.load(U + m), u0), dv = sub(v128.load(V + m), v0), xy2 = mul(xy, xy);
      const n0 = div(one, add(add(mul(ix, ix), mul(iy, iy)), small));
      const n1 = div(one, add(add(mul(xx, xx), xy2), small)), n2 = div(one, add(add(mul(yy, yy), xy2), small));
      const r = add(it, add(mul(ix, du), mul(iy, dv)));
      const wd = mul(div(kd, f32x4.sqrt(add(mul(mul(r, r), n0), eps2))), n0);
      const rx = add(tx, add(mul(xx, du), mul(xy, dv))), ry = add(ty, add(mul(xy, du), mul(yy, dv)));
      const wg = div(kg, f32x4.sqrt(add(add(mul(mul(rx, rx), n1), mul(mul(ry, ry), n2)), eps2)));
      const dx = mul(wd, ix), dy = mul(wd, iy), g1 = mul(wg, n1), g2 = mul(wg, n2);
      const a = mul(g1, xx), b = mul(g2, xy), e = mul(g1, xy), f = mul(g2, yy);
      const j11 = add(add(mul(dx, ix), add(mul(a, xx), mul(b, xy))), ridge), j22 = add(add(mul(dy, iy), add(mul(e, xy), mul(f, yy))), ridge);
      const j12 = add(mul(dx, iy), add(mul(a, xy), mul(b, yy)));
      const b1 = add(mul(dx, it), add(mul(a, tx), mul(b, ty))), b2 = add(mul(dy, it), add(mul(e, tx), mul(f, ty)));
      const ws = add(add(v128.load(WR + m), v128.load(WD + m)), add(v128.load(WR + left + t), v128.load(WD + other - S + t)));
      v128.store(J + m, j12);
      v128.store(C1 + m, sub(add(mul(j11, u0), mul(j12, v0)), b1));
      v128.store(C2 + m, sub(add(mul(j12, u0), mul(j22, v0)), b2));
      v128.store(IA + m, div(omega, add(j11, ws)));
      v128.store(IB + m, div(omega, add(j22, ws)));
    }
  }
}

// One sweep over both colours.
function relax(): void {
  const keep = f32x4.splat(1 - OMEGA), rowBytes = <usize>vectors << 4;
  const u = U, v = V, wR = WR, wD = WD, j12 = J, c1 = C1, c2 = C2, ia = IA, ib = IB;
  for (let c = 0; c < 2; c++) for (let y = 0; y < H; y++) {
    const s = S * <usize>y, me = s + (c ? PS : 0), other = s + (c ? 0 : PS), right = other + (<usize>((y + c) & 1) << 2);
    for (let t: usize = 0; t < rowBytes; t += 16) {
      const m = me + t, r = right + t, n = other + t - S, d = other + t + S;
      const wr = v128.load(wR + m), wd = v128.load(wD + m), wl = v128.load(wR + r - 4), wu = v128.load(wD + n);
      const j = v128.load(j12 + m), old = v128.load(v + m);
      const su = add(add(mul(wr, v128.load(u + r)), mul(wl, v128.load(u + r - 4))), add(mul(wd, v128.load(u + d)), mul(wu, v128.load(u + n))));
      const now = add(mul(keep, v128.load(u + m)), mul(v128.load(ia + m), sub(add(v128.load(c1 + m), su), mul(j, old))));
      v128.store(u + m, now);
      const sv = add(add(mul(wr, v128.load(v + r)), mul(wl, v128.load(v + r - 4))), add(mul(wd, v128.load(v + d)), mul(wu, v128.load(v + n))));
      v128.store(v + m, add(mul(keep, old), mul(v128.load(ib + m), sub(add(v128.load(c2 + m), sv), mul(j, now)))));
    }
  }
}

// Back to raster order. The last vector of a line spills into the next line, which is written after it.
function unpack(u: usize, v: usize): void {
  const rowBytes = <usize>vectors << 4;
  for (let y = 0; y < H; y++) {
    const e = S * <usize>y + (y & 1 ? PS : 0), d = S * <usize>y + (y & 1 ? 0 : PS), r = <usize>(y * W) << 2;
    for (let t: usize = 0; t < rowBytes; t += 16) {
      const k = r + 2 * t;
      let a = v128.load(U + e + t), b = v128.load(U + d + t);
      v128.store(u + k, v128.shuffle<f32>(a, b, 0, 4, 1, 5)); v128.store(u + k, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
      a = v128.load(V + e + t); b = v128.load(V + d + t);
      v128.store(v + k, v128.shuffle<f32>(a, b, 0, 4, 1, 5)); v128.store(v + k, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
    }
  }
}

/** Refines the flow (u, v) of one level in place. a, b: the level of both frames; `outer` rounds of weights, `sweeps` each. */
export function refine(a: usize, b: usize, w: i32, h: i32, u: usize, v: usize, outer: i32, sweeps: i32, scratch: usize): void {
  plan(w, h, scratch);
  const n = w * h;
  // the padding of flow and weights must be zero; all other planes are written wherever they are read
  memory.fill(U - S - 16, 0, C1 - U);
  warp(interleavedAt(b, w, h), u, v);
  derive(pictureAt(a), gradXAt(a, n), gradYAt(a, n), u, v);
  for (let o = 0; o < outer; o++) {
    smoothness();
    assemble();
    for (let s = 0; s < sweeps; s++) relax();
  }
  unpack(u, v);
}
