import { bytesOf } from '../bytes/byte-writer.js';

/**
 * How Cryptomatte calls an object: its name hashed to 32 bits which are a finite float (Cryptomatte Specification 1.2.0,
 * "Generating ID values": MurmurHash3_32 of the UTF-8 name with seed 0, then `uint32_to_float32`).
 */
export interface CryptoId {
  /** The bits as an unsigned number. */
  readonly bits: number;
  /** The bits as eight hexadecimal digits, as manifests give them. */
  readonly hex: string;
}

/** The identifier of a name. Zero is no object; no name that was ever seen hashes to it. */
export function cryptoId(name: string): CryptoId {
  let bits = murmur3(bytesOf(name), 0);
  const exponent = (bits >>> 23) & 255;
  if (exponent === 0 || exponent === 255) bits = (bits ^ (1 << 23)) >>> 0; // no subnormals, infinities or NaNs
  return { bits, hex: bits.toString(16).padStart(8, '0') };
}

/** The key that a layer's attributes are filed under: seven digits of its name's identifier, as the specification suggests. */
export const cryptoKey = (layer: string): string => cryptoId(layer).hex.slice(0, 7);

const rotated = (v: number, by: number) => (v << by) | (v >>> (32 - by));
const scrambled = (k: number) => Math.imul(rotated(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);

/** MurmurHash3_x86_32 of bytes (Austin Appleby, SMHasher). @returns an unsigned 32-bit number. */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let h = seed;
  for (let i = 0; i < whole; i += 4)
    h = (Math.imul(rotated(h ^ scrambled(view.getUint32(i, true)), 13), 5) + 0xe6546b64) | 0;
  let rest = 0;
  for (let i = bytes.length - 1; i >= whole; i--) rest = (rest << 8) | bytes[i];
  if (bytes.length > whole) h ^= scrambled(rest);
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
