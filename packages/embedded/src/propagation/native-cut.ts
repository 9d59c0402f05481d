import { type Box, boxHeight, boxWidth, emptyMask, MASK_HALF, MASK_ONE, type SoftMask } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import { boundsOf, type Grids, nativePerHalf } from '../evidence/grids.js';
import type { Decision } from './decide.js';

/** Half the width of the band the second cut decides, in working pixels: the half grid is at most that far off. */
const BAND = 3;
/** Room around the object in which the picture is looked at, half-grid pixels. */
const MARGIN = 4;
const CLIP = 0.02;
/** Smoothness at working size; it grows with the resolution because an outline crosses more pixels per length. */
const LAMBDA = 2;
/** How much the first cut's fuser and how much the distance to its outline count (per working pixel). */
const FUSED = 0.5;
const NEARNESS = 0.8;
/** The soft edge: how fast it rises across the final outline (per working pixel), and what the fuser's doubt adds. */
const EDGE_SLOPE = 2.2;
const EDGE_DOUBT = 0.35;

/**
 * The second cut: at the clip's own resolution, near the outline of the first one. The answer is soft (certain away from
 * the outline, across it a ramp that doubt widens) and at least one half exactly where the cut says object.
 */
export function cutNative(bench: Bench, native: Uint8Array, decision: Decision): SoftMask {
  const { grids, planes, kernels } = bench;
  const box = nativeBox(grids, decision);
  if (!box) return emptyMask(grids.native);
  const [width, height] = [boxWidth(box), boxHeight(box)];
  const n = width * height;
  const working = workingPerNative(grids);

  const up = new Enlarger(grids, decision, box);
  const share = planes.floats('native.share', n);
  up.run(decision.inside, share);
  const fixed = planes.bytes('native.fixed', n);
  for (let k = 0; k < n; k++) fixed[k] = share[k] > 0.5 ? 1 : 0;
  const distance = kernels.signedDistance(fixed, width, height, planes.floats('native.distance', n));
  const fused = planes.floats('native.fused', n);
  up.run(decision.probability, fused);

  const band = planes.bytes('native.band', n);
  const probability = planes.floats('native.probability', n);
  for (let k = 0; k < n; k++) {
    const d = distance[k] * working;
    band[k] = Math.abs(d) <= BAND ? 1 : 0;
    if (band[k]) probability[k] = 1 / (1 + Math.exp(-(FUSED * logit(fused[k]) + NEARNESS * d)));
  }
  const lab = kernels.labFromRgb(cropRgb(bench, native, box), planes.floats('native.lab', n * 3));
  const inside = kernels.bandCut({
    ...{ lab, width, height, probability, band, fixed, lambda: LAMBDA / working, clip: CLIP },
  });
  kernels.signedDistance(inside, width, height, distance);
  return soften(grids, box, inside, distance, fused, working);
}

const logit = (p: number): number => {
  const q = p < 0.005 ? 0.005 : p > 0.995 ? 0.995 : p;
  return Math.log(q / (1 - q));
};

/** Working pixels per native pixel, the mean of the two axes: 1 for clips worked on as they are, 0.44 at 1080p. */
function workingPerNative(grids: Grids): number {
  const { x, y } = nativePerHalf(grids);
  return 4 / (x + y);
}

/** The native box around the decided object; at the end of the half grid also the native pixels beyond it. */
function nativeBox(grids: Grids, d: Decision): Box | null {
  const own = { x0: 0, y0: 0, x1: d.width, y1: d.height };
  const bounds = boundsOf(d.inside, d.width, own);
  if (!bounds) return null;
  const { native, half } = grids;
  const scale = nativePerHalf(grids);
  const x1 = Math.min(half.width, bounds.x1 + d.region.x0 + MARGIN);
  const y1 = Math.min(half.height, bounds.y1 + d.region.y0 + MARGIN);
  return {
    x0: Math.floor(Math.max(0, bounds.x0 + d.region.x0 - MARGIN) * scale.x),
    y0: Math.floor(Math.max(0, bounds.y0 + d.region.y0 - MARGIN) * scale.y),
    x1: x1 === half.width ? native.width : Math.min(native.width, Math.ceil(x1 * scale.x)),
    y1: y1 === half.height ? native.height : Math.min(native.height, Math.ceil(y1 * scale.y)),
  };
}

/** Bilinear enlargement of region planes onto a native box, the positions worked out once. */
class Enlarger {
  readonly #columns: Positions;
  readonly #rows: Positions;
  readonly #width: number;

  constructor(grids: Grids, d: Decision, box: Box) {
    const scale = nativePerHalf(grids);
    this.#width = d.width;
    this.#columns = positions(box.x0, box.x1, scale.x, d.region.x0, d.width);
    this.#rows = positions(box.y0, box.y1, scale.y, d.region.y0, d.height);
  }

  run(plane: Float32Array | Uint8Array, out: Float32Array): void {
    const { index, part } = this.#columns;
    for (let y = 0, q = 0; y < this.#rows.index.length; y++) {
      const row = this.#rows.index[y] * this.#width;
      const fy = this.#rows.part[y];
      for (let x = 0; x < index.length; x++, q++) {
        const k = row + index[x];
        const fx = part[x];
        const top = plane[k] + (plane[k + 1] - plane[k]) * fx;
        const below = plane[k + this.#width];
        out[q] = top + (below + (plane[k + this.#width + 1] - below) * fx - top) * fy;
      }
    }
  }
}

interface Positions {
  readonly index: Int32Array;
  readonly part: Float32Array;
}

function positions(from: number, to: number, scale: number, origin: number, side: number): Positions {
  const index = new Int32Array(to - from);
  const part = new Float32Array(to - from);
  for (let i = 0; i < index.length; i++) {
    const p = Math.max(0, Math.min(side - 1.001, (from + i + 0.5) / scale - 0.5 - origin));
    index[i] = p | 0;
    part[i] = p - index[i];
  }
  return { index, part };
}

function cropRgb(bench: Bench, native: Uint8Array, box: Box): Uint8Array {
  const [across, width, height] = [bench.grids.native.width * 3, boxWidth(box) * 3, boxHeight(box)];
  const out = bench.planes.bytes('native.rgb', width * height);
  for (let y = 0; y < height; y++) {
    const a = (box.y0 + y) * across + box.x0 * 3;
    out.set(native.subarray(a, a + width), y * width);
  }
  return out;
}

/** 16-bit values from the final cut, cropped to where they are not 0. */
function soften(
  grids: Grids,
  box: Box,
  inside: Uint8Array,
  distance: Float32Array,
  fused: Float32Array,
  working: number,
): SoftMask {
  const width = boxWidth(box);
  const height = boxHeight(box);
  const tight = boundsOf(inside, width, { x0: 0, y0: 0, x1: width, y1: height });
  if (!tight) return emptyMask(grids.native);
  const reach = Math.ceil(BAND / working);
  const x0 = Math.max(0, tight.x0 - reach);
  const y0 = Math.max(0, tight.y0 - reach);
  const x1 = Math.min(width, tight.x1 + reach);
  const y1 = Math.min(height, tight.y1 + reach);
  const values = new Uint16Array((x1 - x0) * (y1 - y0));
  for (let y = y0, q = 0; y < y1; y++) {
    for (let x = x0, k = y * width + x0; x < x1; x++, k++, q++) {
      const d = distance[k] * working;
      if (Math.abs(d) > BAND) values[q] = inside[k] ? MASK_ONE : 0;
      else {
        const v = Math.round(MASK_ONE / (1 + Math.exp(-(EDGE_SLOPE * d + EDGE_DOUBT * logit(fused[k])))));
        values[q] = inside[k] ? Math.max(MASK_HALF, v) : Math.min(MASK_HALF - 1, v);
      }
    }
  }
  const window = { x0: box.x0 + x0, y0: box.y0 + y0, x1: box.x0 + x1, y1: box.y0 + y1 };
  return { size: grids.native, window, values };
}
