// The arithmetic of the network's layers. Activations are pixel by pixel with the channels together, so that a vector
// holds four channels and any picture width runs at full speed; every plane has BORDER zero pixels around it.
import { add, madd, mul } from '../shared/simd';

/** Zero pixels around every activation plane: as far as the dilated 3x3 reaches. */
export const BORDER: i32 = 2;
/** Output channels that one pass over the inputs yields: two vectors. */
const PANEL: i32 = 8;

// @ts-ignore: decorator

// ReLU, and the residual if there is one, of one pixel's eight outputs.
// @ts-ignore: decorator
@inline function finish(a: v128, b: v128, out: usize, residual: usize): void {
  const zero = f32x4.splat(0);
  a = f32x4.max(a, zero);
  b = f32x4.max(b, zero);
  if (residual) {
    a = add(a, v128.load(residual));
    b = add(b, v128.load(residual, 16));
  }
  v128.store(out, a);
  v128.store(out, b, 16);
}

/**
 * Four pixels times one panel of eight outputs. x: first pixel's inputs, `step` bytes to the next pixel; the inputs are
 * `lines` runs of k floats, `line` bytes apart (one run for a 1x1 convolution, three for a 3x3).
 * w: 8 biases, then 8 weights per input. The loop is left small: unrolled by hand it needs more registers than there are.
 */
// @ts-ignore: decorator
@inline function fourPixels(x: usize, step: usize, lines: i32, line: usize, k: i32, w: usize, out: usize, outStep: usize, residual: usize): void {
  let a0 = v128.load(w), a1 = v128.load(w, 16), b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1;
  w += 32;
  for (let r = 0; r < lines; r++, x += line) {
    let p = x, q = p + step, s = q + step, t = s + step;
    for (const end = p + (<usize>k << 2); p < end; p += 4, q += 4, s += 4, t += 4, w += 32) {
      const u = v128.load(w), v = v128.load(w, 16);
      let e = v128.load_splat<f32>(p); a0 = madd(e, u, a0); a1 = madd(e, v, a1);
      e = v128.load_splat<f32>(q); b0 = madd(e, u, b0); b1 = madd(e, v, b1);
      e = v128.load_splat<f32>(s); c0 = madd(e, u, c0); c1 = madd(e, v, c1);
      e = v128.load_splat<f32>(t); d0 = madd(e, u, d0); d1 = madd(e, v, d1);
    }
  }
  const n: usize = residual ? outStep : 0;
  finish(a0, a1, out, residual);
  finish(b0, b1, out + outStep, residual + n);
  finish(c0, c1, out + 2 * outStep, residual + 2 * n);
  finish(d0, d1, out + 3 * outStep, residual + 3 * n);
}

/** The same for one pixel. */
function onePixel(x: usize, lines: i32, line: usize, k: i32, w: usize, out: usize, residual: usize): void {
  let a0 = v128.load(w), a1 = v128.load(w, 16);
  w += 32;
  for (let r = 0; r < lines; r++, x += line) {
    for (let p = x, end = x + (<usize>k << 2); p < end; p += 4, w += 32) {
      const e = v128.load_splat<f32>(p);
      a0 = madd(e, v128.load(w), a0);
      a1 = madd(e, v128.load(w, 16), a1);
    }
  }
  finish(a0, a1, out, residual);
}

/**
 * One line of n pixels: every output channel, panel by panel. `residual` (0 for none) is laid out like the output.
 * The last four pixels overlap those before when n is no multiple of 4, so output and input must not share memory.
 */
export function productLine(x: usize, step: usize, lines: i32, line: usize, k: i32, w: usize, channels: i32, n: i32,
  out: usize, residual: usize): void {
  const outStep = <usize>channels << 2, panelBytes = <usize>(lines * k + 1) * (PANEL << 2);
  for (let c = 0; c < channels; c += PANEL, w += panelBytes, out += PANEL << 2) {
    if (n < 4) {
      for (let i = 0; i < n; i++) {
        const o = outStep * <usize>i;
        onePixel(x + step * <usize>i, lines, line, k, w, out + o, residual ? residual + o : 0);
      }
    } else {
      for (let i = 0; i < n; i += 4) {
        const j = <usize>min(i, n - 4), o = outStep * j;
        fourPixels(x + step * j, step, lines, line, k, w, out + o, outStep, residual ? residual + o : 0);
      }
    }
    if (residual) residual += PANEL << 2;
  }
}

/** Bytes of a product's weights: per panel of 8 outputs 8 biases and 8 weights per input. */
export function productBytes(inputs: i32, channels: i32): usize {
  return <usize>((inputs + 1) * channels) << 2;
}

/**
 * One line of a depthwise 3x3 convolution over n pixels, no activation. x: centre of the first pixel; `line` and `side`:
 * bytes to the tap below and beside. w: per 4 channels 9 taps and a bias, each a vector.
 */
export function depthwiseLine(x: usize, line: usize, side: usize, channels: i32, w: usize, n: i32, out: usize): void {
  const step = <usize>channels << 2, bytes = step * <usize>n;
  for (let c: usize = 0; c < step; c += 16, w += 160) {
    const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48), w4 = v128.load(w, 64);
    const w5 = v128.load(w, 80), w6 = v128.load(w, 96), w7 = v128.load(w, 112), w8 = v128.load(w, 128), b = v128.load(w, 144);
    let p = x + c - line, q = x + c, s = x + c + line;
    for (let o = out + c, end = o + bytes; o < end; o += step, p += step, q += step, s += step) {
      const e = madd(v128.load(p + side), w2, madd(v128.load(p), w1, madd(v128.load(p - side), w0, b)));
      const f = madd(v128.load(q + side), w5, madd(v128.load(q), w4, mul(v128.load(q - side), w3)));
      const g = madd(v128.load(s + side), w8, madd(v128.load(s), w7, mul(v128.load(s - side), w6)));
      v128.store(o, add(add(e, f), g));
    }
  }
}

/** Bytes of a depthwise layer's weights. */
export function depthwiseBytes(channels: i32): usize {
  return <usize>(channels * 10) << 2;
}

// ---- activation planes: w x h pixels of `channels` floats inside a zero border

/** Bytes of one line, border included. */
// @ts-ignore: decorator
@inline export function lineBytes(w: i32, channels: i32): usize { return <usize>((w + 2 * BORDER) * channels) << 2; }

/** Bytes of a plane. */
export function activationBytes(w: i32, h: i32, channels: i32): usize {
  return lineBytes(w, channels) * <usize>(h + 2 * BORDER);
}

/** Address of the first pixel of line y inside the border. */
// @ts-ignore: decorator
@inline export function lineAt(plane: usize, y: i32, w: i32, channels: i32): usize {
  return plane + lineBytes(w, channels) * <usize>(y + BORDER) + (<usize>(BORDER * channels) << 2);
}

/** Zeroes the border of a plane. */
export function clearBorder(plane: usize, w: i32, h: i32, channels: i32): void {
  const line = lineBytes(w, channels), side = <usize>(BORDER * channels) << 2;
  memory.fill(plane, 0, line * BORDER);
  for (let y = 0; y < h; y++) {
    const p = plane + line * <usize>(y + BORDER);
    memory.fill(p, 0, side);
    memory.fill(p + line - side, 0, side);
  }
  memory.fill(plane + line * <usize>(h + BORDER), 0, line * BORDER);
}
