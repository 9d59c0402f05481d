import { DX, DY, FREE, GridCut, SOURCE } from './max-flow.js';

/** What every boundary costs at least, as a part of `lambda`: keeps outlines short also along strong edges. */
const LEAST_PAIR = 0.03;
/** A diagonal pair stands for less outline than a straight one. */
const DIAGONAL = Math.SQRT1_2;

const solver = new GridCut();

/** A cut: all planes share one grid of width x height; `lab` is interleaved. */
export interface BandCut {
  readonly lab: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Probability of foreground, read in the band only. */
  readonly probability: Float32Array;
  /** Non-zero where the cut decides. */
  readonly band: Uint8Array;
  /** Labels (0 or 1) outside the band: they stand, and pull at their neighbours in it. */
  readonly fixed: Uint8Array;
  /** Weight of smoothness against probability. */
  readonly lambda: number;
  /** Probabilities are limited to [clip, 1 - clip]. */
  readonly clip: number;
  /** What `edgeScale` says of the picture, where `lab` is filled only in the band and next to it. */
  readonly edgeScale?: number;
}

/** 1 / (2 mean squared colour difference of neighbours): how much difference counts as an edge in this picture. */
export function edgeScale(lab: Float32Array, width: number, height: number): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height - 1; y += 2) {
    for (let x = 0; x < width - 1; x += 2) {
      const k = (y * width + x) * 3;
      const below = k + width * 3;
      for (let c = 0; c < 3; c++) sum += (lab[k + c] - lab[k + 3 + c]) ** 2 + (lab[k + c] - lab[below + c]) ** 2;
      count += 2;
    }
  }
  return count > 0 && sum > 0 ? count / (2 * sum) : 0.01;
}

/** ln(p / (1 - p)) of every band pixel as its pull to the terminals. */
function setUnaries(o: BandCut): void {
  const { width, height, band, probability, clip } = o;
  for (let y = 0, k = 0; y < height; y++) {
    let node = (y + 1) * solver.stride + 1;
    for (let x = 0; x < width; x++, k++, node++) {
      if (!band[k]) continue;
      const p = Math.min(1 - clip, Math.max(clip, probability[k]));
      solver.tree[node] = FREE;
      solver.terminal[node] = Math.log(p / (1 - p));
    }
  }
}

/** Weights of neighbours: arcs inside the band, pulls to the terminals where one of the two is fixed. */
function setPairs(o: BandCut): void {
  const { lab, width, height, band, fixed, lambda } = o;
  const { capacity, terminal, stride, offsets } = solver;
  const beta = o.edgeScale ?? edgeScale(lab, width, height);
  for (let d = 0; d < 8; d += 2) {
    const scale = d >= 4 ? lambda * DIAGONAL : lambda;
    const step = DX[d] + DY[d] * width;
    const y0 = DY[d] < 0 ? 1 : 0;
    const y1 = DY[d] > 0 ? height - 1 : height;
    const x1 = DX[d] > 0 ? width - 1 : width;
    for (let y = y0; y < y1; y++) {
      for (let x = 0; x < x1; x++) {
        const k = y * width + x;
        const r = k + step;
        if (!band[k] && !band[r]) continue;
        const a = lab[k * 3] - lab[r * 3];
        const b = lab[k * 3 + 1] - lab[r * 3 + 1];
        const c = lab[k * 3 + 2] - lab[r * 3 + 2];
        const weight = scale * (LEAST_PAIR + Math.exp(-beta * (a * a + b * b + c * c)));
        const p = (y + 1) * stride + x + 1;
        const q = p + offsets[d];
        if (!band[r]) terminal[p] += fixed[r] ? weight : -weight;
        else if (!band[k]) terminal[q] += fixed[k] ? weight : -weight;
        else capacity[p * 8 + d] = capacity[q * 8 + (d ^ 1)] = weight;
      }
    }
  }
}

/**
 * The best labelling of the band: each pixel near its probability, outlines short and along edges (lambda * (0.03 +
 * exp(-beta |difference|^2)) per pair of 8-neighbours). Returns labels 0 and 1 for the whole grid, `fixed` outside the
 * band.
 */
export function bandCut(o: BandCut): Uint8Array {
  const { width, height, band, fixed } = o;
  solver.begin(width, height);
  setUnaries(o);
  setPairs(o);
  solver.solve();
  const labels = new Uint8Array(width * height);
  for (let y = 0, k = 0; y < height; y++) {
    const row = (y + 1) * solver.stride + 1;
    for (let x = 0; x < width; x++, k++)
      labels[k] = band[k] ? (solver.tree[row + x] === SOURCE ? 1 : 0) : fixed[k] ? 1 : 0;
  }
  return labels;
}
