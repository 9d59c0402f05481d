import { type Claim, resolveOverlap } from '@rotokit/core/tracking';
import { MASK_HALF, maskAt, maskFromPlane, type ObjectId, type SoftMask, sameMask } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { DOG, disc, HERO, randomFrom, SIZE } from './support/shot.js';

const claim = (object: ObjectId, mask: SoftMask, priority = 0, fixed = false): Claim => ({
  object,
  mask,
  priority,
  fixed,
});
const everyPixel = (masks: readonly SoftMask[], ok: (values: number[]) => boolean) => {
  for (let y = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++) if (!ok(masks.map((m) => maskAt(m, x, y)))) return false;
  return true;
};

describe('objects that claim the same pixel', () => {
  it('leaves masks that do not meet as they are', () => {
    const [a, b] = [disc(20, 30, 8), disc(70, 30, 8)];
    const out = resolveOverlap([claim(HERO, a), claim(DOG, b)]);
    expect([out[0] === a, out[1] === b]).toEqual([true, true]);
  });

  it('gives a pixel to the higher priority where both claim it to the same degree', () => {
    const [a, b] = [disc(40, 30, 12), disc(50, 30, 12)];
    expect(sameMask(resolveOverlap([claim(HERO, a, 1), claim(DOG, b, 2)])[1], b)).toBe(true);
    expect(sameMask(resolveOverlap([claim(HERO, a, 2), claim(DOG, b, 1)])[0], a)).toBe(true);
  });

  it('gives a pixel to the larger claim whatever the priority', () => {
    const flat = (v: number) => maskFromPlane(SIZE, new Uint16Array(SIZE.width * SIZE.height).fill(v));
    const [hero, dog] = resolveOverlap([claim(HERO, flat(40000), 9), claim(DOG, flat(50000), 1)]);
    expect([maskAt(hero, 5, 5), maskAt(dog, 5, 5)]).toEqual([15535, 50000]);
  });

  it('never touches an anchor, not even where two of them overlap', () => {
    const [a, b, c] = [disc(40, 30, 12, 4), disc(50, 30, 12, 4), disc(45, 36, 12, 4)];
    const cat = 'cat' as ObjectId;
    const out = resolveOverlap([claim(HERO, a, 0, true), claim(DOG, b, 0, true), claim(cat, c, 9)]);
    expect([out[0] === a, out[1] === b]).toEqual([true, true]);
    expect(everyPixel(out, ([p, q, r]) => r <= Math.max(0, 65535 - p - q))).toBe(true);
  });

  it('leaves no pixel to two, adds up to one at most, and does not depend on the order: random soft masks', () => {
    const random = randomFrom(3);
    for (let n = 0; n < 25; n++) {
      const claims = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, i) =>
        claim(
          `o${i}` as ObjectId,
          disc(48 + 40 * (random() - 0.5), 32 + 30 * (random() - 0.5), 6 + 14 * random(), Math.floor(8 * random())),
          Math.floor(3 * random()),
        ),
      );
      const out = resolveOverlap(claims);
      expect(everyPixel(out, (v) => v.filter((x) => x >= MASK_HALF).length <= 1)).toBe(true);
      expect(everyPixel(out, (v) => v.reduce((a, b) => a + b, 0) <= 65535)).toBe(true);
      const turned = resolveOverlap([...claims].reverse()).reverse();
      expect(turned.every((m, i) => sameMask(m, out[i]))).toBe(true);
      expect(resolveOverlap(claims.map((c, i) => ({ ...c, mask: out[i] }))).every((m, i) => m === out[i])).toBe(true);
    }
  });
});
