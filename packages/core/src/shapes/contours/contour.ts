import { boxHeight, boxIsEmpty, boxWidth, MASK_ONE, type SoftMask } from '../../values/index.js';

/** The value the contour runs at: half of a full mask. */
const LEVEL = MASK_ONE / 2;

/**
 * A closed line around one region, in source pixels: x and y of its vertices one after the other, the last joined to the
 * first. Clockwise on the screen around what is inside, so that `area` is positive for an island and negative for a hole.
 */
export interface Contour {
  readonly xy: Float64Array;
  readonly area: number;
}

/** Sides of a cell of four neighbouring pixel centres. */
const T = 0;
const R = 1;
const B = 2;
const L = 3;

/**
 * Ways through a cell by which corners are inside (1 top left, 2 top right, 4 bottom right, 8 bottom left), each from
 * side to side with the inside on the right hand. The two saddles are told apart by {@link waysOf}.
 */
const WAYS: readonly (readonly number[])[] = [
  [],
  [T, L],
  [R, T],
  [R, L],
  [B, R],
  [T, L, B, R],
  [B, T],
  [B, L],
  [L, B],
  [T, B],
  [R, T, L, B],
  [R, B],
  [L, R],
  [T, R],
  [L, T],
  [],
];
/** The saddles where the middle of the cell is inside, so that the two inner corners are joined. */
const JOINED: Readonly<Record<number, readonly number[]>> = { 5: [T, R, B, L], 10: [L, T, R, B] };

/**
 * The lines along which a mask is half, to a fraction of a pixel (marching squares between pixel centres, Lorensen and
 * Cline 1987, saddles decided by the mean of the cell). Outside the picture a mask is 0, so a mask that reaches the edge
 * has its contour on the edge. Islands and holes come as separate contours, in the order of their topmost rows.
 */
export function contoursOf(mask: SoftMask): readonly Contour[] {
  const { window, values } = mask;
  if (boxIsEmpty(window)) return [];
  const grid = padded(values, boxWidth(window), boxHeight(window));
  const next = linksOf(grid);
  const contours: Contour[] = [];
  for (const start of next.keys()) {
    const xy: number[] = [];
    let at = start;
    for (let to = next.get(at); to !== undefined; to = next.get(at)) {
      crossing(grid, at, window.x0 - 0.5, window.y0 - 0.5, xy);
      next.delete(at);
      at = to;
    }
    if (xy.length >= 6) contours.push(contour(Float64Array.from(xy)));
  }
  return contours;
}

/** A contour of these vertices, with its area. */
export function contour(xy: Float64Array): Contour {
  let twice = 0;
  const n = xy.length;
  for (let k = 0; k < n; k += 2) {
    const j = k + 2 < n ? k + 2 : 0;
    twice += xy[k] * xy[j + 1] - xy[j] * xy[k + 1];
  }
  return { xy, area: twice / 2 };
}

/** Values with a border of zeros. */
interface Grid {
  readonly width: number;
  readonly height: number;
  readonly values: Uint16Array;
}

function padded(values: Uint16Array, w: number, h: number): Grid {
  const [width, height] = [w + 2, h + 2];
  const out = new Uint16Array(width * height);
  for (let y = 0; y < h; y++) out.set(values.subarray(y * w, y * w + w), (y + 1) * width + 1);
  return { width, height, values: out };
}

/**
 * For each crossed edge of the grid the edge that the line crosses next. An edge is named by twice the index of its
 * first pixel, plus one where it runs down.
 */
function linksOf({ width, height, values }: Grid): Map<number, number> {
  const next = new Map<number, number>();
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0, k = y * width; x + 1 < width; x++, k++) {
      const [a, b, c, d] = [values[k], values[k + 1], values[k + width + 1], values[k + width]];
      const inside = (a > LEVEL ? 1 : 0) | (b > LEVEL ? 2 : 0) | (c > LEVEL ? 4 : 0) | (d > LEVEL ? 8 : 0);
      if (inside === 0 || inside === 15) continue;
      const saddle = (inside === 5 || inside === 10) && a + b + c + d > 4 * LEVEL;
      const ways = saddle ? JOINED[inside] : WAYS[inside];
      for (let i = 0; i < ways.length; i += 2) next.set(edge(k, width, ways[i]), edge(k, width, ways[i + 1]));
    }
  }
  return next;
}

const edge = (k: number, width: number, side: number) =>
  side === T ? 2 * k : side === L ? 2 * k + 1 : side === B ? 2 * (k + width) : 2 * (k + 1) + 1;

/** Where the line crosses an edge of the grid, appended to `into`. `x0`, `y0` is the place of the grid's first pixel. */
function crossing({ width, values }: Grid, name: number, x0: number, y0: number, into: number[]): void {
  const k = name >> 1;
  const down = name & 1;
  const a = values[k];
  const t = (LEVEL - a) / (values[down ? k + width : k + 1] - a);
  const x = k % width;
  const y = (k - x) / width;
  into.push(x0 + x + (down ? 0 : t), y0 + y + (down ? t : 0));
}
