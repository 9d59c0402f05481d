import type { Bench } from '../evidence/bench.js';
import type { Decision } from './decide.js';
import type { NativeGrid } from './native-grid.js';

/** Half the width of the band the second cut decides, in working pixels: the half grid is at most that far off. */
const BAND = 3;
/** Pixels this much further out are its neighbours: the cut compares their colours. */
const RIM = 1.5;
/** How much the first cut's fuser and how much the distance to its outline count (per working pixel). */
const FUSED = 0.5;
const NEARNESS = 0.8;

/** What a half-grid cell (four neighbouring pixels) holds: outside only, inside only, or some of the outline's band. */
const NEAR = 2;

/** The first cut's outline on the native grid. Planes of the grid; only listed pixels have band or probability. */
export interface OutlineBand {
  /** 1 = object by the first cut. */
  readonly fixed: Uint8Array;
  /** 1 where the second cut decides. */
  readonly band: Uint8Array;
  /** Probability for the second cut: the fuser's and the nearness to the outline together. */
  readonly probability: Float32Array;
  /** The fuser's probability alone, enlarged. */
  readonly fused: Float32Array;
  /** The pixels of the band and those next to it. */
  readonly pixels: Int32Array;
}

/** Log odds of a probability kept away from 0 and 1. */
function logit(p: number): number {
  const q = Math.max(0.005, Math.min(0.995, p));
  return Math.log(q / (1 - q));
}

/** For each pixel of the region whether the cell to its lower right is near the outline, inside or outside. */
function classifyCells(bench: Bench, d: Decision, distance: Float32Array, reach: number): Uint8Array {
  const { width, height } = d;
  const cells = bench.planes.bytes('outline.cells', width * height);
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0, k = y * width; x < width - 1; x++, k++) {
      const a = Math.abs(distance[k]);
      const b = Math.abs(distance[k + 1]);
      const c = Math.abs(distance[k + width]);
      const e = Math.abs(distance[k + width + 1]);
      cells[k] = Math.min(a, b, c, e) <= reach ? NEAR : distance[k] > 0 ? 1 : 0;
    }
  }
  return cells;
}

/**
 * Carries the outline over: the signed distance to it, found on the half grid, is enlarged bilinearly. Work away from
 * the outline is one look per pixel.
 */
export function outlineBand(bench: Bench, d: Decision, grid: NativeGrid, half: number): OutlineBand {
  const { planes, kernels } = bench;
  const { width, height, columns, rows, stride } = grid;
  const distance = kernels.signedDistance(
    ...([d.inside, d.width, d.height] as const),
    planes.floats('outline.distance', d.width * d.height),
  );
  const cells = classifyCells(bench, d, distance, (BAND + RIM) / half + 0.75);
  const n = width * height;
  const fixed = planes.bytes('native.fixed', n);
  const band = planes.bytes('native.band', n).fill(0);
  const probability = planes.floats('native.probability', n);
  const fused = planes.floats('native.fused', n);
  const list = planes.indices('native.pixels', n);
  let count = 0;
  for (let y = 0, q = 0; y < height; y++) {
    const row = rows.index[y] * stride;
    const fy = rows.part[y];
    for (let x = 0; x < width; x++, q++) {
      const k = row + columns.index[x];
      if (cells[k] !== NEAR) {
        fixed[q] = cells[k];
        continue;
      }
      const fx = columns.part[x];
      const w00 = (1 - fx) * (1 - fy);
      const w01 = fx * (1 - fy);
      const w10 = (1 - fx) * fy;
      const w11 = fx * fy;
      const j = k + stride;
      const at = half * (distance[k] * w00 + distance[k + 1] * w01 + distance[j] * w10 + distance[j + 1] * w11);
      fixed[q] = at > 0 ? 1 : 0;
      const away = Math.abs(at);
      if (away > BAND + RIM) continue;
      list[count++] = q;
      const p = d.probability;
      fused[q] = p[k] * w00 + p[k + 1] * w01 + p[j] * w10 + p[j + 1] * w11;
      if (away > BAND) continue;
      band[q] = 1;
      probability[q] = 1 / (1 + Math.exp(-(FUSED * logit(fused[q]) + NEARNESS * at)));
    }
  }
  return { fixed, band, probability, fused, pixels: list.subarray(0, count) };
}
