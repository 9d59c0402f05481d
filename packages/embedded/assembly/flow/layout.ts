// Where everything lies. A frame's pyramid occupies one slot; a pair needs two slots and one scratch area.
// The half grid of the frame is level 1 (w, h here are always the size of level 1); level l has w >> (l-1) columns.
import { planeBytes } from '../shared/simd';

/** Side of a patch in pixels. */
export const PATCH: i32 = 8;
/** Pixels between two patches: half of them overlap. */
export const STRIDE: i32 = 4;
/** Replicated pixels around the searched copy of a level. */
export const BORDER: i32 = 16;
/** Levels below the frame itself: 5 halvings of about 480 lines end at 15. */
const MOST_LEVELS: i32 = 5;

/** How many levels (1, 2, ...) a half grid of w x h has: the coarsest still holds one patch. */
export function levelCount(w: i32, h: i32): i32 {
  let l = 1;
  while (l < MOST_LEVELS && (min(w, h) >> l) >= PATCH) l++;
  return l;
}

// Planes of one level, in this order: picture, x gradient, y gradient, padded picture, (picture, gx, gy, 0) interleaved.
// @ts-ignore: decorator
@inline export function pictureAt(level: usize): usize { return level; }
// @ts-ignore: decorator
@inline export function gradXAt(level: usize, n: i32): usize { return level + planeBytes(n); }
// @ts-ignore: decorator
@inline export function gradYAt(level: usize, n: i32): usize { return level + 2 * planeBytes(n); }
// @ts-ignore: decorator
@inline export function paddedAt(level: usize, n: i32): usize { return level + 3 * planeBytes(n); }
// @ts-ignore: decorator
@inline export function interleavedAt(level: usize, w: i32, h: i32): usize {
  return paddedAt(level, w * h) + planeBytes((w + 2 * BORDER) * (h + 2 * BORDER));
}

function levelBytes(w: i32, h: i32): usize {
  return interleavedAt(0, w, h) + planeBytes(4 * w * h);
}

/** Address of level l (from 1) inside a slot. */
export function levelAt(slot: usize, w: i32, h: i32, l: i32): usize {
  for (let i = 1; i < l; i++) {
    slot += levelBytes(w, h);
    w >>= 1;
    h >>= 1;
  }
  return slot;
}

/** Bytes of one frame's pyramid. */
export function slotBytes(w: i32, h: i32): usize {
  return levelAt(0, w, h, levelCount(w, h) + 1);
}

/** Patches along a side of n pixels; the last one is flush with the border. */
// @ts-ignore: decorator
@inline export function patchesAlong(n: i32): i32 {
  return (n - PATCH) / STRIDE + 1 + i32((n - PATCH) % STRIDE != 0);
}
