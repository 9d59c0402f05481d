import type { Observation } from '@rotokit/embedded';
import { MAP, MAP_COUNT } from '@rotokit/embedded';
import type { Random } from '../scenes/index.js';

/** One frame's maps and truth as training reads them. */
export interface Sample {
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  /** `MAP_COUNT` + 1 planes, the last one the truth; value * 4096, rounded. */
  readonly planes: Int16Array;
}

/** Samples are windows of at most this side: training crops are smaller still. */
const side = 144;

/** The half-grid truth: mean of each 2x2 block, 0..1. */
export function halfTruth(mask: Uint8Array, width: number, height: number): Float32Array {
  const w = width >> 1;
  const h = height >> 1;
  const out = new Float32Array(w * h);
  for (let y = 0, k = 0; y < h; y++) {
    for (let x = 0; x < w; x++, k++) {
      const i = 2 * y * width + 2 * x;
      out[k] = (mask[i] + mask[i + 1] + mask[i + width] + mask[i + width + 1]) / 1020;
    }
  }
  return out;
}

/** Chooses a window of the region that holds some of the band. */
function chooseWindow(band: Float32Array, width: number, height: number, random: Random) {
  const w = Math.min(side, width);
  const h = Math.min(side, height);
  let left = 0;
  let top = 0;
  for (let attempt = 0; attempt < 8; attempt++) {
    left = random.int(0, width - w + 1);
    top = random.int(0, height - h + 1);
    if (band[(top + (h >> 1)) * width + left + (w >> 1)] > 0.5) break;
  }
  return { left, top, w, h };
}

/** Copies a window of an observation's maps, and the truth behind it, out of the engine's buffers. */
export function takeSample(o: Observation, truth: Float32Array, halfWidth: number, random: Random): Sample {
  const { maps, warped } = o.evidence;
  const { region, width, height } = warped;
  const n = width * height;
  const band = maps.subarray(MAP.band * n, (MAP.band + 1) * n);
  const { left, top, w, h } = chooseWindow(band, width, height, random);
  const planes = new Int16Array((MAP_COUNT + 1) * w * h);
  const limit = (v: number) => Math.max(-32767, Math.min(32767, Math.round(v * 4096)));
  let k = 0;
  for (let map = 0; map < MAP_COUNT; map++) {
    for (let y = 0; y < h; y++) {
      const row = map * n + (top + y) * width + left;
      for (let x = 0; x < w; x++) planes[k++] = limit(maps[row + x]);
    }
  }
  for (let y = 0; y < h; y++) {
    const row = (region.y0 + top + y) * halfWidth + region.x0 + left;
    for (let x = 0; x < w; x++) planes[k++] = limit(truth[row + x]);
  }
  return { frame: o.frame, width: w, height: h, planes };
}
