const K1 = 0x85ebca6b;
const K2 = 0xc2b2ae35;
const mix = (h: number) => {
  h = Math.imul(h ^ (h >>> 16), K1);
  h = Math.imul(h ^ (h >>> 13), K2);
  return (h ^ (h >>> 16)) >>> 0;
};

/**
 * 64 bits of fingerprint as 16 hex digits, from two multiplicative hashes of the 32-bit words. It tells changes; it is no
 * protection against anybody.
 */
export function hashBytes(data: ArrayBufferView): string {
  const known = HASHES.get(data);
  if (known) return known;
  const hash = compute(data);
  HASHES.set(data, hash);
  return hash;
}

/** Tables are large and are asked for again and again while a graph is rewritten; nobody changes them. */
const HASHES = new WeakMap<ArrayBufferView, string>();

function compute(data: ArrayBufferView): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let [a, b] = [0x9e3779b9 ^ bytes.length, 0x7f4a7c15 ^ bytes.length];
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    const word = view.getUint32(i, true);
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b + word, 0x9e3779b1) ^ (b >>> 13);
  }
  for (; i < bytes.length; i++) {
    a = Math.imul(a ^ bytes[i]!, 0x01000193);
    b = Math.imul(b + bytes[i]!, 0x9e3779b1);
  }
  const hex = (h: number) => mix(h).toString(16).padStart(8, '0');
  return hex(a) + hex(b);
}

/** The fingerprint of a text, by its UTF-8 bytes. */
export const hashText = (text: string): string => hashBytes(new TextEncoder().encode(text));
