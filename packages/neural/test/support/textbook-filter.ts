type Matrix = number[][];

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const sum = (a: Matrix, b: Matrix, sign = 1): Matrix => a.map((row, i) => row.map((v, j) => v + sign * b[i]![j]!));
const diagonal = (values: readonly number[]): Matrix => values.map((v, i) => values.map((_, j) => (i === j ? v : 0)));

function inverse(a: Matrix): Matrix {
  const n = a.length;
  const m = a.map((row, i) => [...row, ...diagonal(Array(n).fill(1))[i]!]);
  for (let c = 0; c < n; c++) {
    const pivot = m.findIndex(
      (row, r) => r >= c && Math.abs(row[c]!) === Math.max(...m.slice(c).map((q) => Math.abs(q[c]!))),
    );
    [m[c], m[pivot]] = [m[pivot]!, m[c]!];
    const scale = m[c]![c]!;
    m[c] = m[c]!.map((v) => v / scale);
    for (let r = 0; r < n; r++) {
      const factor = m[r]![c]!;
      if (r !== c) m[r] = m[r]!.map((v, k) => v - factor * m[c]![k]!);
    }
  }
  return m.map((row) => row.slice(n));
}

/** F of a constant velocity, and H, which sees the first four of eight states. */
const MOTION = diagonal(Array(8).fill(1)).map((row, i) => row.map((v, j) => (j === i + 4 ? 1 : v)));
const SEEN = diagonal(Array(8).fill(1)).slice(0, 4);
const squares = (values: readonly number[]) => diagonal(values.map((v) => v * v));

/**
 * The Kalman filter as textbooks write it, with the noise that DeepSORT publishes: x = F x, P = F P F' + Q; S = H P H' + R, K = P H' / S,
 * x = x + K (z - H x), P = (I - K H) P.
 */
export class TextbookFilter {
  mean: Matrix;
  covariance: Matrix;

  constructor([x, y, a, h]: readonly number[]) {
    this.mean = [x, y, a, h, 0, 0, 0, 0].map((v) => [v!]);
    const [p, v] = [h! / 20, h! / 160];
    this.covariance = squares([2 * p, 2 * p, 1e-2, 2 * p, 10 * v, 10 * v, 1e-5, 10 * v]);
  }

  predict(): void {
    const h = this.mean[3]![0]!;
    const [p, v] = [h / 20, h / 160];
    this.mean = product(MOTION, this.mean);
    const moved = product(product(MOTION, this.covariance), transposed(MOTION));
    this.covariance = sum(moved, squares([p, p, 1e-2, p, v, v, 1e-5, v]));
  }

  update(z: readonly number[]): void {
    const p = this.mean[3]![0]! / 20;
    const noise = squares([p, p, 1e-1, p]);
    const s = sum(product(product(SEEN, this.covariance), transposed(SEEN)), noise);
    const gain = product(product(this.covariance, transposed(SEEN)), inverse(s));
    const off = sum(
      z.map((v) => [v]),
      product(SEEN, this.mean),
      -1,
    );
    this.mean = sum(this.mean, product(gain, off));
    this.covariance = product(sum(diagonal(Array(8).fill(1)), product(gain, SEEN), -1), this.covariance);
  }
}
