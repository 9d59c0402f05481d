// One frame's pyramid: grey half grid straight from the bytes, halvings, gradients, padded and interleaved copies.
import { add, mul, planeBytes, sub } from '../shared/simd';
import { BORDER, gradXAt, gradYAt, interleavedAt, levelAt, levelCount, paddedAt, pictureAt } from './layout';

/** Grey of the half grid from 8-bit rgb (rowPixels per line): 2x2 mean of 0.299 R + 0.587 G + 0.114 B, 0..255. */
function greyHalf(rgb: usize, rowPixels: i32, w: i32, h: i32, out: usize): void {
  const row: usize = <usize>rowPixels * 3;
  const kr = f32x4.splat(0.299 / 4), kg = f32x4.splat(0.587 / 4), kb = f32x4.splat(0.114 / 4);
  for (let y = 0; y < h; y++) {
    let p = rgb + <usize>(2 * y) * row, q = p + row, o = out + (<usize>(y * w) << 2);
    let x = 0;
    for (; x + 4 <= w; x += 4, p += 24, q += 24, o += 16) {
      // 8 pixels are 24 bytes: two overlapping loads; red and green pairs in one vector, blue in another
      const a = v128.load(p), b = v128.load(p, 8), c = v128.load(q), d = v128.load(q, 8);
      const rg0 = v128.shuffle<u8>(a, b, 0, 3, 6, 9, 12, 15, 26, 29, 1, 4, 7, 10, 13, 24, 27, 30);
      const rg1 = v128.shuffle<u8>(c, d, 0, 3, 6, 9, 12, 15, 26, 29, 1, 4, 7, 10, 13, 24, 27, 30);
      const b0 = v128.shuffle<u8>(a, b, 2, 5, 8, 11, 14, 25, 28, 31, 0, 0, 0, 0, 0, 0, 0, 0);
      const b1 = v128.shuffle<u8>(c, d, 2, 5, 8, 11, 14, 25, 28, 31, 0, 0, 0, 0, 0, 0, 0, 0);
      const rg = i16x8.add(i16x8.extadd_pairwise_i8x16_u(rg0), i16x8.extadd_pairwise_i8x16_u(rg1));
      const bb = i16x8.add(i16x8.extadd_pairwise_i8x16_u(b0), i16x8.extadd_pairwise_i8x16_u(b1));
      const r4 = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(rg)), g4 = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(rg));
      const b4 = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(bb));
      v128.store(o, add(add(mul(kr, r4), mul(kg, g4)), mul(kb, b4)));
    }
    for (; x < w; x++, p += 6, q += 6, o += 4) {
      const r = <f32>(<i32>load<u8>(p) + <i32>load<u8>(p, 3) + <i32>load<u8>(q) + <i32>load<u8>(q, 3));
      const g = <f32>(<i32>load<u8>(p, 1) + <i32>load<u8>(p, 4) + <i32>load<u8>(q, 1) + <i32>load<u8>(q, 4));
      const b = <f32>(<i32>load<u8>(p, 2) + <i32>load<u8>(p, 5) + <i32>load<u8>(q, 2) + <i32>load<u8>(q, 5));
      const vr: f32 = 0.299 / 4, vg: f32 = 0.587 / 4, vb: f32 = 0.114 / 4;
      store<f32>(o, vr * r + vg * g + vb * b);
    }
  }
}

/** 2x2 mean; the last odd row and column of the source are left out. w, h: size of the result. */
function halve(src: usize, srcWidth: i32, w: i32, h: i32, out: usize): void {
  const row = <usize>srcWidth << 2, quarter = f32x4.splat(0.25);
  for (let y = 0; y < h; y++) {
    let p = src + <usize>(2 * y) * row, o = out + (<usize>(y * w) << 2);
    let x = 0;
    for (; x + 4 <= w; x += 4, p += 32, o += 16) {
      const a = add(v128.load(p), v128.load(p + row)), b = add(v128.load(p, 16), v128.load(p + row, 16));
      v128.store(o, mul(quarter, add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7))));
    }
    for (; x < w; x++, p += 8, o += 4) {
      const q = p + row, f: f32 = 0.25;
      store<f32>(o, f * ((load<f32>(p) + load<f32>(q)) + (load<f32>(p, 4) + load<f32>(q, 4))));
    }
  }
}

/** Central differences, 0.5 (right - left), with the border replicated. */
function gradients(d: usize, w: i32, h: i32, gx: usize, gy: usize): void {
  const row = <usize>w << 2, half = f32x4.splat(0.5), last = <usize>(w - 1) << 2;
  const f: f32 = 0.5;
  for (let y = 0; y < h; y++) {
    const o = row * <usize>y, up = d + o - (y > 0 ? row : 0), dn = d + o + (y < h - 1 ? row : 0);
    let x = 0;
    for (; x + 4 <= w; x += 4) {
      const k = <usize>x << 2;
      v128.store(gy + o + k, mul(half, sub(v128.load(dn + k), v128.load(up + k))));
    }
    for (; x < w; x++) {
      const k = <usize>x << 2;
      store<f32>(gy + o + k, f * (load<f32>(dn + k) - load<f32>(up + k)));
    }
    const c = d + o, g = gx + o;
    for (x = 1; x + 4 < w; x += 4) {
      const k = <usize>x << 2;
      v128.store(g + k, mul(half, sub(v128.load(c + k, 4), v128.load(c + k - 4))));
    }
    for (; x < w - 1; x++) {
      const k = <usize>x << 2;
      store<f32>(g + k, f * (load<f32>(c + k, 4) - load<f32>(c + k - 4)));
    }
    store<f32>(g, f * (load<f32>(c, 4) - load<f32>(c)));
    store<f32>(g + last, f * (load<f32>(c + last) - load<f32>(c + last - 4)));
  }
}

function pad(d: usize, w: i32, h: i32, out: usize): void {
  const row = <usize>w << 2, wide = <usize>(w + 2 * BORDER) << 2, side = <usize>BORDER << 2;
  for (let y = 0; y < h; y++) {
    const src = d + row * <usize>y, o = out + wide * <usize>(y + BORDER);
    const l = f32x4.splat(load<f32>(src)), r = f32x4.splat(load<f32>(src + row - 4));
    for (let k: usize = 0; k < side; k += 16) {
      v128.store(o + k, l);
      v128.store(o + side + row + k, r);
    }
    memory.copy(o + side, src, row);
  }
  const top = out + wide * <usize>BORDER, bottom = top + wide * <usize>(h - 1);
  for (let y = 0; y < BORDER; y++) {
    memory.copy(out + wide * <usize>y, top, wide);
    memory.copy(bottom + wide * <usize>(y + 1), bottom, wide);
  }
}

/** One pixel becomes four floats (picture, gx, gy, 0), so that one bilinear sample yields all three. */
function interleave(d: usize, gx: usize, gy: usize, n: i32, out: usize): void {
  const zero = f32x4.splat(0);
  // reads up to three values of the planes' tails and writes as many samples into its own
  for (let i = 0; i < n; i += 4, d += 16, gx += 16, gy += 16, out += 64) {
    const a = v128.load(d), b = v128.load(gx), c = v128.load(gy);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), c0 = v128.shuffle<f32>(c, zero, 0, 4, 1, 5);
    v128.store(out, v128.shuffle<f32>(ab, c0, 0, 1, 4, 5));
    v128.store(out, v128.shuffle<f32>(ab, c0, 2, 3, 6, 7), 16);
    const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7), C0 = v128.shuffle<f32>(c, zero, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f32>(AB, C0, 0, 1, 4, 5), 32);
    v128.store(out, v128.shuffle<f32>(AB, C0, 2, 3, 6, 7), 48);
  }
}

function clearTail(plane: usize, n: i32): void {
  const end = plane + (<usize>n << 2);
  memory.fill(end, 0, plane + planeBytes(n) - end);
}

/** Builds all levels of a frame in its slot. rgb: 8-bit, rowPixels per line, at least 2w x 2h pixels. */
export function buildPyramid(rgb: usize, rowPixels: i32, w: i32, h: i32, slot: usize): void {
  const levels = levelCount(w, h);
  let finer: usize = 0;
  for (let l = 1; l <= levels; l++) {
    const lw = w >> (l - 1), lh = h >> (l - 1), n = lw * lh;
    const at = levelAt(slot, w, h, l), d = pictureAt(at), gx = gradXAt(at, n), gy = gradYAt(at, n);
    if (l == 1) greyHalf(rgb, rowPixels, lw, lh, d);
    else halve(finer, w >> (l - 2), lw, lh, d);
    clearTail(d, n);
    gradients(d, lw, lh, gx, gy);
    clearTail(gx, n);
    clearTail(gy, n);
    pad(d, lw, lh, paddedAt(at, n));
    interleave(d, gx, gy, n, interleavedAt(at, lw, lh));
    finer = d;
  }
}
