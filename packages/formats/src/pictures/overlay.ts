import {
  type Box,
  boxGrow,
  boxHeight,
  boxIntersect,
  boxIsEmpty,
  boxUnion,
  boxWidth,
  EMPTY_BOX,
  MASK_ONE,
  type Picture,
  type SoftMask,
} from '@rotokit/core/values';
import { type Colour, mix, pictureOf, type Raster } from './raster.js';

/** A mask to be shown, and in which colour. */
export interface MaskLayer {
  readonly mask: SoftMask;
  readonly colour: Colour;
}

/** How masks are shown. */
export interface OverlayOptions {
  /** How much of the colour lies over the object, 0..1; 0.38 unless told. */
  readonly tint?: number;
  /** Width of the outline in pixels; a 270th of the height, at least 1, unless told. 0 leaves it out. */
  readonly line?: number;
}

/**
 * A copy of a picture with objects tinted and outlined, later ones on top. The outline is the object's colour just
 * inside its half-way contour, with a thinner dark line around it, so that it shows on bright and on dark plates alike.
 *
 * @throws RangeError when a mask has another size than the picture.
 */
export function overlay(
  picture: Picture<'rgb8'>,
  layers: readonly MaskLayer[],
  options: OverlayOptions = {},
): Picture<'rgb8'> {
  const { width, height } = picture;
  const drawn: Raster = { width, height, samples: picture.samples.slice() };
  const { tint = 0.38, line = Math.max(1, Math.round(height / 270)) } = options;
  for (const { mask, colour } of layers) {
    if (mask.size.width !== width || mask.size.height !== height)
      throw new RangeError(`masks must be ${width}x${height}, got ${mask.size.width}x${mask.size.height}`);
    tintMask(drawn, mask, colour, tint);
    if (line > 0) outlineMask(drawn, mask, colour, line);
  }
  return { ...pictureOf(drawn), colour: picture.colour };
}

function tintMask(r: Raster, { window: w, values }: SoftMask, colour: Colour, tint: number): void {
  for (let y = w.y0, i = 0; y < w.y1; y++) {
    for (let x = w.x0; x < w.x1; x++, i++) {
      if (values[i] !== 0) mix(r.samples, 3 * (y * r.width + x), colour, (tint * values[i]) / MASK_ONE);
    }
  }
}

const DARK: Colour = [10, 10, 14];

function outlineMask(r: Raster, mask: SoftMask, colour: Colour, line: number): void {
  const box = boxGrow(filledBox(mask), line + 1, mask.size);
  if (boxIsEmpty(box)) return;
  const width = boxWidth(box);
  const inside = contour(mask, box);
  const within = shrunk(inside, width, line, 1);
  const around = shrunk(inside, width, Math.ceil(line / 2), -1);
  for (let y = box.y0, i = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, i++) {
      if (within[i] === around[i]) continue; // far from the edge
      const at = 3 * (y * r.width + x);
      mix(r.samples, at, DARK, 0.6 * (around[i] - inside[i]));
      mix(r.samples, at, colour, inside[i] - within[i]);
    }
  }
}

/** The box around everything that is not 0. */
function filledBox({ window: w, values }: SoftMask): Box {
  let box = EMPTY_BOX;
  for (let y = w.y0, row = 0; y < w.y1; y++, row += boxWidth(w)) {
    let [a, b] = [row, row + boxWidth(w)];
    const [start, end] = [a, b];
    while (a < end && values[a] === 0) a++;
    if (a === end) continue;
    while (values[b - 1] === 0) b--;
    box = boxUnion(box, { x0: w.x0 + a - start, y0: y, x1: w.x0 + b - start, y1: y + 1 });
  }
  return box;
}

/** The mask as 0..1 over a box, its slope at the half-way contour made steep, so that soft edges get a thin line too. */
function contour(mask: SoftMask, box: Box): Float32Array {
  const [width, stride, w] = [boxWidth(box), boxWidth(mask.window), mask.window];
  const plane = new Float32Array(width * boxHeight(box));
  const part = boxIntersect(box, w);
  for (let y = part.y0; y < part.y1; y++) {
    let from = (y - w.y0) * stride + part.x0 - w.x0;
    let to = (y - box.y0) * width + part.x0 - box.x0;
    for (let x = part.x0; x < part.x1; x++)
      plane[to++] = Math.max(0, Math.min(1, 0.5 + 3 * (mask.values[from++] / MASK_ONE - 0.5)));
  }
  return plane;
}

/**
 * The plane with its shape drawn in by `radius` pixels (`sign` 1: the smallest value within a diamond) or let out
 * (`sign` -1: the largest). The box leaves a margin of zeros, except where it ends with the picture.
 */
function shrunk(plane: Float32Array, width: number, radius: number, sign: 1 | -1): Float32Array {
  const end = plane.length;
  let from = plane;
  for (let step = 0; step < radius; step++) {
    const to = new Float32Array(end);
    for (let i = 0, x = 0; i < end; i++, x = x === width - 1 ? 0 : x + 1) {
      let v = from[i] * sign;
      if (x > 0 && from[i - 1] * sign < v) v = from[i - 1] * sign;
      if (x < width - 1 && from[i + 1] * sign < v) v = from[i + 1] * sign;
      if (i >= width && from[i - width] * sign < v) v = from[i - width] * sign;
      if (i + width < end && from[i + width] * sign < v) v = from[i + width] * sign;
      to[i] = v * sign;
    }
    from = to;
  }
  return from;
}
