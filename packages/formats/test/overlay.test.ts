import { emptyMask, type Picture, SRGB } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { type Colour, objectColour, overlay } from '../src/index.js';
import { disc } from './pictures.js';

const [W, H] = [120, 90];
const plate = (value: number): Picture<'rgb8'> => ({
  format: 'rgb8',
  width: W,
  height: H,
  samples: new Uint8Array(3 * W * H).fill(value),
  colour: SRGB,
});
const at = (p: Picture<'rgb8'>, x: number, y: number): Colour => {
  const i = 3 * (y * W + x);
  return [p.samples[i], p.samples[i + 1], p.samples[i + 2]];
};
const apart = (a: Colour, b: Colour) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe('overlay', () => {
  const colour = objectColour(0);
  const mask = disc(W, H, 60, 45, 20, 2);

  it.each([0, 128, 255])('shows tint and outline on a plate of brightness %i and leaves the rest alone', (value) => {
    const before = plate(value);
    const shown = overlay(before, [{ mask, colour }]);
    expect(at(shown, 5, 5)).toEqual([value, value, value]);
    expect(apart(at(shown, 60, 45), [value, value, value])).toBeGreaterThan(50);
    expect(apart(at(shown, 40, 45), colour)).toBeLessThan(60);
    expect(apart(at(shown, 60, 45), at(shown, 40, 45))).toBeGreaterThan(40);
    expect(before.samples.every((v) => v === value)).toBe(true);
  });

  it('draws nothing for an absent object, and later objects over earlier ones', () => {
    const before = plate(90);
    expect(overlay(before, [{ mask: emptyMask({ width: W, height: H }), colour }]).samples).toEqual(before.samples);
    const second = disc(W, H, 70, 45, 20, 2);
    const both = overlay(before, [
      { mask, colour },
      { mask: second, colour: objectColour(1) },
    ]);
    expect(apart(at(both, 50, 45), objectColour(1))).toBeLessThan(60); // the second one's outline lies over the first
  });

  it('can leave the outline or the tint out', () => {
    const outline = overlay(plate(0), [{ mask, colour }], { tint: 0 });
    expect(at(outline, 60, 45)).toEqual([0, 0, 0]);
    const tint = overlay(plate(0), [{ mask, colour }], { tint: 0.5, line: 0 });
    expect(at(tint, 60, 45)).toEqual(colour.map((v) => Math.round(v / 2)));
    expect(at(tint, 42, 45)).toEqual(at(tint, 60, 45));
  });

  it('outlines an object at the border of the picture without a line along the border', () => {
    const half = disc(W, H, 0, 45, 20, 2);
    const shown = overlay(plate(0), [{ mask: half, colour }], { tint: 0 });
    expect(at(shown, 0, 45)).toEqual([0, 0, 0]);
    expect(apart(at(shown, 19, 45), colour)).toBeLessThan(60);
  });

  it('refuses a mask of another size', () => {
    expect(() => overlay(plate(0), [{ mask: disc(8, 8, 4, 4, 2), colour }])).toThrow(/masks must be 120x90, got 8x8/);
  });
});

/** OKLab (Ottosson 2020): distances in it follow what people see. */
function oklab([r, g, b]: Colour): Colour {
  const [x, y, z] = [r, g, b].map((v) => (v <= 10.31 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z);
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z);
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

describe('object colours', () => {
  it('are told apart: 0.18 in OKLab among the first six, 0.13 among the first twelve, never twice the same', () => {
    const lab = Array.from({ length: 12 }, (_, i) => oklab(objectColour(i)));
    const nearest = (count: number) =>
      Math.min(...lab.slice(0, count).flatMap((a, i) => lab.slice(0, i).map((b) => apart(a, b))));
    expect(nearest(6)).toBeGreaterThan(0.18);
    expect(nearest(12)).toBeGreaterThan(0.13);
    expect(new Set(Array.from({ length: 60 }, (_, i) => objectColour(i).join())).size).toBe(60);
    expect(() => objectColour(-1)).toThrow(RangeError);
  });
});
