import {
  boxOf,
  decodeMask,
  emptyMask,
  encodeMask,
  maskFromBytes,
  maskFromPlane,
  type SoftMask,
  sameMask,
  softMask,
} from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomMask(seed: number): SoftMask {
  const next = random(seed);
  const size = { width: 1 + Math.floor(next() * 40), height: 1 + Math.floor(next() * 40) };
  const plane = new Uint16Array(size.width * size.height);
  for (let i = 0; i < plane.length; ) {
    const run = 1 + Math.floor(next() ** 3 * 60);
    const kind = Math.floor(next() * 4);
    for (let k = 0; k < run && i < plane.length; k++, i++)
      plane[i] = [0, 65535, Math.floor(next() * 65536), Math.floor(next() * 256) * 257][kind];
  }
  return next() < 0.5 ? maskFromPlane(size, plane) : softMask(size, boxOf(size), plane);
}

describe('a coded mask', () => {
  it('comes back with the same size, window and values', () => {
    for (let seed = 0; seed < 300; seed++) {
      const mask = randomMask(seed);
      const back = decodeMask(encodeMask(mask));
      expect(back.size).toEqual(mask.size);
      expect(back.window).toEqual(mask.window);
      expect(Buffer.compare(Buffer.from(back.values.buffer), Buffer.from(mask.values.slice().buffer))).toBe(0);
    }
  });

  it('costs a dozen bytes for an absent object and for a full frame', () => {
    const size = { width: 2048, height: 540 };
    const full = softMask(size, boxOf(size), new Uint16Array(2048 * 540).fill(65535));
    expect(encodeMask(emptyMask(size)).length).toBeLessThan(12);
    expect(encodeMask(full).length).toBeLessThan(16);
    expect(sameMask(decodeMask(encodeMask(full)), full)).toBe(true);
  });

  it('takes one byte for each soft pixel that came from 8 bits', () => {
    const size = { width: 64, height: 64 };
    const mask = maskFromBytes(
      size,
      Uint8Array.from({ length: 4096 }, (_, i) => 1 + (i % 254)),
    );
    expect(encodeMask(mask).length).toBeLessThan(4096 + 16);
  });

  it('refuses every damaged copy or reads it as some mask, and never anything else', () => {
    const next = random(7);
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from(encodeMask(randomMask(round % 50)));
      for (let k = 0; k < 1 + (round % 3); k++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      const cut = next() < 0.3 ? bytes.subarray(0, Math.floor(next() * bytes.length)) : bytes;
      try {
        const { size, window, values } = decodeMask(cut);
        expect(softMask(size, window, values).values.length).toBe(values.length);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect((error as Error).message).toMatch(/^coded mask: /);
      }
    }
  });

  it('refuses a header that claims a picture beyond all bounds, without making room for it', () => {
    const huge = [255, 255, 255, 255, 15];
    expect(() => decodeMask(Uint8Array.from([1, ...huge, ...huge, 0, 0, ...huge, ...huge, 0]))).toThrow(RangeError);
    const size = [128, 128, 1]; // 16384
    expect(() => decodeMask(Uint8Array.from([1, ...size, ...size, 0, 0, ...size, ...size, 4]))).toThrow(/run/);
  });
});
