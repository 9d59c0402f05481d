import { type Canvas, createCanvas } from './canvas.js';
import { compose, type Matrix, scaling } from './matrix.js';
import { drawPart, type Part } from './parts.js';

/** Shadows are drawn at a quarter of the size: they are soft. */
const shrink = 4;
const canvases = new WeakMap<Canvas, Canvas>();

function shadowCanvas(canvas: Canvas): Canvas {
  let held = canvases.get(canvas);
  if (!held) {
    held = createCanvas(Math.ceil(canvas.width / shrink), Math.ceil(canvas.height / shrink), 1);
    canvases.set(canvas, held);
  }
  held.masks[0].fill(0);
  return held;
}

/** Averages 3x3 neighbourhoods. */
function soften(mask: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const row = (o: number) => mask[o - 1] + mask[o] + mask[o + 1];
      out[i] = (row(i - width) + row(i) + row(i + width)) / 9;
    }
  }
  return out;
}

/**
 * Darkens the ground where an actor keeps the light away: its parts laid flat from the foot, away from the light. The
 * masks stay as they are: a shadow belongs to no object.
 */
export function castShadow(
  canvas: Canvas,
  parts: readonly Part[],
  to: Matrix,
  foot: number,
  light: readonly [number, number, number],
  strength: number,
): void {
  const small = shadowCanvas(canvas);
  // y' = foot + 0.35 (foot - y) towards us or away, x' = x + slant (y - foot)
  const flat = light[2] > 0 ? 0.35 : -0.35;
  const slant = Math.max(-1.2, Math.min(1.2, light[0] * 1.5));
  const lay: Matrix = { a: 1, b: slant, c: -slant * foot, d: 0, e: flat, f: foot * (1 - flat) };
  const map = compose(scaling(1 / shrink), to, lay);
  const look = { owner: 0, opacity: 1, light: [0, 0, 1] as const, contrast: 0, gain: 1 };
  for (const part of parts) drawPart(small, part, map, look);
  const mask = soften(small.masks[0], small.width, small.height);
  const { rgb, width, height } = canvas;
  for (let y = 0; y < height; y++) {
    const row = ((y / shrink) | 0) * small.width;
    for (let x = 0; x < width; x++) {
      const dark = mask[row + ((x / shrink) | 0)];
      if (dark === 0) continue;
      const keep = 1 - (strength * dark) / 255;
      const i = (y * width + x) * 3;
      rgb[i] *= keep;
      rgb[i + 1] *= keep;
      rgb[i + 2] *= keep;
    }
  }
}
