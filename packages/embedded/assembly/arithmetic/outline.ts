// The second cut at the clip's own resolution, before and after the cut itself: the twin of src/propagation/outline-band.ts
// and src/propagation/soft-outline.ts, which have the constants' meaning.
import { add, div, madd, mul, sub } from '../shared/simd';
import { exp2, ln4 } from '../shared/exp';
import { labPixel } from './lab';

const FUSED: f32 = 0.5, NEARNESS: f32 = 0.8, DOUBT: f64 = 0.3;
const LOG2E: f32 = 1.4426950408889634;
const MASK_ONE: f64 = 65535, MASK_HALF: f64 = 32768, BELOW_HALF: f64 = 32751;
const NEAR: u8 = 2;

const four: usize = memory.data(16, 16);

function classifyCells(distance: usize, stride: i32, pixels: i32, reach: f32, cells: usize): void {
  const below = <usize>stride << 2;
  for (let k = 0; k + stride + 1 < pixels; k++, distance += 4, cells++) {
    const here = load<f32>(distance), a = min(abs(here), abs(load<f32>(distance, 4)));
    const b = min(abs(load<f32>(distance + below)), abs(load<f32>(distance + below, 4)));
    store<u8>(cells, min(a, b) <= reach ? NEAR : here > 0 ? 1 : 0);
  }
}

// Bilinear mean of the four values from `plane` on, by weights of the upper two and the lower two.
// @ts-ignore: decorator
@inline function mix(plane: usize, below: usize, w: v128): f32 {
  const v = mul(v128.load64_lane(plane + below, v128.load64_zero(plane), 1), w);
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}

// Where the cut decides and from what probability, for every listed pixel.
function decideFrom(list: usize, fused: usize, at: usize, count: i32, reach: f32, band: usize, probability: usize): void {
  const one = f32x4.splat(1), least = f32x4.splat(0.005), most = f32x4.splat(0.995);
  for (let i = 0; i < count; i += 4, list += 16, fused += 16, at += 16) {
    const p = f32x4.max(least, f32x4.min(most, v128.load(fused))), logit = ln4(div(p, sub(one, p)));
    const odds = madd(f32x4.splat(FUSED), logit, mul(f32x4.splat(NEARNESS), v128.load(at)));
    v128.store(four, div(one, add(one, exp2(mul(f32x4.splat(-LOG2E), odds)))));
    for (let j: usize = 0, end = <usize>min(4, count - i) << 2; j < end; j += 4) {
      if (abs(load<f32>(at + j)) > reach) continue;
      const k = <usize>load<u32>(list + j);
      store<u8>(band + k, 1);
      store<f32>(probability + (k << 2), load<f32>(four + j));
    }
  }
}

/**
 * Carries an outline from a region of the half grid over to w x h native pixels. distance, fused: planes of `pixels`
 * pixels in rows of `stride`; index and part of columns and rows as Positions; `half` working pixels per pixel of the
 * region. The cut decides up to `reach`, its neighbours lie up to `rim` further out. cells: scratch, a byte a pixel of the
 * region. list, listFused, listAt: index, probability and distance of every pixel of the band and the rim; returns their
 * number. fixed and band are filled, probability in the band only.
 */
export function outlineBand(distance: usize, fused: usize, stride: i32, pixels: i32, columnIndex: usize, columnPart: usize,
  rowIndex: usize, rowPart: usize, w: i32, h: i32, half: f32, reach: f32, rim: f32, cells: usize,
  fixed: usize, band: usize, probability: usize, list: usize, listFused: usize, listAt: usize): i32 {
  const below = <usize>stride << 2, far = reach + rim;
  classifyCells(distance, stride, pixels, far / half + 0.75, cells);
  memory.fill(band, 0, <usize>(w * h));
  let count: usize = 0, q: usize = 0;
  for (let y = 0; y < h; y++) {
    const row = load<i32>(rowIndex + (<usize>y << 2)) * stride, fy = load<f32>(rowPart + (<usize>y << 2));
    const rows = f32x4(1 - fy, 1 - fy, fy, fy);
    for (let x: usize = 0, end = <usize>w << 2; x < end; x += 4, q++) {
      const k = <usize>(row + load<i32>(columnIndex + x)), cell = load<u8>(cells + k);
      if (cell != NEAR) {
        store<u8>(fixed + q, cell);
        continue;
      }
      const fx = load<f32>(columnPart + x), weights = mul(rows, f32x4(1 - fx, fx, 1 - fx, fx));
      const at = half * mix(distance + (k << 2), below, weights);
      store<u8>(fixed + q, at > 0 ? 1 : 0);
      if (abs(at) > far) continue;
      store<u32>(list + count, <u32>q);
      store<f32>(listFused + count, mix(fused + (k << 2), below, weights));
      store<f32>(listAt + count, at);
      count += 4;
    }
  }
  decideFrom(list, listFused, listAt, <i32>(count >> 2), reach, band, probability);
  return <i32>(count >> 2);
}

/** Lab of the listed pixels of an interleaved picture, each at its own place. */
export function labOf(list: usize, count: i32, rgb: usize, lab: usize, tables: usize, rows: usize): void {
  for (const end = list + (<usize>count << 2); list < end; list += 4) {
    const k = <usize>load<u32>(list);
    labPixel(rgb + k * 3, lab + k * 12, tables, rows);
  }
}

/** 1 / (2 mean squared Lab difference of neighbours) of an rgb picture, at every `step`-th row and column. */
export function edgeScaleOf(rgb: usize, w: i32, h: i32, step: i32, tables: usize, rows: usize): f64 {
  const here = memory.data(48, 16), right = here + 12, below = here + 24;
  let sum: f64 = 0, pairs: f64 = 0;
  for (let y = 0; y < h - 1; y += step) {
    for (let x = 0; x < w - 1; x += step, pairs += 2) {
      const p = rgb + <usize>(y * w + x) * 3;
      labPixel(p, here, tables, rows);
      labPixel(p + 3, right, tables, rows);
      labPixel(p + <usize>w * 3, below, tables, rows);
      for (let c: usize = 0; c < 12; c += 4) {
        const v = <f64>load<f32>(here + c), a = v - <f64>load<f32>(right + c), b = v - <f64>load<f32>(below + c);
        sum += a * a + b * b;
      }
    }
  }
  return sum > 0 ? pairs / (2 * sum) : 0.01;
}

// Set labels among (2 radius + 1)^2 around a pixel, the border of the grid repeated outwards.
function around(labels: usize, w: i32, h: i32, k: i32, radius: i32): i32 {
  const y = k / w, x = k - y * w;
  let sum = 0;
  if (x >= radius && x < w - radius && y >= radius && y < h - radius) {
    let row = labels + <usize>(k - radius * w - radius);
    for (let j = -radius; j <= radius; j++, row += <usize>w) {
      for (let i: usize = 0; i <= <usize>(2 * radius); i++) sum += <i32>load<u8>(row + i);
    }
    return sum;
  }
  for (let j = y - radius; j <= y + radius; j++) {
    const row = labels + <usize>(max(0, min(h - 1, j)) * w);
    for (let i = x - radius; i <= x + radius; i++) sum += <i32>load<u8>(row + <usize>max(0, min(w - 1, i)));
  }
  return sum;
}

/**
 * 16-bit values from labels: certain, but for the listed pixels of the band, where the share of object pixels around and
 * the fuser's probability make a ramp. bounds: x0, y0, x1, y1 of what is not 0; false when nothing is. values: 16 bytes
 * more than it holds.
 */
export function soften(labels: usize, band: usize, w: i32, h: i32, list: usize, listFused: usize, count: i32, radius: i32,
  values: usize, bounds: usize): bool {
  for (let k: usize = 0, n = <usize>(w * h); k < n; k += 8) {
    v128.store(values + 2 * k, i16x8.neg(i16x8.extend_low_i8x16_u(v128.load64_zero(labels + k))));
  }
  const area = <f64>((2 * radius + 1) * (2 * radius + 1));
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const k = load<i32>(list + i);
    if (!load<u8>(band + <usize>k)) continue;
    const share = <f64>around(labels, w, h, k, radius) / area;
    const v = Math.floor(MASK_ONE * (share + DOUBT * (<f64>load<f32>(listFused + i) - share)) + 0.5);
    store<u16>(values + (<usize>k << 1), <u16>(load<u8>(labels + <usize>k) ? max(MASK_HALF, v) : min(BELOW_HALF, v)));
  }
  let x0 = w, x1 = 0, y0 = h, y1 = 0;
  for (let y = 0; y < h; y++) {
    const row = values + (<usize>(y * w) << 1);
    let x = 0;
    while (x < w && !load<u16>(row + (<usize>x << 1))) x++;
    if (x == w) continue;
    y0 = min(y0, y);
    y1 = y + 1;
    x0 = min(x0, x);
    for (x = w; !load<u16>(row + (<usize>x << 1) - 2);) x--;
    x1 = max(x1, x);
  }
  store<i32>(bounds, x0); store<i32>(bounds, y0, 4); store<i32>(bounds, x1, 8); store<i32>(bounds, y1, 12);
  return x1 > 0;
}
