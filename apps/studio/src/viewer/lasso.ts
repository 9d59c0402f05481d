import { type Box, boxIntersect, boxIsEmpty, boxOf, type Size } from '@rotokit/core/values';
import type { Pair } from './gesture.js';

/** What a closed line encloses: coverage of 0 to 255 over the part of the picture it touches; undefined where that is nothing. */
export function enclosed(
  path: readonly Pair[],
  size: Size,
): { readonly box: Box; readonly coverage: Uint8Array } | undefined {
  if (path.length < 3) return undefined;
  const [xs, ys] = [path.map((p) => p[0]), path.map((p) => p[1])];
  const around = {
    x0: Math.floor(Math.min(...xs)),
    y0: Math.floor(Math.min(...ys)),
    x1: Math.ceil(Math.max(...xs)),
    y1: Math.ceil(Math.max(...ys)),
  };
  const box = boxIntersect(around, boxOf(size));
  if (boxIsEmpty(box)) return undefined;
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
  const drawn = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  drawn.beginPath();
  for (const [x, y] of path) drawn.lineTo(x - box.x0, y - box.y0);
  drawn.fill('evenodd');
  const rgba = drawn.getImageData(0, 0, width, height).data;
  return { box, coverage: Uint8Array.from({ length: width * height }, (_, k) => rgba[4 * k + 3] as number) };
}
