import type { Picture } from './picture.js';

/** The picture being drawn and, for every object of interest, how much of each pixel it covers (0..255). */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  readonly masks: readonly Uint8Array[];
}

/** An empty canvas with `objects` masks. */
export function createCanvas(width: number, height: number, objects: number): Canvas {
  return {
    width,
    height,
    rgb: new Uint8Array(width * height * 3),
    masks: Array.from({ length: objects }, () => new Uint8Array(width * height)),
  };
}

/**
 * Lays a colour (0..255 each) with coverage `alpha` (0..1) over pixel `at`. The mask of `owner` gains the coverage, all
 * other masks lose it, so that masks stay exact whatever is drawn in front; owner -1 belongs to no object.
 */
export function lay(
  canvas: Canvas,
  at: number,
  red: number,
  green: number,
  blue: number,
  alpha: number,
  owner: number,
): void {
  const { rgb, masks } = canvas;
  const i = at * 3;
  if (alpha > 0.998) {
    rgb[i] = red > 255 ? 255 : red;
    rgb[i + 1] = green > 255 ? 255 : green;
    rgb[i + 2] = blue > 255 ? 255 : blue;
    for (let k = 0; k < masks.length; k++) masks[k][at] = k === owner ? 255 : 0;
    return;
  }
  const r = rgb[i] + (red - rgb[i]) * alpha + 0.5;
  const g = rgb[i + 1] + (green - rgb[i + 1]) * alpha + 0.5;
  const b = rgb[i + 2] + (blue - rgb[i + 2]) * alpha + 0.5;
  rgb[i] = r > 255 ? 255 : r;
  rgb[i + 1] = g > 255 ? 255 : g;
  rgb[i + 2] = b > 255 ? 255 : b;
  for (let k = 0; k < masks.length; k++) {
    const m = masks[k][at];
    masks[k][at] = m + ((k === owner ? 255 : 0) - m) * alpha + 0.5;
  }
}

/** One bilinear sample; the fields are overwritten by the next call. */
export const sample = { red: 0, green: 0, blue: 0 };

/** Samples a picture at (u, v) in its pixels, wrapping in u (textures go round things) and clamping in v. */
export function sampleWrapped(picture: Picture, u: number, v: number): void {
  const { width, height, rgb } = picture;
  const x = Math.floor(u);
  const fx = u - x;
  let x0 = x % width;
  if (x0 < 0) x0 += width;
  const x1 = x0 + 1 === width ? 0 : x0 + 1;
  const y = v < 0 ? 0 : v > height - 1.001 ? height - 1.001 : v;
  const y0 = y | 0;
  const fy = y - y0;
  const row = y0 * width;
  const a = (row + x0) * 3;
  const b = (row + x1) * 3;
  const down = width * 3;
  const wa = (1 - fx) * (1 - fy);
  const wb = fx * (1 - fy);
  const wc = (1 - fx) * fy;
  const wd = fx * fy;
  sample.red = rgb[a] * wa + rgb[b] * wb + rgb[a + down] * wc + rgb[b + down] * wd;
  sample.green = rgb[a + 1] * wa + rgb[b + 1] * wb + rgb[a + down + 1] * wc + rgb[b + down + 1] * wd;
  sample.blue = rgb[a + 2] * wa + rgb[b + 2] * wb + rgb[a + down + 2] * wc + rgb[b + down + 2] * wd;
}
