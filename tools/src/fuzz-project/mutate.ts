import { random } from '../kill/seeded.js';

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x0d, 0x05, 0x0a, 0x02];

/**
 * A damaged copy of a file, the same one for the same seed: flipped bits, overwritten, zeroed, swapped or moved parts,
 * a cut or a longer end, digits and letters of the text inside changed, one to three times over.
 */
export function mutate(original: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  const int = (n: number) => Math.floor(next() * n);
  let bytes = Uint8Array.from(original);
  const place = () => (next() < 0.25 ? int(Math.min(bytes.length, 2048)) : int(bytes.length));
  const moves: readonly (() => void)[] = [
    () => {
      bytes[place()] ^= 1 << int(8);
    },
    () => {
      bytes[place()] = INTERESTING[int(INTERESTING.length)];
    },
    () => {
      const at = place();
      for (let i = at; i < Math.min(bytes.length, at + 1 + int(40)); i++) bytes[i] = int(256);
    },
    () => {
      const at = place();
      bytes.fill(int(2) * 255, at, at + 1 + int(5000));
    },
    () => {
      const [a, b] = [int(bytes.length >> 12) << 12, int(bytes.length >> 12) << 12];
      const page = bytes.slice(a, a + 4096);
      bytes.copyWithin(a, b, b + 4096);
      bytes.set(page.subarray(0, bytes.length - b), b);
    },
    () => {
      bytes.copyWithin(place(), place(), place());
    },
    () => {
      bytes = bytes.slice(0, int(bytes.length));
    },
    () => {
      const longer = new Uint8Array(bytes.length + int(9000));
      longer.set(bytes);
      bytes = longer;
    },
    () => alterText(bytes, place(), int),
    () => alterText(bytes, place(), int),
  ];
  for (let n = 1 + int(3); n > 0 && bytes.length; n--) moves[int(moves.length)]();
  return bytes;
}

/** Replaces the next digit, letter or sign of JSON after a place by another of its kind, which keeps the text readable. */
export function alterText(bytes: Uint8Array, from: number, int: (n: number) => number): void {
  const kinds = ['0123456789-.e', 'abcdefghijklmnopqrstuvwxyz', '{}[]:,"'];
  for (let i = from; i < bytes.length; i++) {
    const kind = kinds.find((k) => k.includes(String.fromCharCode(bytes[i])));
    if (!kind) continue;
    bytes[i] = kind.charCodeAt(int(kind.length));
    return;
  }
}
