import {
  type FrameIndex,
  MASK_ONE,
  maskFromPlane,
  type ObjectShapes,
  type Size,
  type SoftMask,
  shapeOn,
} from '../../values/index.js';
import { flattenOutline } from './flatten.js';

/**
 * How much of each pixel lies inside an outline, 0 to 1, exact for the flattened outline: every edge adds the signed area it
 * cuts from its pixels, and sums along the rows make areas of them (as FreeType and font-rs do). Parts outside of
 * the picture are left out. Where an outline runs over itself, an area counts once.
 */
export function coverageOf(outline: Float64Array, size: Size): Float32Array {
  const { width, height } = size;
  const sums = new Float32Array((width + 2) * height);
  const edge = (x0: number, y0: number, x1: number, y1: number) => addEdge(sums, width, height, x0, y0, x1, y1);
  flattenOutline(outline, edge);
  const plane = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    for (let x = 0, at = y * (width + 2); x < width; x++, at++) {
      sum += sums[at];
      plane[y * width + x] = Math.min(1, Math.abs(sum));
    }
  }
  return plane;
}

/** The shapes of an object on a frame as a mask: added shapes by the greater coverage, holes taken away, in their order. */
export function rasteriseShapes({ shapes }: Pick<ObjectShapes, 'shapes'>, frame: FrameIndex, size: Size): SoftMask {
  const sum = new Float32Array(size.width * size.height);
  for (const shape of shapes) {
    const now = shapeOn(shape, frame);
    if (!now) continue;
    const plane = coverageOf(now.outline, size);
    if (shape.mode === 'add') for (let k = 0; k < sum.length; k++) sum[k] = Math.max(sum[k], plane[k]);
    else for (let k = 0; k < sum.length; k++) sum[k] = Math.max(0, sum[k] - plane[k]);
  }
  return maskFromPlane(
    size,
    Uint16Array.from(sum, (v) => Math.round(v * MASK_ONE)),
  );
}

/** Adds an edge: to each pixel it touches the area to its right within the pixel, to the next one the rest of its height. */
function addEdge(
  sums: Float32Array,
  width: number,
  height: number,
  xa: number,
  ya: number,
  xb: number,
  yb: number,
): void {
  if (ya === yb) return;
  const sign = ya < yb ? 1 : -1;
  const [x0, y0, x1, y1] = ya < yb ? [xa, ya, xb, yb] : [xb, yb, xa, ya];
  const slope = (x1 - x0) / (y1 - y0);
  const last = Math.min(height - 1, Math.ceil(y1) - 1);
  for (let row = Math.max(0, Math.floor(y0)); row <= last; row++) {
    const top = Math.max(y0, row);
    const bottom = Math.min(y1, row + 1);
    if (bottom <= top) continue;
    const [p, q] = [x0 + (top - y0) * slope, x0 + (bottom - y0) * slope];
    addRow(sums, row * (width + 2), width, Math.min(p, q), Math.max(p, q), sign * (bottom - top));
  }
}

/** A piece of edge within one row, from `left` to `right`, of signed height `h`. */
function addRow(sums: Float32Array, row: number, width: number, left: number, right: number, h: number): void {
  if (left >= width) return;
  if (right <= 0) {
    sums[row] += h;
    return;
  }
  const first = Math.floor(left);
  if (right <= first + 1) {
    const inside = Math.max(0, first);
    const middle = Math.max(0, (left + right) / 2 - inside);
    if (first < 0) sums[row] += h;
    else {
      sums[row + inside] += h * (1 - middle);
      sums[row + inside + 1] += h * middle;
    }
    return;
  }
  // Over several pixels: split at their borders.
  const perPixel = h / (right - left);
  for (let x = first; x < right && x < width; x++) {
    const [a, b] = [Math.max(left, x), Math.min(right, x + 1)];
    const part = perPixel * (b - a);
    if (x < 0) sums[row] += part;
    else {
      const middle = (a + b) / 2 - x;
      sums[row + x] += part * (1 - middle);
      sums[row + x + 1] += part * middle;
    }
  }
}
