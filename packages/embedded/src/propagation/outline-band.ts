import type { Box } from '@rotokit/core/values';

/** Half the width of the band the second cut decides, in working pixels: the half grid is at most that far off. */
export const BAND = 3;
/** Pixels this much further out are its neighbours: the cut compares their colours. */
export const RIM = 1.5;
/** Working pixels per half-grid pixel. */
export const HALF = 2;
/** How much the first cut's fuser and how much the distance to its outline count (per working pixel). */
const FUSED = 0.5;
const NEARNESS = 0.8;

/** What a half-grid cell (four neighbouring pixels) holds: outside only, inside only, or some of the outline's band. */
const NEAR = 2;

/** Where native rows or columns lie between those of a region of the half grid: `index` and `index + 1`, by `part`. */
export interface Positions {
  readonly index: Int32Array;
  readonly part: Float32Array;
}

/** An outline on a region of the half grid, the native grid that it is carried over to, and the picture there. */
export interface Outline {
  /** The region: pixels per row, and per pixel the signed distance to the outline and the fuser's probability. */
  readonly stride: number;
  readonly distance: Float32Array;
  readonly fused: Float32Array;
  /** The native grid, a box of the picture, laid over the region. */
  readonly box: Box;
  readonly width: number;
  readonly height: number;
  readonly columns: Positions;
  readonly rows: Positions;
  /** The whole picture as rgb8, rows of `across` pixels. */
  readonly rgb: Uint8Array;
  readonly across: number;
  /** Working pixels per native pixel. */
  readonly working: number;
}

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
function classifyCells({ distance, stride }: Outline): Uint8Array {
  const cells = new Uint8Array(distance.length);
  const reach = (BAND + RIM) / HALF + 0.75;
  for (let k = 0; k + stride + 1 < distance.length; k++) {
    const a = Math.abs(distance[k]);
    const b = Math.abs(distance[k + 1]);
    const c = Math.abs(distance[k + stride]);
    const e = Math.abs(distance[k + stride + 1]);
    cells[k] = Math.min(a, b, c, e) <= reach ? NEAR : distance[k] > 0 ? 1 : 0;
  }
  return cells;
}

/**
 * Carries the outline over: the signed distance to it, found on the half grid, is enlarged bilinearly. Work away from
 * the outline is one look per pixel.
 */
export function outlineBand(o: Outline): OutlineBand {
  const { width, height, columns, rows, stride, distance, fused: p } = o;
  const cells = classifyCells(o);
  const n = width * height;
  const [fixed, band] = [new Uint8Array(n), new Uint8Array(n)];
  const [probability, fused] = [new Float32Array(n), new Float32Array(n)];
  const list = new Int32Array(n);
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
      const at = HALF * (distance[k] * w00 + distance[k + 1] * w01 + distance[j] * w10 + distance[j + 1] * w11);
      fixed[q] = at > 0 ? 1 : 0;
      const away = Math.abs(at);
      if (away > BAND + RIM) continue;
      list[count++] = q;
      fused[q] = p[k] * w00 + p[k + 1] * w01 + p[j] * w10 + p[j + 1] * w11;
      if (away > BAND) continue;
      band[q] = 1;
      probability[q] = 1 / (1 + Math.exp(-(FUSED * logit(fused[q]) + NEARNESS * at)));
    }
  }
  return { fixed, band, probability, fused, pixels: list.subarray(0, count) };
}
