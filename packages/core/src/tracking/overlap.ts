import {
  type Box,
  boxHeight,
  boxIntersect,
  boxIsEmpty,
  boxUnion,
  boxWidth,
  MASK_ONE,
  maskAt,
  type ObjectId,
  type SoftMask,
} from '../values/index.js';

/** A mask that may have to share its pixels with others on the same frame. */
export interface Claim {
  readonly object: ObjectId;
  readonly mask: SoftMask;
  /** Larger wins where two objects claim a pixel to the same degree. */
  readonly priority: number;
  /** An anchor: what the user settled is never altered, the others make room for it. */
  readonly fixed?: boolean;
}

/**
 * The masks of one frame, in the order given, such that no pixel belongs to two objects: the larger value wins a pixel,
 * of equal ones the higher priority, then the smaller object id; the others keep at most what is left of 65535, so that
 * mattes still add up along a shared soft edge and no two of them reach half. Fixed masks come back untouched even where
 * two of them overlap. A mask that loses nothing comes back as it is.
 */
export function resolveOverlap(claims: readonly Claim[]): SoftMask[] {
  const ranked = claims.map((claim, at) => ({ ...claim, at })).sort(byRank);
  const values = claims.map((c) => c.mask.values);
  for (const box of contestedBoxes(claims)) {
    const sums = sumOf(claims, box);
    for (let y = box.y0, k = 0; y < box.y1; y++)
      for (let x = box.x0; x < box.x1; x++, k++) if (sums[k] > MASK_ONE) settlePixel(ranked, values, x, y);
  }
  return claims.map((c, i) => (values[i] === c.mask.values ? c.mask : { ...c.mask, values: values[i] }));
}

interface Ranked extends Claim {
  readonly at: number;
}

const byRank = (a: Ranked, b: Ranked) => b.priority - a.priority || (a.object < b.object ? -1 : 1);

/** The common box of every two masks that have one; overlapping boxes are joined so that no pixel is settled twice. */
function contestedBoxes(claims: readonly Claim[]): Box[] {
  const boxes: Box[] = [];
  claims.forEach((a, i) => {
    for (const b of claims.slice(0, i)) {
      let box = boxIntersect(a.mask.window, b.mask.window);
      if (boxIsEmpty(box) || (a.fixed && b.fixed)) continue;
      for (let k = boxes.length - 1; k >= 0; k--) {
        if (boxIsEmpty(boxIntersect(boxes[k], box))) continue;
        box = boxUnion(box, boxes[k]);
        boxes.splice(k, 1);
        k = boxes.length;
      }
      boxes.push(box);
    }
  });
  return boxes;
}

/** All claims on the pixels of a box, added up. */
function sumOf(claims: readonly Claim[], box: Box): Uint32Array {
  const sums = new Uint32Array(boxWidth(box) * boxHeight(box));
  for (const { mask } of claims) {
    const w = boxIntersect(mask.window, box);
    for (let y = w.y0; y < w.y1; y++) {
      let k = (y - box.y0) * boxWidth(box) + w.x0 - box.x0;
      let i = (y - mask.window.y0) * boxWidth(mask.window) + w.x0 - mask.window.x0;
      for (let x = w.x0; x < w.x1; x++) sums[k++] += mask.values[i++];
    }
  }
  return sums;
}

/** Shares one pixel out: what is fixed first, then by value, then by rank. A plane is copied when it first loses. */
function settlePixel(ranked: readonly Ranked[], values: Uint16Array[], x: number, y: number): void {
  const order = ranked
    .map((c) => ({ c, v: maskAt(c.mask, x, y) }))
    .sort((p, q) => Number(q.c.fixed ?? false) - Number(p.c.fixed ?? false) || q.v - p.v);
  let left = MASK_ONE;
  for (const { c, v } of order) {
    const granted = c.fixed ? v : Math.min(v, left);
    left = Math.max(0, left - granted);
    if (granted === v) continue;
    if (values[c.at] === c.mask.values) values[c.at] = values[c.at].slice();
    const w = c.mask.window;
    values[c.at][(y - w.y0) * boxWidth(w) + x - w.x0] = granted;
  }
}
