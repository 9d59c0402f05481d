import { emptyMask, MASK_HALF, MASK_ONE, type SoftMask } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import { boundsOf } from '../evidence/grids.js';
import type { Decision } from './decide.js';
import { type NativeGrid, nativeGrid, workingPerNative } from './native-grid.js';
import { type OutlineBand, outlineBand } from './outline-band.js';

/** The largest value that is still below one half as a half float (0.5 - 2^-12): what EXR keeps on its side of the cut. */
const BELOW_HALF = 32751;

const CLIP = 0.02;
/** Smoothness at working size; it grows with the resolution because an outline crosses more pixels per length. */
const LAMBDA = 2;
/** Working pixels per half-grid pixel. */
const HALF = 2;
/** Pairs of neighbours looked at to tell how much difference makes an edge. */
const EDGE_SAMPLES = 4000;
/** What the fuser's probability adds to the soft edge; the rest is the share of object pixels around. */
const DOUBT = 0.3;
/** Radius of "around", working pixels. */
const SOFTNESS = 0.75;

/**
 * The second cut: at the clip's own resolution, near the outline of the first one. The answer is soft (certain away from
 * the outline, across it a ramp that doubt widens) and at least one half exactly where the cut says object.
 */
export function cutNative(bench: Bench, native: Uint8Array, decision: Decision): SoftMask {
  const { grids, kernels } = bench;
  const grid = nativeGrid(grids, decision);
  if (!grid) return emptyMask(grids.native);
  const working = workingPerNative(grids);
  const outline = outlineBand(bench, decision, grid, HALF);
  const { width, height } = grid;
  const { fixed, band, probability } = outline;
  const labels = kernels.bandCut({
    ...{ width, height, probability, band, fixed, lambda: LAMBDA / working, clip: CLIP },
    ...{ lab: labNear(bench, native, grid, outline.pixels), edgeScale: edgeScaleOf(bench, native, grid) },
  });
  return soften(bench, grid, labels, outline, Math.max(1, Math.round(SOFTNESS / working)));
}

/** Lab of the listed pixels, each at its own place in a plane of the grid. */
function labNear(bench: Bench, native: Uint8Array, grid: NativeGrid, pixels: Int32Array): Float32Array {
  const { planes, kernels, grids } = bench;
  const { box, width, height } = grid;
  const n = pixels.length;
  const rgb = planes.bytes('native.rgb', n * 3);
  for (let i = 0, r = 0; i < n; i++, r += 3) {
    const y = (pixels[i] / width) | 0;
    const s = ((box.y0 + y) * grids.native.width + box.x0 + pixels[i] - y * width) * 3;
    rgb[r] = native[s];
    rgb[r + 1] = native[s + 1];
    rgb[r + 2] = native[s + 2];
  }
  const packed = kernels.labFromRgb(rgb, planes.floats('native.packed', n * 3));
  const lab = planes.floats('native.lab', width * height * 3);
  for (let i = 0, r = 0; i < n; i++, r += 3) {
    const q = pixels[i] * 3;
    lab[q] = packed[r];
    lab[q + 1] = packed[r + 1];
    lab[q + 2] = packed[r + 2];
  }
  return lab;
}

/** 1 / (2 mean squared difference of neighbours) over an even sample of the box. */
function edgeScaleOf(bench: Bench, native: Uint8Array, grid: NativeGrid): number {
  const { planes, kernels, grids } = bench;
  const { box, width, height } = grid;
  const step = Math.max(2, Math.round(Math.sqrt((width * height) / EDGE_SAMPLES)));
  const rgb = planes.bytes('edge.rgb', Math.ceil(width / step) * Math.ceil(height / step) * 9);
  const below = grids.native.width * 3;
  let n = 0;
  for (let y = box.y0; y < box.y1 - 1; y += step) {
    for (let x = box.x0; x < box.x1 - 1; x += step) {
      const s = (y * grids.native.width + x) * 3;
      for (let c = 0; c < 6; c++) rgb[n++] = native[s + c];
      for (let c = 0; c < 3; c++) rgb[n++] = native[s + below + c];
    }
  }
  const lab = kernels.labFromRgb(rgb.subarray(0, n), planes.floats('edge.lab', n));
  let sum = 0;
  for (let i = 0; i < n; i += 9) {
    for (let c = i; c < i + 3; c++) sum += (lab[c] - lab[c + 3]) ** 2 + (lab[c] - lab[c + 6]) ** 2;
  }
  return sum > 0 ? (2 * n) / 9 / (2 * sum) : 0.01;
}

/** 16-bit values from the final labels, cropped to where they can differ from 0. */
function soften(bench: Bench, grid: NativeGrid, labels: Uint8Array, outline: OutlineBand, radius: number): SoftMask {
  const { box, width, height } = grid;
  const { band, fused, pixels } = outline;
  const plane = bench.planes.words('native.values', width * height);
  for (let k = 0; k < plane.length; k++) plane[k] = labels[k] ? MASK_ONE : 0;
  const side = 2 * radius + 1;
  for (let i = 0; i < pixels.length; i++) {
    const k = pixels[i];
    if (!band[k]) continue;
    const y = (k / width) | 0;
    const x = k - y * width;
    let share = 0;
    if (x >= radius && y >= radius && x < width - radius && y < height - radius) {
      for (let j = k - radius * width - radius, e = 0; e < side; e++, j += width)
        for (let f = 0; f < side; f++) share += labels[j + f];
      share /= side * side;
    } else share = shareAtEdge(labels, width, height, x, y, radius);
    const v = Math.round(MASK_ONE * (share + DOUBT * (fused[k] - share)));
    plane[k] = labels[k] ? Math.max(MASK_HALF, v) : Math.min(BELOW_HALF, v);
  }
  const tight = boundsOf(plane, width, { x0: 0, y0: 0, x1: width, y1: height });
  if (!tight) return emptyMask(bench.grids.native);
  const across = tight.x1 - tight.x0;
  const values = new Uint16Array(across * (tight.y1 - tight.y0));
  for (let y = tight.y0, q = 0; y < tight.y1; y++, q += across) {
    const a = y * width + tight.x0;
    values.set(plane.subarray(a, a + across), q);
  }
  const [x0, y0] = [box.x0 + tight.x0, box.y0 + tight.y0];
  return {
    size: bench.grids.native,
    window: { x0, y0, x1: x0 + across, y1: y0 + tight.y1 - tight.y0 },
    values,
  };
}

/** The share of object pixels around a pixel at the border of the grid, the border repeated outwards. */
function shareAtEdge(labels: Uint8Array, width: number, height: number, x: number, y: number, radius: number): number {
  let sum = 0;
  for (let j = y - radius; j <= y + radius; j++) {
    const row = Math.max(0, Math.min(height - 1, j)) * width;
    for (let i = x - radius; i <= x + radius; i++) sum += labels[row + Math.max(0, Math.min(width - 1, i))];
  }
  return sum / (2 * radius + 1) ** 2;
}
