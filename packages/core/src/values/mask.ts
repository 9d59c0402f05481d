import { type Box, boxHeight, boxIntersect, boxIsEmpty, boxOf, boxWidth, EMPTY_BOX, type Size } from './space.js';

/** The value of a pixel that belongs to the object entirely. */
export const MASK_ONE = 65535;
/** The value at and above which a pixel counts as inside when somebody must have a binary answer. */
export const MASK_HALF = 32768;

/**
 * How much each pixel belongs to an object, on the grid of the displayed picture: 0 not at all, 65535 entirely.
 * Everything outside `window` is 0; `values` holds the window only, in raster order. An absent object has an
 * empty window. Masks are never thresholded on their way through the product.
 */
export interface SoftMask {
  readonly size: Size;
  readonly window: Box;
  readonly values: Uint16Array;
}

/** The mask of an object that is not in the picture. */
export const emptyMask = (size: Size): SoftMask => ({ size, window: EMPTY_BOX, values: new Uint16Array(0) });

/** Checks window against size and count of values. @throws RangeError naming what does not fit. */
export function softMask(size: Size, window: Box, values: Uint16Array): SoftMask {
  const inside = window.x0 >= 0 && window.y0 >= 0 && window.x1 <= size.width && window.y1 <= size.height;
  if (!boxIsEmpty(window) && !inside)
    throw new RangeError(`mask window ${JSON.stringify(window)} leaves ${size.width}x${size.height}`);
  const area = boxIsEmpty(window) ? 0 : boxWidth(window) * boxHeight(window);
  if (values.length !== area) throw new RangeError(`mask.values must hold ${area} values, got ${values.length}`);
  return { size, window: area ? window : EMPTY_BOX, values };
}

/** A mask from a whole plane (0..65535), with its window found. */
export function maskFromPlane(size: Size, plane: Uint16Array): SoftMask {
  const { width, height } = size;
  if (plane.length !== width * height)
    throw new RangeError(`a plane of ${width}x${height} holds ${width * height} values, got ${plane.length}`);
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let a = 0;
    while (a < width && plane[row + a] === 0) a++;
    if (a === width) continue;
    let b = width;
    while (plane[row + b - 1] === 0) b--;
    if (a < x0) x0 = a;
    if (b > x1) x1 = b;
    if (y < y0) y0 = y;
    y1 = y + 1;
  }
  if (x1 <= x0) return emptyMask(size);
  return maskCrop({ size, window: boxOf(size), values: plane }, { x0, y0, x1, y1 });
}

/** A mask from 8-bit values (0..255 becomes 0..65535 exactly). */
export function maskFromBytes(size: Size, bytes: Uint8Array | Uint8ClampedArray): SoftMask {
  const plane = new Uint16Array(bytes.length);
  for (let k = 0; k < bytes.length; k++) plane[k] = bytes[k] * 257;
  return maskFromPlane(size, plane);
}

/** The mask restricted to a box: what lies outside becomes 0. Copies. */
export function maskCrop(mask: SoftMask, box: Box): SoftMask {
  const window = boxIntersect(mask.window, box);
  if (boxIsEmpty(window)) return emptyMask(mask.size);
  const width = boxWidth(window);
  const from = boxWidth(mask.window);
  const values = new Uint16Array(width * boxHeight(window));
  for (let y = window.y0; y < window.y1; y++) {
    const a = (y - mask.window.y0) * from + window.x0 - mask.window.x0;
    values.set(mask.values.subarray(a, a + width), (y - window.y0) * width);
  }
  return { size: mask.size, window, values };
}

/** The mask as a whole plane of `size`, 0 outside the window. `into` is reused when given and overwritten entirely. */
export function maskToPlane(mask: SoftMask, into?: Uint16Array): Uint16Array {
  const { size, window, values } = mask;
  const plane = into ?? new Uint16Array(size.width * size.height);
  if (into) into.fill(0);
  const width = boxWidth(window);
  for (let y = window.y0; y < window.y1; y++) {
    const a = (y - window.y0) * width;
    plane.set(values.subarray(a, a + width), y * size.width + window.x0);
  }
  return plane;
}

/** The value at a pixel; 0 outside the window. */
export function maskAt(mask: SoftMask, x: number, y: number): number {
  const w = mask.window;
  return x < w.x0 || x >= w.x1 || y < w.y0 || y >= w.y1 ? 0 : mask.values[(y - w.y0) * boxWidth(w) + x - w.x0];
}

/** Pixels at or above `level` (half by default). */
export function maskArea(mask: SoftMask, level = MASK_HALF): number {
  let n = 0;
  for (const v of mask.values) if (v >= level) n++;
  return n;
}

/** Whether two masks have the same size and the same value everywhere, whatever their windows. */
export function sameMask(a: SoftMask, b: SoftMask): boolean {
  if (a.size.width !== b.size.width || a.size.height !== b.size.height) return false;
  for (const [p, q] of [
    [a, b],
    [b, a],
  ] as const) {
    let k = 0;
    for (let y = p.window.y0; y < p.window.y1; y++) {
      for (let x = p.window.x0; x < p.window.x1; x++, k++) if (p.values[k] !== maskAt(q, x, y)) return false;
    }
  }
  return true;
}
