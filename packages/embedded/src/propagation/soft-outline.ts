import { type Box, MASK_HALF, MASK_ONE } from '@rotokit/core/values';
import { boundsOf } from '../evidence/grids.js';
import { bandCut, labFromRgb } from '../primitives/index.js';
import { type Outline, type OutlineBand, outlineBand } from './outline-band.js';

/** The largest value that is still below one half as a half float (0.5 - 2^-12): what EXR keeps on its side of the cut. */
const BELOW_HALF = 32751;

const CLIP = 0.02;
/** Smoothness at working size; it grows with the resolution because an outline crosses more pixels per length. */
const LAMBDA = 2;
/** Pairs of neighbours looked at to tell how much difference makes an edge. */
const EDGE_SAMPLES = 4000;
/** What the fuser's probability adds to the soft edge; the rest is the share of object pixels around. */
const DOUBT = 0.3;
/** Radius of "around", working pixels. */
const SOFTNESS = 0.75;

/** What the second cut goes by on a native grid. */
export const cutNumbers = ({ working, width, height }: Outline) => ({
  lambda: LAMBDA / working,
  clip: CLIP,
  /** Radius in which the share of object pixels is counted, and rows and columns from one edge sample to the next. */
  radius: Math.max(1, Math.round(SOFTNESS / working)),
  step: Math.max(2, Math.round(Math.sqrt((width * height) / EDGE_SAMPLES))),
});

/** 16-bit values of a part of the native grid; outside `tight` (in pixels of the grid) all are 0. */
export interface SoftOutline {
  readonly tight: Box;
  readonly values: Uint16Array;
}

/**
 * Cuts anew near an outline at the clip's own resolution. The answer is certain away from the outline, across it a ramp
 * that doubt widens, and at least one half exactly where the cut says object. `null` when nothing is left.
 */
export function softOutline(o: Outline): SoftOutline | null {
  const { width, height } = o;
  const outline = outlineBand(o);
  const { fixed, band, probability } = outline;
  const { lambda, clip, radius, step } = cutNumbers(o);
  const lab = labNear(o, outline.pixels);
  const labels = bandCut({
    ...{ lab, width, height, probability, band, fixed, lambda, clip, edgeScale: edgeScaleOf(o, step) },
  });
  const plane = soften(o, labels, outline, radius);
  const tight = boundsOf(plane, width, { x0: 0, y0: 0, x1: width, y1: height });
  if (!tight) return null;
  const across = tight.x1 - tight.x0;
  const values = new Uint16Array(across * (tight.y1 - tight.y0));
  for (let y = tight.y0, q = 0; y < tight.y1; y++, q += across) {
    const a = y * width + tight.x0;
    values.set(plane.subarray(a, a + across), q);
  }
  return { tight, values };
}

/** Lab of the listed pixels, each at its own place in a plane of the grid. */
function labNear({ box, width, height, rgb, across }: Outline, pixels: Int32Array): Float32Array {
  const lab = new Float32Array(width * height * 3);
  for (const k of pixels) {
    const y = (k / width) | 0;
    const s = ((box.y0 + y) * across + box.x0 + k - y * width) * 3;
    labFromRgb(rgb.subarray(s, s + 3), lab.subarray(k * 3, k * 3 + 3));
  }
  return lab;
}

/** 1 / (2 mean squared difference of neighbours) over an even sample of the box. */
function edgeScaleOf({ box, rgb, across }: Outline, step: number): number {
  let [sum, pairs] = [0, 0];
  const labAt = (s: number): Float32Array => labFromRgb(rgb.subarray(s, s + 3));
  for (let y = box.y0; y < box.y1 - 1; y += step) {
    for (let x = box.x0; x < box.x1 - 1; x += step, pairs += 2) {
      const s = (y * across + x) * 3;
      const [here, right, below] = [labAt(s), labAt(s + 3), labAt(s + 3 * across)];
      for (let c = 0; c < 3; c++) sum += (here[c] - right[c]) ** 2 + (here[c] - below[c]) ** 2;
    }
  }
  return sum > 0 ? pairs / (2 * sum) : 0.01;
}

/** 16-bit values from the final labels. */
function soften({ width, height }: Outline, labels: Uint8Array, outline: OutlineBand, radius: number): Uint16Array {
  const { band, fused, pixels } = outline;
  const plane = Uint16Array.from(labels, (label) => (label ? MASK_ONE : 0));
  const side = 2 * radius + 1;
  for (const k of pixels) {
    if (!band[k]) continue;
    const y = (k / width) | 0;
    const x = k - y * width;
    let share = 0;
    // The border of the grid is repeated outwards.
    for (let j = y - radius; j <= y + radius; j++) {
      const row = Math.max(0, Math.min(height - 1, j)) * width;
      for (let i = x - radius; i <= x + radius; i++) share += labels[row + Math.max(0, Math.min(width - 1, i))];
    }
    share /= side * side;
    const v = Math.round(MASK_ONE * (share + DOUBT * (fused[k] - share)));
    plane[k] = labels[k] ? Math.max(MASK_HALF, v) : Math.min(BELOW_HALF, v);
  }
  return plane;
}
