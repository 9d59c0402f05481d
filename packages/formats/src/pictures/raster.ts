import { type Picture, SRGB } from '@rotokit/core/values';
import { CELL, GLYPHS, UNKNOWN_GLYPH } from './font.js';

/** Red, green, blue, 0..255, display-referred. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A display picture that is being drawn on. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

/** An empty picture of one colour. */
export function raster(width: number, height: number, colour: Colour): Raster {
  const samples = new Uint8Array(3 * width * height);
  for (let i = 0; i < samples.length; i += 3) samples.set(colour, i);
  return { width, height, samples };
}

/** What was drawn, as a picture. */
export const pictureOf = (r: Raster): Picture<'rgb8'> => ({ format: 'rgb8', ...r, colour: SRGB });

/** Mixes a colour into a rectangle; what lies outside the picture is left out. `opacity` 1 covers. */
export function fill(
  r: Raster,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: Colour,
  opacity = 1,
): void {
  const [x1, y1] = [Math.min(r.width, x + width), Math.min(r.height, y + height)];
  for (let v = Math.max(0, y); v < y1; v++) {
    for (let u = Math.max(0, x); u < x1; u++) mix(r.samples, 3 * (v * r.width + u), colour, opacity);
  }
}

/** Mixes a colour into the pixel that begins at sample `at`. */
export function mix(samples: Uint8Array, at: number, colour: Colour, opacity: number): void {
  samples[at] += Math.round((colour[0] - samples[at]) * opacity);
  samples[at + 1] += Math.round((colour[1] - samples[at + 1]) * opacity);
  samples[at + 2] += Math.round((colour[2] - samples[at + 2]) * opacity);
}

/** Puts one picture into another, its top left corner at (x, y). It must fit. */
export function place(r: Raster, part: Raster, x: number, y: number): void {
  for (let v = 0; v < part.height; v++) {
    const row = part.samples.subarray(3 * v * part.width, 3 * (v + 1) * part.width);
    r.samples.set(row, 3 * ((y + v) * r.width + x));
  }
}

/** Width of a text in pixels, without the space after its last letter. */
export const textWidth = (text: string, scale: number): number =>
  Math.max(0, [...text].length * CELL.width - 1) * scale;

/** Writes a line of text, its top left corner at (x, y), every font pixel `scale` pixels large. */
export function drawText(r: Raster, text: string, x: number, y: number, scale: number, colour: Colour): void {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '');
  [...plain].forEach((letter, i) => {
    if (letter === ' ') return;
    const rows = (GLYPHS[letter] ?? UNKNOWN_GLYPH).split(' ');
    rows.forEach((row, v) => {
      for (let u = 0; u < row.length; u++) {
        if (row[u] === '#') fill(r, x + (i * CELL.width + u) * scale, y + v * scale, scale, scale, colour);
      }
    });
  });
}
