/** Links between the 4-neighbours of a grid. Planes have a border of one pixel of zeros, so that no step is tested. */
export interface LinkGrid {
  readonly width: number;
  readonly height: number;
  /** Pixels per row, the border included. */
  readonly stride: number;
  /** Weight of the link to the right and to the lower neighbour, and the sum of all four. */
  readonly right: Float32Array;
  readonly below: Float32Array;
  readonly total: Float32Array;
}

const scratch = { residual: new Float32Array(0), product: new Float32Array(0), search: new Float32Array(0) };

/**
 * Brings every pixel near the weighted mean of its neighbours, in place: conjugate gradients with a Jacobi preconditioner
 * on the graph Laplacian of the links, at most `rounds` steps. `x` and `inverse` have the border too; `inverse` is 1 /
 * total, and 0 where a pixel keeps its value.
 */
export function solveLinks(grid: LinkGrid, inverse: Float32Array, x: Float32Array, rounds: number): void {
  const { stride, right, below, total } = grid;
  const n = x.length;
  if (scratch.residual.length < n) {
    scratch.residual = new Float32Array(n);
    scratch.product = new Float32Array(n);
    scratch.search = new Float32Array(n);
  }
  const { residual: r, product: q, search: p } = scratch;
  const [from, to] = [stride + 1, n - stride - 1];
  p.fill(0, 0, n);
  let rz = 0;
  for (let k = from; k < to; k++) {
    r[k] = right[k] * x[k + 1] + right[k - 1] * x[k - 1] + below[k] * x[k + stride] + below[k - stride] * x[k - stride];
    r[k] -= total[k] * x[k];
    p[k] = r[k] * inverse[k];
    rz += r[k] * p[k];
  }
  for (let round = 0; round < rounds && rz > 1e-7; round++) {
    let curvature = 0;
    for (let k = from; k < to; k++) {
      const around =
        right[k] * p[k + 1] + right[k - 1] * p[k - 1] + below[k] * p[k + stride] + below[k - stride] * p[k - stride];
      q[k] = total[k] * p[k] - around;
      curvature += p[k] * q[k];
    }
    const step = rz / curvature;
    let next = 0;
    for (let k = from; k < to; k++) {
      x[k] += step * p[k];
      r[k] -= step * q[k];
      next += r[k] * r[k] * inverse[k];
    }
    const turn = next / rz;
    rz = next;
    for (let k = from; k < to; k++) p[k] = r[k] * inverse[k] + turn * p[k];
  }
}
