import type { ColourPair } from './colours.js';

/** Half the side of a local window: it covers 29x29 pixels of the half grid. */
export const WINDOW_RADIUS = 14;
const SPACING = WINDOW_RADIUS * 0.8;
/** An old window moves onto the outline if that is nearer than this ... */
const SNAP = WINDOW_RADIUS * 0.7;
/** ... and stays unless a kept one is nearer than this. */
const CROWDED = SPACING * 0.6;
const CELL = Math.ceil(SPACING);

/** A place on the outline with its own colour models (after SnapCut, Bai et al. 2009), and how well they separate. */
export interface LocalWindow {
  /** Centre, half-grid pixels. */
  x: number;
  y: number;
  colours: ColourPair | null;
  confidence: number;
}

/** Things with a place, by cells of the window spacing, so that a neighbour search looks at nine of them. */
class Cells<T extends { readonly x: number; readonly y: number }> {
  readonly #across: number;
  readonly #cells = new Map<number, T[]>();

  constructor(width: number) {
    this.#across = Math.ceil(width / CELL) + 1;
  }

  add(item: T): void {
    const key = ((item.y / CELL) | 0) * this.#across + ((item.x / CELL) | 0);
    const cell = this.#cells.get(key);
    if (cell) cell.push(item);
    else this.#cells.set(key, [item]);
  }

  /** The nearest item closer than `reach` (at most a cell), the first added of equals; `null` when there is none. */
  nearest(x: number, y: number, reach: number): T | null {
    const cx = (x / CELL) | 0;
    const cy = (y / CELL) | 0;
    let best: T | null = null;
    let least = reach * reach;
    for (let j = cy - 1; j <= cy + 1; j++) {
      for (let i = cx - 1; i <= cx + 1; i++) {
        for (const item of this.#cells.get(j * this.#across + i) ?? []) {
          const d = (item.x - x) ** 2 + (item.y - y) ** 2;
          if (d < least) {
            least = d;
            best = item;
          }
        }
      }
    }
    return best;
  }
}

/** A pixel of an outline. */
interface OutlinePoint {
  readonly x: number;
  readonly y: number;
}

/** Set pixels with an unset 4-neighbour, in raster order. The border of the picture is not an outline. */
function outlineOf(mask: Uint8Array, width: number, height: number, x0: number, y0: number): OutlinePoint[] {
  const points: OutlinePoint[] = [];
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      if (!mask[k]) continue;
      const open =
        (x > 0 && !mask[k - 1]) ||
        (x < width - 1 && !mask[k + 1]) ||
        (y > 0 && !mask[k - width]) ||
        (y < height - 1 && !mask[k + width]);
      if (open) points.push({ x: x0 + x, y: y0 + y });
    }
  }
  return points;
}

/**
 * Windows along the outline of a mask: old ones snap onto it where it is near and room is left, then new ones without
 * models fill the gaps in raster order. `mask` covers width x height pixels from (x0, y0) on.
 */
export function placeWindows(
  mask: Uint8Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  old: readonly LocalWindow[],
): LocalWindow[] {
  const points = outlineOf(mask, width, height, x0, y0);
  const kept = new Cells<LocalWindow>(x0 + width);
  const windows: LocalWindow[] = [];
  const keep = (w: LocalWindow): void => {
    kept.add(w);
    windows.push(w);
  };
  if (old.length > 0) {
    const outline = new Cells<OutlinePoint>(x0 + width);
    for (const p of points) outline.add(p);
    for (const w of old) {
      const p = outline.nearest(w.x, w.y, SNAP);
      if (p && !kept.nearest(p.x, p.y, CROWDED)) keep({ ...w, x: p.x, y: p.y });
    }
  }
  for (const p of points) if (!kept.nearest(p.x, p.y, SPACING)) keep({ x: p.x, y: p.y, colours: null, confidence: 0 });
  return windows;
}
