// Inference of the fusion network: a four-level U-Net of 16-32-48-64 channels over maps of any size.
//   i 1x1 | e0: two blocks | d1 3x3/2 | e1: two | d2 | e2: two | d3 | e3: three, the middle one dilated
//   u2 1x1, up, + e2 | f2: one | u1, up, + e1 | f1: one | u0, up, + e0 | f0: two | o 1x1, + a linear skip from the maps
// A block is a depthwise 3x3, a 1x1 with ReLU, and a residual. Batch norms are folded into the weights.
import { add, madd, TAIL } from '../shared/simd';
import { activationBytes, BORDER, clearBorder, depthwiseBytes, depthwiseLine, lineAt, lineBytes, productBytes, productLine } from './products';

const C0: i32 = 16, C1: i32 = 32, C2: i32 = 48, C3: i32 = 64;

/** First free byte of the linear memory. */
export function heapBase(): usize { return __heap_base; }

// Where the weights of the next layer begin; every layer moves it on.
let weights: usize = 0;
// Scratch for one line: the depthwise result of a block, or the gathered maps of a tile.
let lineBuffer: usize = 0;

// ---- layout of the activations: two planes per level, one small plane for what goes up

function levelBytes(w: i32, h: i32, channels: i32): usize { return activationBytes(w, h, channels) + TAIL; }

/** Bytes of scratch for maps of w x h (multiples of 8). */
export function scratchBytes(w: i32, h: i32): usize {
  return 2 * (levelBytes(w, h, C0) + levelBytes(w >> 1, h >> 1, C1) + levelBytes(w >> 2, h >> 2, C2) + levelBytes(w >> 3, h >> 3, C3))
    + levelBytes(w >> 1, h >> 1, C1) + (<usize>(w * C3 + 4 * 256) << 2) + 1024;
}

function block(from: usize, to: usize, w: i32, h: i32, channels: i32, dilation: i32): void {
  const line = lineBytes(w, channels) * <usize>dilation, side = <usize>(channels * dilation) << 2;
  const dw = weights, pw = weights + depthwiseBytes(channels), buffer = lineBuffer;
  for (let y = 0; y < h; y++) {
    const x = lineAt(from, y, w, channels);
    depthwiseLine(x, line, side, channels, dw, w, buffer);
    productLine(buffer, <usize>channels << 2, 1, 0, channels, pw, channels, w, lineAt(to, y, w, channels), x);
  }
  weights = pw + productBytes(channels, channels);
}

// 3x3 with stride 2; w, h: size of the result.
function down(from: usize, inputs: i32, to: usize, channels: i32, w: i32, h: i32): void {
  const step = <usize>(2 * inputs) << 2, line = lineBytes(2 * w, inputs);
  for (let y = 0; y < h; y++) {
    const x = lineAt(from, 2 * y - 1, 2 * w, inputs) - (<usize>inputs << 2);
    productLine(x, step, 3, line, 3 * inputs, weights, channels, w, lineAt(to, y, w, channels), 0);
  }
  weights += productBytes(9 * inputs, channels);
}

// 1x1, then nearest-neighbour enlargement added to the plane of the finer level; w, h: size of the coarse level.
function up(from: usize, inputs: i32, to: usize, channels: i32, w: i32, h: i32, buffer: usize): void {
  const pixel = <usize>channels << 2;
  for (let y = 0; y < h; y++) {
    productLine(lineAt(from, y, w, inputs), <usize>inputs << 2, 1, 0, inputs, weights, channels, w, buffer, 0);
    for (let half = 0; half < 2; half++) {
      let o = lineAt(to, 2 * y + half, 2 * w, channels), p = buffer;
      for (let x = 0; x < w; x++, p += pixel, o += 2 * pixel) {
        for (let c: usize = 0; c < pixel; c += 16) {
          const v = v128.load(p + c), q = o + c, r = q + pixel;
          v128.store(q, add(v128.load(q), v));
          v128.store(r, add(v128.load(r), v));
        }
      }
    }
  }
  weights += productBytes(inputs, channels);
}

// First layer: maps (planes of w x h) to the first activation of W x H, whose last columns and lines repeat.
function enter(maps: usize, inputs: i32, w: i32, h: i32, to: usize, W: i32, H: i32): void {
  const plane = <usize>(w * h) << 2, k = (inputs + 3) & ~3, pixel = <usize>C0 << 2, line = lineBytes(W, C0);
  const tile = lineBuffer;
  memory.fill(tile, 0, <usize>(k * 4) << 2);
  for (let y = 0; y < h; y++) {
    const row = maps + (<usize>(y * w) << 2), out = lineAt(to, y, W, C0);
    for (let x = 0; x < w; x += 4) {
      // four pixels of every map, turned so that a pixel's inputs lie together
      let p = row + (<usize>x << 2), t = tile;
      const step = <usize>k << 2;
      for (let i = 0; i < inputs; i++, p += plane, t += 4) {
        const v = v128.load(p);
        store<f32>(t, f32x4.extract_lane(v, 0)); store<f32>(t + step, f32x4.extract_lane(v, 1));
        store<f32>(t + 2 * step, f32x4.extract_lane(v, 2)); store<f32>(t + 3 * step, f32x4.extract_lane(v, 3));
      }
      productLine(tile, step, 1, 0, k, weights, C0, min(4, W - x), out + pixel * <usize>x, 0);
    }
    const last = out + pixel * <usize>(w - 1);
    for (let x = w; x < W; x++) memory.copy(out + pixel * <usize>x, last, pixel);
  }
  const bottom = lineAt(to, h - 1, W, C0);
  for (let y = h; y < H; y++) memory.copy(bottom + line * <usize>(y - h + 1), bottom, pixel * <usize>W);
  weights += productBytes(k, C0);
}

// Last layer and the linear skip: logits, w x h; writes up to three values past the end.
function leave(from: usize, W: i32, maps: usize, inputs: i32, w: i32, h: i32, out: usize): void {
  const plane = <usize>(w * h) << 2, o = weights, skip = weights + (<usize>C0 << 2), bias = v128.load_splat<f32>(skip + (<usize>inputs << 2));
  const o0 = v128.load(o), o1 = v128.load(o, 16), o2 = v128.load(o, 32), o3 = v128.load(o, 48);
  for (let y = 0; y < h; y++) {
    let p = lineAt(from, y, W, C0), m = maps + (<usize>(y * w) << 2), q = out + (<usize>(y * w) << 2);
    for (let x = 0; x < w; x += 4, p += 256, m += 16, q += 16) {
      const a = madd(v128.load(p, 48), o3, madd(v128.load(p, 32), o2, madd(v128.load(p, 16), o1, f32x4.mul(v128.load(p), o0))));
      const b = madd(v128.load(p, 112), o3, madd(v128.load(p, 96), o2, madd(v128.load(p, 80), o1, f32x4.mul(v128.load(p, 64), o0))));
      const c = madd(v128.load(p, 176), o3, madd(v128.load(p, 160), o2, madd(v128.load(p, 144), o1, f32x4.mul(v128.load(p, 128), o0))));
      const d = madd(v128.load(p, 240), o3, madd(v128.load(p, 224), o2, madd(v128.load(p, 208), o1, f32x4.mul(v128.load(p, 192), o0))));
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      let sum = add(bias, add(add(v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5), v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7)),
        add(v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7))));
      for (let i = 0, s = skip, r = m; i < inputs; i++, s += 4, r += plane) sum = madd(v128.load(r), v128.load_splat<f32>(s), sum);
      v128.store(q, sum);
    }
  }
}

/**
 * Logits (w x h) of `inputs` planar maps of w x h each. packed: the weights as fusion/network.ts lays them out.
 * maps and logits need 16 bytes more than they hold.
 */
export function run(packed: usize, maps: usize, inputs: i32, w: i32, h: i32, scratch: usize, logits: usize): void {
  const W = (w + 7) & ~7, H = (h + 7) & ~7;
  const w1 = W >> 1, h1 = H >> 1, w2 = W >> 2, h2 = H >> 2, w3 = W >> 3, h3 = H >> 3;
  const a0 = scratch, b0 = a0 + levelBytes(W, H, C0), a1 = b0 + levelBytes(W, H, C0), b1 = a1 + levelBytes(w1, h1, C1);
  const a2 = b1 + levelBytes(w1, h1, C1), b2 = a2 + levelBytes(w2, h2, C2), a3 = b2 + levelBytes(w2, h2, C2), b3 = a3 + levelBytes(w3, h3, C3);
  const buffer = b3 + levelBytes(w3, h3, C3);
  lineBuffer = buffer + levelBytes(w1, 1, C1);
  weights = packed;
  clearBorder(a0, W, H, C0); clearBorder(b0, W, H, C0);
  clearBorder(a1, w1, h1, C1); clearBorder(b1, w1, h1, C1);
  clearBorder(a2, w2, h2, C2); clearBorder(b2, w2, h2, C2);
  clearBorder(a3, w3, h3, C3); clearBorder(b3, w3, h3, C3);
  enter(maps, inputs, w, h, a0, W, H);
  block(a0, b0, W, H, C0, 1);
  block(b0, a0, W, H, C0, 1); // e0 stays in a0
  down(a0, C0, a1, C1, w1, h1);
  block(a1, b1, w1, h1, C1, 1);
  block(b1, a1, w1, h1, C1, 1); // e1 in a1
  down(a1, C1, a2, C2, w2, h2);
  block(a2, b2, w2, h2, C2, 1);
  block(b2, a2, w2, h2, C2, 1); // e2 in a2
  down(a2, C2, a3, C3, w3, h3);
  block(a3, b3, w3, h3, C3, 1);
  block(b3, a3, w3, h3, C3, 2);
  block(a3, b3, w3, h3, C3, 1); // e3 in b3
  up(b3, C3, a2, C2, w3, h3, buffer);
  block(a2, b2, w2, h2, C2, 1);
  up(b2, C2, a1, C1, w2, h2, buffer);
  block(a1, b1, w1, h1, C1, 1);
  up(b1, C1, a0, C0, w1, h1, buffer);
  block(a0, b0, W, H, C0, 1);
  block(b0, a0, W, H, C0, 1);
  leave(a0, W, maps, inputs, w, h, logits);
}
