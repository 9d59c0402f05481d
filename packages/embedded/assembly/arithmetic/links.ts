// Conjugate gradients on a grid of links between neighbours, with a Jacobi preconditioner: the twin of
// src/primitives/links.ts. Planes carry a border of one pixel of zeros, so no step is tested.
import { add, hsum, mul, planeBytes, sub } from '../shared/simd';

// Products are summed in single precision over this many pixels, and in double precision from there on.
const BLOCK: i32 = 256;

/** Bytes of scratch for planes of n values. */
export function linksBytes(n: i32): usize { return 3 * planeBytes(n); }

// What the four neighbours of four pixels add up to, by their links.
// @ts-ignore: decorator
@inline function around(right: usize, below: usize, v: usize, k: usize, row: usize): v128 {
  const sides = add(mul(v128.load(right + k), v128.load(v + k + 4)), mul(v128.load(right + k - 4), v128.load(v + k - 4)));
  const ends = add(mul(v128.load(below + k), v128.load(v + k + row)), mul(v128.load(below + k - row), v128.load(v + k - row)));
  return add(sides, ends);
}

/** Improves x (n values of rows of `stride`) in place by up to `rounds` steps; where `inverse` is 0 it stays. */
export function solveLinks(
  right: usize, below: usize, total: usize, inverse: usize, x: usize, n: i32, stride: i32, rounds: i32, scratch: usize,
): void {
  const r = scratch, q = r + planeBytes(n), p = q + planeBytes(n), row = <usize>stride << 2;
  const from = <usize>(stride + 1) << 2, to = <usize>(n - stride - 1) << 2, block = <usize>BLOCK << 2;
  memory.fill(scratch, 0, linksBytes(n));
  let rz: f64 = 0;
  for (let b = from; b < to; b += block) {
    let sum = f32x4.splat(0);
    for (let k = b, end = min(b + block, to); k < end; k += 16) {
      const left = sub(around(right, below, x, k, row), mul(v128.load(total + k), v128.load(x + k)));
      const search = mul(left, v128.load(inverse + k));
      v128.store(r + k, left);
      v128.store(p + k, search);
      sum = add(sum, mul(left, search));
    }
    rz += <f64>hsum(sum);
  }
  for (let round = 0; round < rounds && rz > 1e-7; round++) {
    let curvature: f64 = 0;
    for (let b = from; b < to; b += block) {
      let sum = f32x4.splat(0);
      for (let k = b, end = min(b + block, to); k < end; k += 16) {
        const here = v128.load(p + k);
        const product = sub(mul(v128.load(total + k), here), around(right, below, p, k, row));
        v128.store(q + k, product);
        sum = add(sum, mul(here, product));
      }
      curvature += <f64>hsum(sum);
    }
    const step = f32x4.splat(<f32>(rz / curvature));
    let next: f64 = 0;
    for (let b = from; b < to; b += block) {
      let sum = f32x4.splat(0);
      for (let k = b, end = min(b + block, to); k < end; k += 16) {
        const left = sub(v128.load(r + k), mul(step, v128.load(q + k)));
        v128.store(x + k, add(v128.load(x + k), mul(step, v128.load(p + k))));
        v128.store(r + k, left);
        sum = add(sum, mul(mul(left, left), v128.load(inverse + k)));
      }
      next += <f64>hsum(sum);
    }
    const turn = f32x4.splat(<f32>(next / rz));
    rz = next;
    for (let k = from; k < to; k += 16)
      v128.store(p + k, add(mul(v128.load(r + k), v128.load(inverse + k)), mul(turn, v128.load(p + k))));
  }
}
