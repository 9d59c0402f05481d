import type { LinkGrid } from '../primitives/index.js';
import { arithmetic } from './arithmetic.js';

/** `solveLinks` of the primitives, compiled: sums are made in another order, so that answers differ in the last digits. */
export function solveLinks(grid: LinkGrid, inverse: Float32Array, x: Float32Array, rounds: number): void {
  const { wasm, memory } = arithmetic();
  const n = x.length;
  const [right, below, total] = [grid.right, grid.below, grid.total].map((plane) => ({
    plane,
    at: memory.take(n * 4),
  }));
  const [held, answer] = [memory.take(n * 4), memory.take(n * 4)];
  const scratch = memory.take(wasm.linksBytes(n));
  for (const { plane, at } of [right, below, total]) memory.floats(at, n).set(plane);
  memory.floats(held, n).set(inverse);
  // What lies behind the planes is read by the last vector and must not be a number out of nowhere.
  for (const at of [right.at, below.at, total.at, held, answer]) memory.floats(at + n * 4, 8).fill(0);
  memory.floats(answer, n).set(x);
  wasm.solveLinks(right.at, below.at, total.at, held, answer, n, grid.stride, rounds, scratch);
  x.set(memory.floats(answer, n));
}
