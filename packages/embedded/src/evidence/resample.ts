import type { Size } from '@rotokit/core/values';

/** For each target pixel of one axis: where its source pixels begin and what each of them weighs (sum 1). */
interface Taps {
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

/** Resizes interleaved rgb8 pictures of one size to another; the weights and the row buffer are made once. */
export class Resampler {
  readonly #from: Size;
  readonly #to: Size;
  readonly #columns: Taps;
  readonly #rows: Taps;
  readonly #line: Float32Array;

  constructor(from: Size, to: Size) {
    this.#from = from;
    this.#to = to;
    this.#columns = tapsFor(from.width, to.width);
    this.#rows = tapsFor(from.height, to.height);
    this.#line = new Float32Array(from.width * 3);
  }

  /** The picture at the target size, rounded to bytes. Writes into `out` when given. */
  run(rgb: Uint8Array, out: Uint8Array = new Uint8Array(this.#to.width * this.#to.height * 3)): Uint8Array {
    for (let y = 0; y < this.#to.height; y++) {
      this.#mixRows(rgb, y);
      this.#mixColumns(out, y * this.#to.width * 3);
    }
    return out;
  }

  #mixRows(rgb: Uint8Array, y: number): void {
    const line = this.#line;
    const { first, count, weights } = this.#rows;
    line.fill(0);
    for (let j = 0; j < count; j++) {
      const w = weights[y * count + j];
      if (w === 0) continue;
      const row = (first[y] + j) * this.#from.width * 3;
      for (let i = 0; i < line.length; i++) line[i] += w * rgb[row + i];
    }
  }

  #mixColumns(out: Uint8Array, row: number): void {
    const line = this.#line;
    const { first, count, weights } = this.#columns;
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
}
