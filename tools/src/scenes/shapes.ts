import type { Colour } from './colour.js';
import type { Picture } from './picture.js';
import type { Random } from './random.js';

/** Corner points x0, y0, x1, y1, ... of a closed outline, in pixels. */
export type Outline = Float64Array;

/** How a filled shape is coloured: its colour, and how much lighter one side is than the other. */
export interface Fill {
  readonly colour: Colour;
  /** Change of brightness per pixel to the right and downwards. */
  readonly slopeX: number;
  readonly slopeY: number;
}

/** An ellipse turned by `angle`, as an outline of 24 corners. */
export function ellipse(x: number, y: number, rx: number, ry: number, angle: number): Outline {
  const out = new Float64Array(48);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  for (let i = 0; i < 24; i++) {
    const a = (i / 24) * 2 * Math.PI;
    const u = rx * Math.cos(a);
    const v = ry * Math.sin(a);
    out[2 * i] = x + u * cos - v * sin;
    out[2 * i + 1] = y + u * sin + v * cos;
  }
  return out;
}

/** A rectangle turned by `angle` around its centre. */
export function box(x: number, y: number, halfWidth: number, halfHeight: number, angle: number): Outline {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const out = new Float64Array(8);
  const corners = [-1, -1, 1, -1, 1, 1, -1, 1];
  for (let i = 0; i < 8; i += 2) {
    const u = corners[i] * halfWidth;
    const v = corners[i + 1] * halfHeight;
    out[i] = x + u * cos - v * sin;
    out[i + 1] = y + u * sin + v * cos;
  }
  return out;
}

/** A ragged star-shaped outline of 3 to 9 corners. */
export function shard(x: number, y: number, radius: number, random: Random): Outline {
  const corners = random.int(3, 10);
  const angles = Array.from({ length: corners }, () => random.range(0, 2 * Math.PI)).sort((a, b) => a - b);
  const out = new Float64Array(corners * 2);
  angles.forEach((a, i) => {
    const r = radius * random.range(0.5, 1.2);
    out[2 * i] = x + r * Math.cos(a);
    out[2 * i + 1] = y + r * Math.sin(a);
  });
  return out;
}

/** Where the outline crosses the middle of a row, in rising order. */
function crossings(outline: Outline, y: number, out: number[]): void {
  out.length = 0;
  for (let i = 0, j = outline.length - 2; i < outline.length; j = i, i += 2) {
    const y0 = outline[j + 1];
    const y1 = outline[i + 1];
    if (y0 <= y === y1 <= y) continue;
    out.push(outline[j] + ((y - y0) / (y1 - y0)) * (outline[i] - outline[j]));
  }
  out.sort((a, b) => a - b);
}

/** Fills an outline (even-odd rule) with coverage anti-aliased along the rows. */
export function fillOutline(picture: Picture, outline: Outline, fill: Fill): void {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 1; i < outline.length; i += 2) {
    low = Math.min(low, outline[i]);
    high = Math.max(high, outline[i]);
  }
  const { width, height, rgb } = picture;
  const row: number[] = [];
  const red = fill.colour[0] * 255;
  const green = fill.colour[1] * 255;
  const blue = fill.colour[2] * 255;
  const cx = outline[0];
  const cy = outline[1];
  for (let y = Math.max(0, Math.floor(low)); y <= Math.min(height - 1, Math.ceil(high)); y++) {
    crossings(outline, y + 0.5, row);
    for (let k = 0; k + 1 < row.length; k += 2) {
      const from = Math.max(0, row[k]);
      const to = Math.min(width, row[k + 1]);
      for (let x = from | 0; x < to; x++) {
        const cover = Math.min(x + 1, to) - Math.max(x, from);
        const light = 1 + fill.slopeX * (x - cx) + fill.slopeY * (y - cy);
        const i = (y * width + x) * 3;
        const keep = 1 - cover;
        rgb[i] = Math.max(0, Math.min(255, rgb[i] * keep + red * light * cover));
        rgb[i + 1] = Math.max(0, Math.min(255, rgb[i + 1] * keep + green * light * cover));
        rgb[i + 2] = Math.max(0, Math.min(255, rgb[i + 2] * keep + blue * light * cover));
      }
    }
  }
}
