import { encodeMask, maskTrim, type SoftMask } from '../values/index.js';

/** The digest of a mask's content: equal for masks that are equal everywhere, whatever their windows. 32 hex digits. */
export const maskDigest = (mask: SoftMask): string => murmur128(encodeMask(maskTrim(mask)));

/** The digest of a list of facts, each told apart from its neighbours. 32 hex digits. */
export const factsDigest = (facts: readonly (string | number)[]): string =>
  murmur128(new TextEncoder().encode(JSON.stringify(facts)));

const rotate = (v: number, by: number) => (v << by) | (v >>> (32 - by));

function finish(v: number): number {
  let h = v ^ (v >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * MurmurHash3 x86_128 with seed 0 (Austin Appleby, public domain): tells contents apart by accident-proof, not by
 * attack-proof means, which is what finding out whether an input changed needs, and it needs no platform.
 */
function murmur128(bytes: Uint8Array): string {
  const c = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
  const add = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17];
  const [before, after] = [
    [15, 16, 17, 18],
    [19, 17, 15, 13],
  ];
  const h = [0, 0, 0, 0];
  const mix = (lane: number, word: number) => {
    h[lane] ^= Math.imul(rotate(Math.imul(word, c[lane]), before[lane]), c[(lane + 1) % 4]);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length >> 4;
  for (let b = 0; b < blocks; b++) {
    for (let lane = 0; lane < 4; lane++) {
      mix(lane, view.getUint32(b * 16 + lane * 4, true));
      h[lane] = (Math.imul(rotate(h[lane], after[lane]) + h[(lane + 1) % 4], 5) + add[lane]) | 0;
    }
  }
  const tail = new Uint8Array(16);
  tail.set(bytes.subarray(blocks * 16));
  const rest = new DataView(tail.buffer);
  for (let lane = 3; lane >= 0; lane--) mix(lane, rest.getUint32(lane * 4, true));
  for (let lane = 0; lane < 4; lane++) h[lane] ^= bytes.length;
  const gather = () => {
    h[0] = (h[0] + h[1] + h[2] + h[3]) | 0;
    for (let lane = 1; lane < 4; lane++) h[lane] = (h[lane] + h[0]) | 0;
  };
  gather();
  for (let lane = 0; lane < 4; lane++) h[lane] = finish(h[lane]);
  gather();
  return h.map((v) => (v >>> 0).toString(16).padStart(8, '0')).join('');
}
