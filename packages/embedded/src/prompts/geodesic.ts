/**
 * Geodesic distance: the cheapest way from a seed, where steps across colour or motion differences cost more (Bai &
 * Sapiro 2007). Two rounds of raster sweeps forwards and backwards (Toivanen 1996) come close enough to the exact one.
 */

/** Cost of a quarter-grid step over flat ground, and per half-grid pixel of difference in motion. */
const GROUND = 0.6;
const MOTION = 2;
const DIAGONAL = Math.SQRT2;
const SWEEPS = 2;
/** Farther than any way. */
export const UNREACHED = 1e9;

/** Cost of the step from each pixel to its right, lower, lower right and lower left neighbour. */
export interface Steps {
  readonly width: number;
  readonly height: number;
  readonly right: Float32Array;
  readonly below: Float32Array;
  readonly belowRight: Float32Array;
  readonly belowLeft: Float32Array;
}

/** Costs by interleaved Lab and, where given, by flow in half-grid pixels. */
export function stepsOf(
  lab: Float32Array,
  flow: { readonly u: Float32Array; readonly v: Float32Array } | null,
  width: number,
  height: number,
): Steps {
  const cost = (k: number, r: number): number => {
    const x = lab[k * 3] - lab[r * 3];
    const y = lab[k * 3 + 1] - lab[r * 3 + 1];
    const z = lab[k * 3 + 2] - lab[r * 3 + 2];
    const flat = GROUND + Math.sqrt(x * x + y * y + z * z);
    if (!flow) return flat;
    const u = flow.u[k] - flow.u[r];
    const v = flow.v[k] - flow.v[r];
    return flat + MOTION * Math.sqrt(u * u + v * v);
  };
  const n = width * height;
  const steps = {
    width,
    height,
    right: new Float32Array(n),
    below: new Float32Array(n),
    belowRight: new Float32Array(n),
    belowLeft: new Float32Array(n),
  };
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      if (x < width - 1) steps.right[k] = cost(k, k + 1);
      if (y === height - 1) continue;
      steps.below[k] = cost(k, k + width);
      if (x < width - 1) steps.belowRight[k] = DIAGONAL * cost(k, k + width + 1);
      if (x > 0) steps.belowLeft[k] = DIAGONAL * cost(k, k + width - 1);
    }
  }
  return steps;
}

function forward(d: Float32Array, s: Steps): void {
  const { width, height } = s;
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      let best = d[k];
      const up = k - width;
      if (x > 0) best = Math.min(best, d[k - 1] + s.right[k - 1]);
      if (y > 0) {
        best = Math.min(best, d[up] + s.below[up]);
        if (x > 0) best = Math.min(best, d[up - 1] + s.belowRight[up - 1]);
        if (x < width - 1) best = Math.min(best, d[up + 1] + s.belowLeft[up + 1]);
      }
      d[k] = best;
    }
  }
}

function backward(d: Float32Array, s: Steps): void {
  const { width, height } = s;
  for (let y = height - 1, k = width * height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, k--) {
      let best = d[k];
      const down = k + width;
      if (x < width - 1) best = Math.min(best, d[k + 1] + s.right[k]);
      if (y < height - 1) {
        best = Math.min(best, d[down] + s.below[k]);
        if (x < width - 1) best = Math.min(best, d[down + 1] + s.belowRight[k]);
        if (x > 0) best = Math.min(best, d[down - 1] + s.belowLeft[k]);
      }
      d[k] = best;
    }
  }
}

/** Distance from the pixels whose seed is `value`; `UNREACHED` everywhere without one. */
export function geodesicDistance(steps: Steps, seeds: Int8Array, value: 1 | -1): Float32Array {
  const d = new Float32Array(seeds.length);
  for (let k = 0; k < d.length; k++) d[k] = seeds[k] === value ? 0 : UNREACHED;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    forward(d, steps);
    backward(d, steps);
  }
  return d;
}
