import type { Size } from '@rotokit/core/values';

/** For each target pixel of one axis: where its source pixels begin and what each of them weighs (sum 1). */
export interface Taps {
  readonly first: Int32Array;
  readonly count: number;
  readonly weights: Float32Array;
}

/** Area average when shrinking, linear interpolation when enlarging; pixel edges map onto pixel edges. */
function tapsFor(from: number, to: number): Taps {
  const ratio = from / to;
  const reach = Math.max(1, ratio);
  const count = Math.min(from, Math.ceil(reach) + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * ratio;
    const lo = ratio >= 1 ? i * ratio : centre - 1;
    const start = Math.min(from - count, Math.max(0, Math.floor(ratio >= 1 ? lo : centre - 0.5)));
    first[i] = start;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const a = start + j;
      const w =
        ratio >= 1
          ? Math.max(0, Math.min(a + 1, (i + 1) * ratio) - Math.max(a, lo))
          : Math.max(0, 1 - Math.abs(a + 0.5 - Math.min(from - 0.5, Math.max(0.5, centre))));
      weights[i * count + j] = w;
      sum += w;
    }
    for (let j = 0; j < count; j++) weights[i * count + j] /= sum;
  }
  return { first, count, weights };
}

/** How pictures of one size become pictures of another: the weights, made once. */
export interface ResizePlan {
  readonly from: Size;
  readonly to: Size;
  readonly columns: Taps;
  readonly rows: Taps;
}

/** The plan from one size to another. */
export function resizePlan(from: Size, to: Size): ResizePlan {
  return { from, to, columns: tapsFor(from.width, to.width), rows: tapsFor(from.height, to.height) };
}

/** An interleaved rgb8 picture at the size of the plan, rounded to bytes. Writes into `out` when given. */
export function resizeRgb(plan: ResizePlan, rgb: Uint8Array, out?: Uint8Array): Uint8Array {
  const { from, to } = plan;
  const into = out ?? new Uint8Array(to.width * to.height * 3);
  const line = new Float32Array(from.width * 3);
  for (let y = 0; y < to.height; y++) {
    mixRows(plan.rows, rgb, y, line);
    mixColumns(plan.columns, line, into, y * to.width * 3);
  }
  return into;
}

function mixRows({ first, count, weights }: Taps, rgb: Uint8Array, y: number, line: Float32Array): void {
  line.fill(0);
  for (let j = 0; j < count; j++) {
    const w = weights[y * count + j];
    const row = (first[y] + j) * line.length;
    for (let i = 0; i < line.length; i++) line[i] += w * rgb[row + i];
  }
}

function mixColumns({ first, count, weights }: Taps, line: Float32Array, out: Uint8Array, row: number): void {
  for (let x = 0, q = row; x < first.length; x++, q += 3) {
    let [r, g, b] = [0.5, 0.5, 0.5];
    for (let j = 0, k = first[x] * 3, t = x * count; j < count; j++, k += 3, t++) {
      const w = weights[t];
      r += w * line[k];
      g += w * line[k + 1];
      b += w * line[k + 2];
    }
    out[q] = r;
    out[q + 1] = g;
    out[q + 2] = b;
  }
}
