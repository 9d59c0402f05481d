import { LAB_TABLES } from '../primitives/lab.js';
import { arithmetic } from './arithmetic.js';

/** `labFromRgb` of the primitives, compiled: the same floats. */
export function labFromRgb(rgb: Uint8Array, out: Float32Array = new Float32Array(rgb.length)): Float32Array {
  const { wasm, memory } = arithmetic();
  const { linear, roots, rows } = LAB_TABLES;
  const pixels = (rgb.length / 3) | 0;
  const at = {
    tables: memory.take(4 * (linear.length + roots.length)),
    rows: memory.take(72),
    rgb: memory.take(rgb.length),
    lab: memory.take(pixels * 12),
  };
  memory.floats(at.tables, linear.length).set(linear);
  memory.floats(at.tables + 4 * linear.length, roots.length).set(roots);
  const [x, y, z] = rows;
  memory.doubles(at.rows, 9).set([x[0]!, y[0]!, x[1]!, y[1]!, x[2]!, y[2]!, z[0]!, z[1]!, z[2]!]);
  memory.bytes(at.rgb, rgb.length).set(rgb);
  wasm.labFromRgb(at.rgb, pixels, at.lab, at.tables, at.rows);
  out.set(memory.floats(at.lab, pixels * 3));
  return out;
}
