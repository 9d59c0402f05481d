/**
 * A motion that is affine in the picture: u = u[0] + u[1] X + u[2] Y and v likewise, in the units of the flow, with
 * X = x / width - 0.5 and Y = y / height - 0.5.
 */
export interface Affine {
  readonly u: readonly [number, number, number];
  readonly v: readonly [number, number, number];
}

/** Scale of the residuals, in flow units, of each round after the first; `null` = plain weights. */
export type RobustRounds = readonly (number | null)[];

/** Coarse to fine: outliers are let go slowly, so that a good start is not needed. */
export const AFFINE_ROUNDS: RobustRounds = [null, 6, 2, 2, 0.7, 0.7, 0.7, 0.7];
/** The first point of the grid of samples, clear of the border where the flow is poor. */
const MARGIN = 3;
/** Fewer points than this make no model. */
export const FEWEST_POINTS = 20;

/** Solves the 3x3 system in place by elimination without pivoting; 1e-6 on the pivots keeps flat cases finite. */
function solve(matrix: Float64Array, right: Float64Array): [number, number, number] {
  const m = matrix.slice();
  const r = right.slice();
  for (let i = 0; i < 3; i++) {
    for (let j = i + 1; j < 3; j++) {
      const f = m[j * 3 + i] / (m[i * 3 + i] + 1e-6);
      for (let k = i; k < 3; k++) m[j * 3 + k] -= f * m[i * 3 + k];
      r[j] -= f * r[i];
    }
  }
  const z = r[2] / (m[8] + 1e-6);
  const y = (r[1] - m[5] * z) / (m[4] + 1e-6);
  return [(r[0] - m[1] * y - m[2] * z) / (m[0] + 1e-6), y, z];
}

/** How much the point (x, y) counts; asked only where a point may be. */
export type WeightAt = (x: number, y: number) => number;

/** Points as rows of X, Y, u, v, weight, from every `step`-th pixel whose weight is over 0.01. */
export function affinePoints(
  u: Float32Array,
  v: Float32Array,
  weightAt: WeightAt,
  width: number,
  height: number,
  step: number,
): Float64Array {
  const most = Math.ceil(width / step) * Math.ceil(height / step);
  const points = new Float64Array(most * 5);
  let n = 0;
  for (let y = MARGIN; y < height; y += step) {
    for (let x = MARGIN; x < width; x += step) {
      const k = y * width + x;
      const weight = weightAt(x, y);
      if (!(weight > 0.01)) continue;
      points[n++] = x / width - 0.5;
      points[n++] = y / height - 0.5;
      points[n++] = u[k];
      points[n++] = v[k];
      points[n++] = weight;
    }
  }
  return points.subarray(0, n);
}

/** One round of weighted least squares around the motion found so far. */
function round(points: Float64Array, at: Affine, scale: number | null): Affine {
  const m = new Float64Array(9);
  const bu = new Float64Array(3);
  const bv = new Float64Array(3);
  for (let i = 0; i < points.length; i += 5) {
    const x = points[i];
    const y = points[i + 1];
    const ru = points[i + 2] - (at.u[0] + at.u[1] * x + at.u[2] * y);
    const rv = points[i + 3] - (at.v[0] + at.v[1] * x + at.v[2] * y);
    const q = scale === null ? points[i + 4] : points[i + 4] / (1 + (ru * ru + rv * rv) / (scale * scale));
    m[0] += q;
    m[1] += q * x;
    m[2] += q * y;
    m[4] += q * x * x;
    m[5] += q * x * y;
    m[8] += q * y * y;
    const u = q * points[i + 2];
    const v = q * points[i + 3];
    bu[0] += u;
    bu[1] += x * u;
    bu[2] += y * u;
    bv[0] += v;
    bv[1] += x * v;
    bv[2] += y * v;
  }
  m[3] = m[1];
  m[6] = m[2];
  m[7] = m[5];
  return { u: solve(m, bu), v: solve(m, bv) };
}

/**
 * Robust affine motion of a flow field by iteratively re-weighted least squares with Cauchy weights, from every
 * `step`-th pixel with weight over 0.01; `null` when fewer than 20 of them remain. Other schedules by `rounds`.
 */
export function fitAffine(
  u: Float32Array,
  v: Float32Array,
  weightAt: WeightAt,
  width: number,
  height: number,
  step: number,
  rounds: RobustRounds = AFFINE_ROUNDS,
): Affine | null {
  const points = affinePoints(u, v, weightAt, width, height, step);
  if (points.length < FEWEST_POINTS * 5) return null;
  let motion: Affine = { u: [0, 0, 0], v: [0, 0, 0] };
  for (const scale of rounds) motion = round(points, motion, scale);
  return motion;
}
