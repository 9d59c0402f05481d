import { type Box, type Size, size } from '@rotokit/core/values';

/** Clips with up to so many times the lines of the working picture are worked on as they are. */
const KEPT = 540 / 480;
/** The longest and the shortest side a working picture may have: bounds for panoramas and for thumbnails. */
const LONGEST = 1280;
const SHORTEST = 64;

/**
 * The three grids of a clip. `native` is the clip itself: the last cut runs there. `working` has the lines of the
 * engine's profile (every constant was measured at 480): flow is found from it. `half` has half its sides, rounded down: evidence, fusion, first cut and memory live there.
 */
export interface Grids {
  readonly native: Size;
  readonly working: Size;
  readonly half: Size;
}

/**
 * The grids of a clip of this size with a working picture of about so many lines. The shorter side decides, so that
 * upright clips are treated alike.
 */
export function gridsFor(native: Size, lines: number): Grids {
  const short = Math.min(native.width, native.height);
  const long = Math.max(native.width, native.height);
  const scale = Math.min(short > KEPT * lines ? lines / short : 1, LONGEST / long);
  const side = (n: number): number => Math.max(SHORTEST, scale === 1 ? n : 2 * Math.round((n * scale) / 2));
  const working = size(side(native.width), side(native.height));
  return { native, working, half: size(working.width >> 1, working.height >> 1) };
}

/** Native pixels per half-grid pixel, along x and y. An odd last working column belongs to no half-grid pixel. */
export function nativePerHalf(grids: Grids): { readonly x: number; readonly y: number } {
  const { native, working } = grids;
  return { x: (2 * native.width) / working.width, y: (2 * native.height) / working.height };
}

/** The smallest box of a grid that holds every set pixel of `mask` inside `within`; `null` when there is none. */
export function boundsOf(mask: Uint8Array | Uint16Array, width: number, within: Box): Box | null {
  let [x0, y0, x1, y1] = [within.x1, within.y1, within.x0, within.y0];
  for (let y = within.y0; y < within.y1; y++) {
    const row = y * width;
    for (let x = within.x0; x < within.x1; x++) {
      if (!mask[row + x]) continue;
      if (x < x0) x0 = x;
      if (x >= x1) x1 = x + 1;
      if (y < y0) y0 = y;
      y1 = y + 1;
    }
  }
  return x1 > x0 ? { x0, y0, x1, y1 } : null;
}
