import { WeightsError } from './errors.js';
import type { TensorEntry } from './header.js';

/** The float32 of a half: sign, 5 bits of exponent, 10 of fraction (IEEE 754 binary16). */
function fromHalf(h: number): number {
  const [sign, exponent, fraction] = [h & 0x8000 ? -1 : 1, (h >> 10) & 31, h & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * (1 + fraction / 1024) * 2 ** (exponent - 15) : sign * fraction * 2 ** -24;
}

/**
 * The numbers of one tensor as float32, from its own bytes (little-endian). Throws `WeightsError` where the bytes are not
 * as many as the header says or hold no floats.
 */
export function floatValues(tensor: string, entry: TensorEntry, bytes: Uint8Array): Float32Array {
  if (bytes.length !== entry.length)
    throw new WeightsError('WEIGHTS_TRUNCATED', {
      tensor,
      expected: `${entry.length} bytes`,
      found: `${bytes.length} bytes`,
    });
  const copy = new Uint8Array(bytes).buffer; // a Buffer's own slice() would be a view
  if (entry.dtype === 'f32') return new Float32Array(copy);
  if (entry.dtype === 'f16') return Float32Array.from(new Uint16Array(copy), fromHalf);
  if (entry.dtype === 'bf16') return new Float32Array(Uint32Array.from(new Uint16Array(copy), (h) => h * 65536).buffer);
  throw new WeightsError('WEIGHTS_DTYPE', { tensor, expected: 'F32, F16 or BF16', found: entry.dtype });
}
