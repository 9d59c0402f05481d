import { describe, expect, it } from 'vitest';
import { floatFromHalf, floatsFromHalves, halfFromFloat, halvesFromFloats } from '../src/values/index.js';

const isNan = (half: number) => (half & 0x7fff) > 0x7c00;
const all = Array.from({ length: 65536 }, (_, half) => half);

describe('half', () => {
  it('gives every one of the 65,536 halves back after a trip through float', () => {
    const wrong = all.filter((half) => !isNan(half) && halfFromFloat(floatFromHalf(half)) !== half);
    expect(wrong).toEqual([]);
    expect(all.filter(isNan).filter((half) => !isNan(halfFromFloat(floatFromHalf(half))))).toEqual([]);
  });

  it('rounds to the nearest half and ties to the even one, between every two neighbours', () => {
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    const beside = (value: number, step: 1 | -1) => {
      float[0] = value;
      bits[0] += step;
      return float[0];
    };
    const wrong: number[] = [];
    for (let low = 0; low < 0x7bff; low++) {
      const middle = (floatFromHalf(low) + floatFromHalf(low + 1)) / 2; // exact: it needs 12 bits
      const even = low % 2 === 0 ? low : low + 1;
      for (const sign of [1, -1]) {
        const flag = sign < 0 ? 0x8000 : 0;
        const found = [middle, beside(middle, -1), beside(middle, 1)].map((v) => halfFromFloat(sign * v));
        if (found[0] !== (even | flag) || found[1] !== (low | flag) || found[2] !== ((low + 1) | flag)) wrong.push(low);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has the values of the standard at its corners', () => {
    expect([0x0001, 0x03ff, 0x0400, 0x3c00, 0x3555, 0x7bff, 0xc000].map(floatFromHalf)).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1,
      0.333251953125,
      65504,
      -2,
    ]);
    expect([65519.99, 65520, 1e30, -Infinity].map(halfFromFloat)).toEqual([0x7bff, 0x7c00, 0x7c00, 0xfc00]);
    expect(Object.is(floatFromHalf(0x8000), -0)).toBe(true);
    expect([2 ** -25, -(2 ** -25), 2 ** -25 * 1.0001].map(halfFromFloat)).toEqual([0, 0x8000, 1]);
  });

  it('converts whole arrays as it converts single values', () => {
    const halves = Uint16Array.from(all.filter((half) => !isNan(half)));
    expect(halvesFromFloats(floatsFromHalves(halves))).toEqual(halves);
  });
});
