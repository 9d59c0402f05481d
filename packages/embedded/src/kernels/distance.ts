import { arithmetic } from './arithmetic.js';

/** `signedDistance` of the primitives, compiled: within one unit in the last place of a float. */
export function signedDistance(
  mask: Uint8Array,
  width: number,
  height: number,
  out: Float32Array = new Float32Array(width * height),
): Float32Array {
  const { wasm, memory } = arithmetic();
  const n = width * height;
  const [source, target] = [memory.take(n), memory.take(n * 4)];
  const scratch = memory.take(wasm.distanceBytes(width, height));
  memory.bytes(source, n).set(mask.subarray(0, n));
  wasm.signedDistance(source, width, height, target, scratch);
  out.set(memory.floats(target, n));
  return out;
}
