import { blendAnswers, TRACK_DEFAULTS } from '@rotokit/core/tracking';
import {
  emptyMask,
  MASK_HALF,
  maskArea,
  maskAt,
  maskFromPlane,
  maskIou,
  type SoftMask,
  sameMask,
} from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { disc, randomFrom, SIZE } from './support/shot.js';

const answer = (mask: SoftMask, steps = 5, confidence = 0.9) => ({ mask, steps, confidence });
const blend = (a: ReturnType<typeof answer>, b: ReturnType<typeof answer>) => blendAnswers(a, b, TRACK_DEFAULTS.blend);
/** The column at which a row of a mask passes half, from inside outwards, between pixel centres. */
const edgeAt = (mask: SoftMask, y: number, from: number) => {
  let x = from;
  while (maskAt(mask, x + 1, y) >= MASK_HALF) x++;
  const [p, q] = [maskAt(mask, x, y), maskAt(mask, x + 1, y)];
  return x + 0.5 + (p - 32767.5) / (p - q);
};

describe('blending the answers of two directions', () => {
  it('gives a mask itself when both say the same, however soft it is', () => {
    const plane = new Uint16Array(SIZE.width * SIZE.height);
    const random = randomFrom(1);
    for (let k = 2000; k < 3800; k++) plane[k] = Math.floor(random() * 65536);
    const mask = maskFromPlane(SIZE, plane);
    expect(sameMask(blend(answer(mask, 2), answer(mask, 7)).mask, mask)).toBe(true);
    expect(blend(answer(mask), answer(mask)).agreement).toBe(1);
  });

  it('puts the outline where the nearer anchor wants it more', () => {
    const [small, large] = [disc(48, 32, 18), disc(48, 32, 21)];
    const middle = blend(answer(small, 5), answer(large, 5));
    expect(edgeAt(middle.mask, 31, 48)).toBeCloseTo(48 + 19.5, 0);
    expect(middle.weight).toBeCloseTo(0.5, 6);
    const near = [1, 2, 4, 8].map((steps) => edgeAt(blend(answer(small, steps), answer(large, 4)).mask, 31, 48));
    expect(near).toEqual([...near].sort((a, b) => a - b));
    expect(near[3] - near[0]).toBeGreaterThan(1);
  });

  it('lets the more certain answer count more', () => {
    const [small, large] = [disc(48, 32, 18), disc(48, 32, 21)];
    const edges = [0.9, 0.6, 0.3].map((c) => edgeAt(blend(answer(small, 5, c), answer(large, 5, 0.9)).mask, 31, 48));
    expect(edges).toEqual([...edges].sort((a, b) => a - b));
    expect(edges[2] - edges[0]).toBeGreaterThan(0.5);
  });

  it('keeps edges as soft as they were', () => {
    const width = (mask: SoftMask) => {
      let n = 0;
      for (let x = 48; x < 96; x++) if (maskAt(mask, x, 31) > 3000 && maskAt(mask, x, 31) < 62000) n++;
      return n;
    };
    const soft = blend(answer(disc(48, 32, 18, 8)), answer(disc(48, 32, 20, 8))).mask;
    expect(width(soft)).toBeGreaterThanOrEqual(6);
    expect(width(soft)).toBeLessThanOrEqual(9);
    const hard = blend(answer(disc(48, 32, 18)), answer(disc(48, 32, 21))).mask;
    expect(width(hard)).toBeLessThanOrEqual(2);
  });

  it('never blends two shapes that disagree into nothing', () => {
    const [left, right] = [disc(30, 32, 8), disc(60, 32, 8)];
    expect(blend(answer(left, 5, 0.8), answer(right, 5, 0.3)).mask).toBe(left);
    expect(blend(answer(left, 5, 0.3), answer(right, 5, 0.8)).mask).toBe(right);
    expect(blend(answer(left, 3, 0.8), answer(right, 6, 0.8))).toMatchObject({ mask: left, agreement: 0, weight: 1 });
    const remnant = disc(40, 32, 5);
    const whole = disc(44, 32, 12);
    expect(maskArea(blend(answer(remnant, 4, 0.4), answer(whole, 6, 0.9)).mask)).toBe(maskArea(whole));
  });

  it('takes an empty answer for what it is: one side believes the object gone', () => {
    const shown = disc(40, 32, 10);
    expect(blend(answer(emptyMask(SIZE), 2, 0.2), answer(shown, 2, 0.9)).mask).toBe(shown);
    expect(blend(answer(emptyMask(SIZE), 2, 0.9), answer(shown, 2, 0.2)).mask.values).toHaveLength(0);
    expect(blend(answer(emptyMask(SIZE)), answer(emptyMask(SIZE)))).toMatchObject({ agreement: 1 });
  });

  it('stays between the two answers: inside both is inside, outside both is outside', () => {
    const random = randomFrom(7);
    for (let n = 0; n < 40; n++) {
      const shape = () => disc(40 + 6 * random(), 30 + 6 * random(), 12 + 3 * random(), Math.floor(4 * random()));
      const [a, b] = [shape(), shape()];
      const { mask, weight } = blend(answer(a, 1 + 5 * random(), random()), answer(b, 1 + 5 * random(), random()));
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThanOrEqual(1);
      let wrong = 0;
      for (let y = 0; y < SIZE.height; y++)
        for (let x = 0; x < SIZE.width; x++) {
          const [p, q, v] = [maskAt(a, x, y), maskAt(b, x, y), maskAt(mask, x, y)];
          if (p === 0 && q === 0 && v >= MASK_HALF) wrong++;
          if (p === 65535 && q === 65535 && v < MASK_HALF) wrong++;
        }
      expect(wrong).toBe(0);
      expect(Math.min(maskIou(mask, a), maskIou(mask, b))).toBeGreaterThan(maskIou(a, b) - 0.01);
    }
  });
});
