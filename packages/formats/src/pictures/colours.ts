import type { Colour } from './raster.js';

/**
 * Colours for objects in overlays, in the order in which they are given out: light and saturated, so that they stand out
 * on plates; any two are at least 0.13 apart in OKLab (Ottosson 2020), the first six 0.18.
 */
const FIRST: readonly Colour[] = [
  [255, 64, 64],
  [0, 170, 255],
  [90, 235, 30],
  [255, 205, 30],
  [205, 60, 255],
  [70, 240, 220],
  [255, 150, 205],
  [100, 110, 255],
  [255, 135, 45],
  [0, 170, 100],
  [235, 40, 150],
  [175, 150, 40],
];

/**
 * The overlay colour of the n-th object, from 0. Beyond the first twelve hues go round by the golden angle, which never
 * comes back to one that was used.
 */
export function objectColour(index: number): Colour {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`an object's index is 0 or more, got ${index}`);
  if (index < FIRST.length) return FIRST[index];
  const hue = (index * 137.50776) % 360;
  const channel = (shift: number) => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (0.62 - 0.38 * Math.max(-1, Math.min(k - 3, 9 - k, 1)))); // HSL: saturation 1, lightness 0.62
  };
  return [channel(0), channel(8), channel(4)];
}
