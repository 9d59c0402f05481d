import type { ResizePlan } from '../primitives/resize.js';
import { arithmetic } from './arithmetic.js';

/** `resizeRgb` of the primitives, compiled in single precision: at most one level from it. */
export function resizeRgb(plan: ResizePlan, rgb: Uint8Array, out?: Uint8Array): Uint8Array {
  const { wasm, memory } = arithmetic();
  const { from, to, rows, columns } = plan;
  const source = memory.take(rgb.length);
  const line = memory.take(from.width * 12);
  const target = memory.take(to.width * to.height * 3);
  const [rowAt, columnAt] = [rows, columns].map((taps) => {
    const first = memory.take(taps.first.byteLength);
    const weights = memory.take(taps.weights.byteLength);
    memory.ints(first, taps.first.length).set(taps.first);
    memory.floats(weights, taps.weights.length).set(taps.weights);
    return [first, weights, taps.count] as const;
  }) as [readonly [number, number, number], readonly [number, number, number]];
  memory.bytes(source, rgb.length).set(rgb);
  wasm.resizeRgb(source, from.width, ...rowAt, to.height, ...columnAt, to.width, line, target);
  const result = memory.bytes(target, to.width * to.height * 3);
  if (!out) return result.slice();
  out.set(result);
  return out;
}
