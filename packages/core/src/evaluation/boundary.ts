import {
  type Box,
  boxHeight,
  boxIsEmpty,
  boxUnion,
  boxWidth,
  MASK_HALF,
  type Size,
  type SoftMask,
} from '../values/index.js';
import { mustMatch } from './region.js';

/** The DAVIS benchmark's tolerance as a fraction of the picture's diagonal. */
export const DAVIS_TOLERANCE = 0.008;

/** The radius in pixels within which two boundary pixels match: `ceil(fraction * diagonal)`; 8 at 854x480. */
export const boundaryTolerance = (size: Size, fraction = DAVIS_TOLERANCE): number =>
  Math.ceil(fraction * Math.hypot(size.width, size.height));

/**
 * Boundary accuracy F: the harmonic mean of the share of the answer's boundary that lies within `radius` pixels of the
 * true boundary (precision) and of the share of the true boundary within `radius` of the answer's (recall). 1 when
 * neither has a boundary, 0 when one of them has none. Boundary pixels and the disk are those of the DAVIS code
 * (Perazzi et al., CVPR 2016; boundary detection after Martin, Fowlkes, Malik 2004), without dilating anything:
 * distances down the columns, then only the boundary pixels look sideways.
 * @throws RangeError for masks of different sizes.
 */
export function boundaryF(
  answer: SoftMask,
  truth: SoftMask,
  radius = boundaryTolerance(truth.size),
  level = MASK_HALF,
): number {
  mustMatch(answer, truth);
  const box = growTopLeft(boxUnion(answer.window, truth.window));
  if (boxIsEmpty(box)) return 1;
  const a = boundaryMap(answer, box, level);
  const b = boundaryMap(truth, box, level);
  if (!a.count || !b.count) return a.count === b.count ? 1 : 0;
  const precision = countNear(a, b, radius) / a.count;
  const recall = countNear(b, a, radius) / b.count;
  return precision + recall ? (2 * precision * recall) / (precision + recall) : 0;
}

interface BoundaryMap {
  readonly width: number;
  readonly height: number;
  readonly on: Uint8Array;
  readonly count: number;
}

/** A boundary pixel differs from a neighbour right or below, so it may lie one pixel left of or above the mask. */
const growTopLeft = (b: Box): Box =>
  boxIsEmpty(b) ? b : { ...b, x0: Math.max(0, b.x0 - 1), y0: Math.max(0, b.y0 - 1) };

/** Pixels that differ from the one to the right, below, or right below; outside the picture nothing differs. */
function boundaryMap(mask: SoftMask, box: Box, level: number): BoundaryMap {
  const [width, height] = [boxWidth(box), boxHeight(box)];
  const inside = insideMap(mask, box, level);
  const stride = width + 1;
  const on = new Uint8Array(width * height);
  let count = 0;
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0, i = y * stride; x < width; x++, k++, i++) {
      const v = inside[i];
      const edge = (v ^ inside[i + 1]) | (v ^ inside[i + stride]) | (v ^ inside[i + stride + 1]);
      on[k] = edge;
      count += edge;
    }
  }
  return { width, height, on, count };
}

/** The mask as 0 and 1 on the box and one more column and row: 0 there, or a copy of the last where the picture ends. */
function insideMap(mask: SoftMask, box: Box, level: number): Uint8Array {
  const [width, height] = [boxWidth(box), boxHeight(box)];
  const stride = width + 1;
  const inside = new Uint8Array(stride * (height + 1));
  const w = mask.window;
  for (let y = w.y0, k = 0; y < w.y1; y++) {
    let i = (y - box.y0) * stride + w.x0 - box.x0;
    for (let x = w.x0; x < w.x1; x++, k++, i++) if (mask.values[k] >= level) inside[i] = 1;
  }
  if (box.x1 === mask.size.width)
    for (let y = 0; y < height; y++) inside[y * stride + width] = inside[y * stride + width - 1];
  if (box.y1 === mask.size.height) inside.copyWithin(height * stride, (height - 1) * stride, height * stride);
  return inside;
}

/** How many pixels of `from` have one of `to` within `radius` (Euclidean, inclusive). */
function countNear(from: BoundaryMap, to: BoundaryMap, radius: number): number {
  const { width, height, on } = from;
  const down = columnDistance(to, radius + 1);
  const reach = Array.from({ length: radius + 1 }, (_, dx) => Math.floor(Math.sqrt(radius * radius - dx * dx)));
  let n = 0;
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      if (!on[k]) continue;
      const last = Math.min(radius, Math.max(x, width - 1 - x));
      for (let dx = 0; dx <= last; dx++) {
        if ((dx <= x && down[k - dx] <= reach[dx]) || (x + dx < width && down[k + dx] <= reach[dx])) {
          n++;
          break;
        }
      }
    }
  }
  return n;
}

/** Distance in rows to the nearest pixel of the same column that is on, at most `far`. */
function columnDistance({ width, height, on }: BoundaryMap, far: number): Uint16Array {
  const d = new Uint16Array(width * height);
  for (let k = 0; k < d.length; k++) d[k] = on[k] ? 0 : Math.min(far, k < width ? far : d[k - width] + 1);
  for (let k = d.length - 1 - width; k >= 0; k--) if (d[k + width] + 1 < d[k]) d[k] = d[k + width] + 1;
  return d;
}
