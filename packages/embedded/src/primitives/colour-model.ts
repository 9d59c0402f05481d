/** Members below which the model uses fewer components: each needs about twenty samples to have a covariance. */
const SAMPLES_PER_COMPONENT = 20;
/** Added to each variance, Lab units squared: texture and noise that a flat patch of samples does not show. */
const FLOOR = 4;
/** Rounds of plain Euclidean assignment before covariances are trusted. */
export const EUCLIDEAN_ROUNDS = 3;
/** ln (2 pi)^(3/2) */
const NORMALISER = 2.7568;
/** Squared Mahalanobis distance from which a term is nought. */
const REACH = 60;

/**
 * A mixture of 3-D Gaussians over Lab: per component its mean (3 values), the inverse covariance (xx, xy, xz, yy, yz, zz)
 * and the logarithm of weight over normaliser.
 */
export interface ColourModel {
  readonly components: number;
  readonly mean: Float64Array;
  readonly inverse: Float64Array;
  readonly logWeight: Float64Array;
}

/** The fixed generator of the seeds, numbers in 0..1: equal samples give equal models. */
export function seedNumbers(): () => number {
  let state = 7919;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** k-means++ seeds (Arthur & Vassilvitskii 2007). */
function seedMeans(samples: Float32Array, n: number, mean: Float64Array): void {
  const random = seedNumbers();
  const nearest = new Float64Array(n).fill(1e18);
  let pick = (random() * n) | 0;
  for (let k = 0; k < mean.length; k += 3) {
    const x = (mean[k] = samples[pick * 3]);
    const y = (mean[k + 1] = samples[pick * 3 + 1]);
    const z = (mean[k + 2] = samples[pick * 3 + 2]);
    let sum = 0;
    for (let i = 0, s = 0; i < n; i++, s += 3) {
      const a = samples[s] - x;
      const b = samples[s + 1] - y;
      const c = samples[s + 2] - z;
      const d = a * a + b * b + c * c;
      if (d < nearest[i]) nearest[i] = d;
      sum += nearest[i];
    }
    let rest = random() * sum;
    pick = 0;
    while (pick < n - 1 && (rest -= nearest[pick]) > 0) pick++;
  }
}

/** Adds every sample to the moments (count, 3 sums, 6 products) of the component it belongs to. */
function assign(samples: Float32Array, n: number, model: ColourModel, euclidean: boolean, moments: Float64Array): void {
  const { components, mean, inverse, logWeight } = model;
  moments.fill(0);
  for (let i = 0; i < n * 3; i += 3) {
    const x = samples[i];
    const y = samples[i + 1];
    const z = samples[i + 2];
    let best = 0;
    let least = 1e30;
    for (let k = 0, m = 0, o = 0; k < components; k++, m += 3, o += 6) {
      const a = x - mean[m];
      const b = y - mean[m + 1];
      const c = z - mean[m + 2];
      const e = euclidean
        ? a * a + b * b + c * c
        : a * (inverse[o] * a + 2 * (inverse[o + 1] * b + inverse[o + 2] * c)) +
          b * (inverse[o + 3] * b + 2 * inverse[o + 4] * c) +
          inverse[o + 5] * c * c -
          2 * logWeight[k];
      if (e < least) {
        least = e;
        best = k;
      }
    }
    const o = best * 10;
    moments[o]++;
    moments[o + 1] += x;
    moments[o + 2] += y;
    moments[o + 3] += z;
    moments[o + 4] += x * x;
    moments[o + 5] += x * y;
    moments[o + 6] += x * z;
    moments[o + 7] += y * y;
    moments[o + 8] += y * z;
    moments[o + 9] += z * z;
  }
}

/**
 * Mean, inverse covariance and weight of component `k` from the moments of its members among `n` samples (10 values a
 * component: count, 3 sums, 6 products); one with fewer than 3 members falls silent.
 */
export function updateComponent(model: ColourModel, k: number, moments: Float64Array, n: number): void {
  const { mean, inverse, logWeight } = model;
  const o = k * 10;
  const count = moments[o];
  if (count < 3) {
    logWeight[k] = -50;
    return;
  }
  const mx = moments[o + 1] / count;
  const my = moments[o + 2] / count;
  const mz = moments[o + 3] / count;
  const xx = moments[o + 4] / count - mx * mx + FLOOR;
  const xy = moments[o + 5] / count - mx * my;
  const xz = moments[o + 6] / count - mx * mz;
  const yy = moments[o + 7] / count - my * my + FLOOR;
  const yz = moments[o + 8] / count - my * mz;
  const zz = moments[o + 9] / count - mz * mz + FLOOR;
  const cx = yy * zz - yz * yz;
  const cy = xz * yz - xy * zz;
  const cz = xy * yz - xz * yy;
  const determinant = xx * cx + xy * cy + xz * cz;
  const over = 1 / determinant;
  mean.set([mx, my, mz], k * 3);
  const products = [cx, cy, cz, xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy];
  for (let j = 0; j < 6; j++) inverse[k * 6 + j] = products[j] * over;
  logWeight[k] = Math.log(count / n) - 0.5 * Math.log(determinant) - NORMALISER;
}

/** A model for `n` samples with nothing in it yet: at most `components`, fewer when there are under twenty samples each. */
export function emptyModel(n: number, components: number): ColourModel {
  const count = Math.max(1, Math.min(components, Math.floor(n / SAMPLES_PER_COMPONENT)));
  return {
    components: count,
    mean: new Float64Array(count * 3),
    inverse: new Float64Array(count * 6),
    logWeight: new Float64Array(count),
  };
}

/**
 * Fits a mixture to Lab samples (n triples) by hard assignment: k-means++, three Euclidean rounds, then rounds by
 * likelihood. At most `components` of them, fewer when there are under twenty samples each. Deterministic.
 * @throws RangeError without samples.
 */
export function fitColourModel(samples: Float32Array, components: number, iterations: number): ColourModel {
  const n = (samples.length / 3) | 0;
  if (n < 1) throw new RangeError('samples must hold at least one Lab triple');
  const model = emptyModel(n, components);
  const count = model.components;
  seedMeans(samples, n, model.mean);
  const moments = new Float64Array(count * 10);
  for (let round = 0; round < iterations; round++) {
    assign(samples, n, model, round < EUCLIDEAN_ROUNDS, moments);
    for (let k = 0; k < count; k++) updateComponent(model, k, moments, n);
  }
  return model;
}

/** Probability density of a colour under the model, per cubic Lab unit. */
export function density(model: ColourModel, L: number, a: number, b: number): number {
  const { components, mean, inverse, logWeight } = model;
  let sum = 0;
  for (let k = 0, m = 0, o = 0; k < components; k++, m += 3, o += 6) {
    const x = L - mean[m];
    const y = a - mean[m + 1];
    const z = b - mean[m + 2];
    const e =
      x * (inverse[o] * x + 2 * (inverse[o + 1] * y + inverse[o + 2] * z)) +
      y * (inverse[o + 3] * y + 2 * inverse[o + 4] * z) +
      inverse[o + 5] * z * z;
    if (e < REACH) sum += Math.exp(logWeight[k] - 0.5 * e);
  }
  return sum;
}

/**
 * ln of foreground over background density, limited to [-4, 4], of the first Lab triples of `lab`: as many as `out` has
 * room for. Where neither model knows the colour the ratio is near 0.
 */
export function logRatios(
  foreground: ColourModel,
  background: ColourModel,
  lab: Float32Array,
  out: Float32Array,
): void {
  for (let i = 0, p = 0; i < out.length; i++, p += 3) {
    const f = density(foreground, lab[p], lab[p + 1], lab[p + 2]);
    const b = density(background, lab[p], lab[p + 1], lab[p + 2]);
    out[i] = Math.max(-4, Math.min(4, Math.log((f + 1e-8) / (b + 1e-8))));
  }
}

/** Lab triples at even steps through a list of pixel indices, at most `limit` of them (index floor(i * count / n)). */
export function evenSamples(lab: Float32Array, pixels: Int32Array, count: number, limit: number): Float32Array {
  const n = Math.min(limit, count);
  const step = count / n;
  const samples = new Float32Array(n * 3);
  for (let i = 0; i < n; i++) {
    const p = pixels[(i * step) | 0] * 3;
    samples[i * 3] = lab[p];
    samples[i * 3 + 1] = lab[p + 1];
    samples[i * 3 + 2] = lab[p + 2];
  }
  return samples;
}
