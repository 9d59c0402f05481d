import { LAB_TABLES } from '../primitives/lab.js';
import { arithmetic } from './arithmetic.js';
import type { LinearMemory } from './linear-memory.js';

/** `labFromRgb` of the primitives, compiled: the same floats. */
export function labFromRgb(rgb: Uint8Array, out: Float32Array = new Float32Array(rgb.length)): Float32Array {
  const { wasm, memory } = arithmetic();
  const pixels = (rgb.length / 3) | 0;
  const [source, target] = [memory.take(rgb.length), memory.take(pixels * 12)];
  const tables = placeLabTables(memory);
  memory.bytes(source, rgb.length).set(rgb);
  wasm.labFromRgb(source, pixels, target, ...tables);
  out.set(memory.floats(target, pixels * 3));
  return out;
}

/** Places what the conversion is made of in memory; returns the addresses of the tables and of the matrix. */
export function placeLabTables(memory: LinearMemory): readonly [tables: number, rows: number] {
  const { linear, roots, rows } = LAB_TABLES;
  const tables = memory.take(4 * (linear.length + roots.length));
  const matrix = memory.take(72);
  memory.floats(tables, linear.length).set(linear);
  memory.floats(tables + 4 * linear.length, roots.length).set(roots);
  const [x, y, z] = rows;
  memory.doubles(matrix, 9).set([x[0]!, y[0]!, x[1]!, y[1]!, x[2]!, y[2]!, z[0]!, z[1]!, z[2]!]);
  return [tables, matrix];
}
