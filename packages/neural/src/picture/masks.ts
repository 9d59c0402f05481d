import { emptyMask, MASK_ONE, maskToPlane, type Size, type SoftMask, softMask } from '@rotokit/core/values';
import { resample } from './resample.js';

/** Logits beyond this are the object entirely, or not at all: a probability of 0.25 %. */
const CERTAIN = 6;
const FLOOR = 1 / (1 + Math.exp(CERTAIN));

/** The share of a pixel that a logit stands for, 0 to 65535, half at 0. */
function share(logit: number): number {
  if (logit <= -CERTAIN) return 0;
  if (logit >= CERTAIN) return MASK_ONE;
  return Math.round((MASK_ONE * (1 / (1 + Math.exp(-logit)) - FLOOR)) / (1 - 2 * FLOOR));
}

/** Where a pixel of the picture falls between the cells of a grid: the cell before, the one behind, the part of the latter. */
function between(length: number, cells: number) {
  const low = new Int32Array(length);
  const high = new Int32Array(length);
  const part = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const at = Math.min(cells - 1, Math.max(0, ((i + 0.5) * cells) / length - 0.5));
    low[i] = Math.floor(at);
    high[i] = Math.min(cells - 1, low[i]! + 1);
    part[i] = at - low[i]!;
  }
  return { low, high, part };
}

/** One row of cells, which begins at `row`, as values of the pixels from `x0` on. */
function stretchRow(
  into: Float64Array,
  logits: Float32Array,
  row: number,
  { low, high, part }: ReturnType<typeof between>,
  x0: number,
): void {
  for (let i = 0, x = x0; i < into.length; i++, x++) {
    const u = part[x]!;
    into[i] = logits[row + low[x]!]! * (1 - u) + logits[row + high[x]!]! * u;
  }
}

/**
 * Logits of a square grid as a soft mask of the picture: enlarged (bilinear, edge to edge), then each logit's probability, stretched so that
 * what is certain is 0 or 1. Only the part of the picture near cells that are not certainly outside is looked at.
 */
export function maskOfLogits(logits: Float32Array, side: number, size: Size): SoftMask {
  let [x0, y0, x1, y1] = [side, side, -1, -1];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      if (!(logits[y * side + x]! > -CERTAIN)) continue;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    }
  if (x1 < 0) return emptyMask(size);
  const pixels = (cell: number, length: number) => Math.round(((cell + 0.5) * length) / side);
  const window = {
    x0: Math.max(0, pixels(x0 - 1, size.width) - 1),
    y0: Math.max(0, pixels(y0 - 1, size.height) - 1),
    x1: Math.min(size.width, pixels(x1 + 1, size.width) + 1),
    y1: Math.min(size.height, pixels(y1 + 1, size.height) + 1),
  };
  const columns = between(size.width, side);
  const rows = between(size.height, side);
  const width = window.x1 - window.x0;
  const values = new Uint16Array(width * (window.y1 - window.y0));
  // A row of cells is stretched once and serves every row of pixels between it and its neighbours.
  let [upper, lower] = [new Float64Array(width), new Float64Array(width)];
  let [above, below] = [-1, -1];
  for (let y = window.y0, k = 0; y < window.y1; y++) {
    const v = rows.part[y]!;
    if (rows.low[y] !== above) {
      above = rows.low[y]!;
      if (above === below) [upper, lower] = [lower, upper];
      else stretchRow(upper, logits, above * side, columns, window.x0);
      below = -1;
    }
    if (rows.high[y] !== below) {
      below = rows.high[y]!;
      stretchRow(lower, logits, below * side, columns, window.x0);
    }
    for (let x = 0; x < width; x++, k++) values[k] = share(upper[x]! * (1 - v) + lower[x]! * v);
  }
  return softMask(size, window, values);
}

/** A soft mask as the model takes it: stretched to a square of `size`, 1 where at least half of it is the object, else 0. */
export function modelMask(mask: SoftMask, size: number): Float32Array {
  const plane = Float32Array.from(maskToPlane(mask), (v) => v / MASK_ONE);
  return resample(plane, mask.size.width, [size, size]).map((v) => (v >= 0.5 ? 1 : 0));
}

/** Logits of what is certainly the object, or not: those that SAM 2 gives a mask which a person gave. */
const GIVEN = 10;

/** The logits that a soft mask may have come from, [side, side]: the other way round of {@link maskOfLogits}, where 0 and 1 become those of a given mask. */
export function logitsOfMask(mask: SoftMask, side: number): Float32Array {
  const plane = Float32Array.from(maskToPlane(mask), (v) => v / MASK_ONE);
  return resample(plane, mask.size.width, [side, side]).map((v) => {
    if (v <= 1e-6) return -GIVEN;
    if (v >= 1 - 1e-6) return GIVEN;
    const p = FLOOR + v * (1 - 2 * FLOOR);
    return Math.log(p / (1 - p));
  });
}

/**
 * How decided a mask is near its edge: the area above a logit of 1 divided by the area above -1 (the stability score of Segment Anything,
 * Kirillov et al. 2023). 1 where nothing is above either.
 */
export function decidedness(logits: Float32Array): number {
  let [inner, outer] = [0, 0];
  for (const v of logits) {
    if (v > 1) inner++;
    if (v > -1) outer++;
  }
  return outer > 0 ? inner / outer : 1;
}
