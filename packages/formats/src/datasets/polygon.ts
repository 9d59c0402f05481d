import { emptyMask, MASK_ONE, maskTrim, type Size, type SoftMask } from '@rotokit/core/values';
import { damaged } from '../bytes/byte-reader.js';

/**
 * The pixels whose centres lie inside any of some polygons, each by the even-odd rule. A polygon is `x, y, x, y, ...` with the origin at the corner
 * of the first pixel, so that outlines along pixel edges give back exactly the pixels they go around.
 */
export function fillPolygons(size: Size, polygons: readonly (readonly number[])[]): SoftMask {
  const box = boxOfPoints(size, polygons);
  if (!box) return emptyMask(size);
  const width = box.x1 - box.x0;
  const values = new Uint16Array(width * (box.y1 - box.y0));
  for (const points of polygons) {
    const lines = crossings(points, box.y0, box.y1);
    for (const [y, xs] of lines) {
      xs.sort((a, b) => a - b);
      for (let i = 0; i + 1 < xs.length; i += 2) {
        const from = Math.max(box.x0, Math.ceil(xs[i] - 0.5));
        const to = Math.min(box.x1, Math.ceil(xs[i + 1] - 0.5));
        if (to > from) values.fill(MASK_ONE, (y - box.y0) * width + from - box.x0, (y - box.y0) * width + to - box.x0);
      }
    }
  }
  return maskTrim({ size, window: box, values });
}

/** The most crossings that are kept: a polygon of many tall teeth must not fill memory. */
const MOST_CROSSINGS = 1 << 24;

/** Where a polygon crosses the centre lines of pixel rows. */
function crossings(points: readonly number[], top: number, bottom: number): Map<number, number[]> {
  const lines = new Map<number, number[]>();
  let kept = 0;
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    const [xa, ya, xb, yb] = [points[i], points[i + 1], points[j], points[j + 1]];
    const from = Math.max(top, Math.ceil(Math.min(ya, yb) - 0.5));
    const to = Math.min(bottom, Math.ceil(Math.max(ya, yb) - 0.5));
    kept += Math.max(0, to - from);
    if (kept > MOST_CROSSINGS) damaged('a polygon has too many crossings');
    for (let y = from; y < to; y++) {
      const x = xa + ((y + 0.5 - ya) / (yb - ya)) * (xb - xa);
      const line = lines.get(y);
      if (line) line.push(x);
      else lines.set(y, [x]);
    }
  }
  return lines;
}

function boxOfPoints(size: Size, polygons: readonly (readonly number[])[]) {
  let [x0, y0, x1, y1] = [size.width, size.height, 0, 0];
  for (const points of polygons) {
    if (points.length % 2 || points.some((v) => !Number.isFinite(v))) damaged('a polygon is no list of points');
    for (let i = 0; i < points.length; i += 2) {
      x0 = Math.min(x0, Math.floor(points[i]));
      x1 = Math.max(x1, Math.ceil(points[i]));
      y0 = Math.min(y0, Math.floor(points[i + 1]));
      y1 = Math.max(y1, Math.ceil(points[i + 1]));
    }
  }
  const box = { x0: Math.max(0, x0), y0: Math.max(0, y0), x1: Math.min(size.width, x1), y1: Math.min(size.height, y1) };
  return box.x1 > box.x0 && box.y1 > box.y0 ? box : undefined;
}
