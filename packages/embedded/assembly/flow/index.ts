// Flow of one pair of frames on the half grid, in one call. The caller lays slots and scratch out above heapBase():
// pictures -> buildPyramid (once a frame) -> flow (twice a pair).
import { add, mul, planeBytes, sub } from '../shared/simd';
import { levelAt, levelCount, slotBytes as bytesOfSlot } from './layout';
import { refine, refineBytes } from './refine';
import { search, searchBytes } from './search';

export { buildPyramid } from './pyramid';

/** First free byte of the linear memory. */
export function heapBase(): usize { return __heap_base; }

/** Bytes of one frame's pyramid for a half grid of w x h (both at least 8). */
export function slotBytes(w: i32, h: i32): usize { return bytesOfSlot(w, h); }

/** Bytes of scratch for the flow of one pair. */
export function scratchBytes(w: i32, h: i32): usize {
  return 4 * planeBytes(w * h) + max(searchBytes(w, h), refineBytes(w, h)) + 64;
}

// Bilinear enlargement of a flow plane from w0 x h0 to w1 x h1 (pixel centres map to pixel centres); values times 2.
function enlarge(src: usize, w0: i32, h0: i32, w1: i32, h1: i32, out: usize): void {
  const rx: f32 = <f32>w0 / <f32>w1, ry: f32 = <f32>h0 / <f32>h1, half: f32 = 0.5;
  const xmax = <f32>w0 - 1.001, ymax = <f32>h0 - 1.001;
  for (let y = 0; y < h1; y++) {
    const sy = min(max((<f32>y + half) * ry - half, 0), ymax), yi = <i32>sy, fy: f32 = sy - <f32>yi;
    const r0 = src + (<usize>(yi * w0) << 2), r1 = r0 + (<usize>w0 << 2);
    for (let x = 0; x < w1; x++, out += 4) {
      const sx = min(max((<f32>x + half) * rx - half, 0), xmax), xi = <i32>sx, fx: f32 = sx - <f32>xi, k = <usize>xi << 2;
      const a = load<f32>(r0 + k), c = load<f32>(r1 + k);
      const s: f32 = a + fx * (load<f32>(r0 + k, 4) - a), t: f32 = c + fx * (load<f32>(r1 + k, 4) - c);
      store<f32>(out, 2 * (s + fy * (t - s)));
    }
  }
}

// 1/64 px as 16-bit integers, saturated: the form in which flow is kept and handed over.
function quantise(src: usize, n: i32, out: usize): void {
  const k = f32x4.splat(64);
  for (let i = 0; i < n; i += 8, src += 32, out += 16) {
    const a = i32x4.trunc_sat_f32x4_s(f32x4.nearest(mul(k, v128.load(src))));
    const b = i32x4.trunc_sat_f32x4_s(f32x4.nearest(mul(k, v128.load(src, 16))));
    v128.store(out, i16x8.narrow_i32x4_s(a, b));
  }
}

/**
 * Flow from the frame in slot `a` to the frame in slot `b`: w x h values of int16 (1/64 px) at outU and outV, which need
 * 16 bytes more than that. `iterations` of descent, `outer` rounds of refinement of `sweeps` sweeps on every level but
 * the finest, which has `outerFinest` (0: none).
 */
export function flow(a: usize, b: usize, w: i32, h: i32, iterations: i32, outer: i32, outerFinest: i32, sweeps: i32,
  scratch: usize, outU: usize, outV: usize): void {
  const plane = planeBytes(w * h);
  const u = scratch, v = u + plane, su = v + plane, sv = su + plane, rest = (sv + plane + 15) & ~15;
  const levels = levelCount(w, h);
  memory.fill(u, 0, 4 * plane);
  for (let l = levels; l >= 1; l--) {
    const lw = w >> (l - 1), lh = h >> (l - 1);
    if (l < levels) {
      enlarge(su, w >> l, h >> l, lw, lh, u);
      enlarge(sv, w >> l, h >> l, lw, lh, v);
    }
    const at = levelAt(a, w, h, l), bt = levelAt(b, w, h, l);
    search(at, bt, lw, lh, u, v, su, sv, iterations, rest);
    const rounds = l == 1 ? outerFinest : outer;
    if (rounds > 0) refine(at, bt, lw, lh, su, sv, rounds, sweeps, rest);
  }
  quantise(su, w * h, outU);
  quantise(sv, w * h, outV);
}
