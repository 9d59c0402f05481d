import { sam2Choice } from '@rotokit/models';
import type { CandidateFacts, LogitBox } from '../memory/policy.js';
import type { Decoded } from '../model/video-model.js';
import { largestPiece } from './pieces.js';

/** The candidates' logits are a quarter of the input's side. */
const SCALE = 4;

/** Logits on the input's grid as the reference enlarges them: bilinear, edge to edge. */
function enlarged(logits: Float32Array, side: number): (x: number, y: number) => number {
  const part = (i: number) => {
    const at = Math.min(side - 1, Math.max(0, (i + 0.5) / SCALE - 0.5));
    const low = Math.floor(at);
    return [low, Math.min(side - 1, low + 1), at - low] as const;
  };
  return (x, y) => {
    const [xa, xb, u] = part(x);
    const [ya, yb, v] = part(y);
    const row = (k: number) => logits[k * side + xa]! * (1 - u) + logits[k * side + xb]! * u;
    return row(ya) * (1 - v) + row(yb) * v;
  };
}

/** Cells above 0 as half-open rows and columns; undefined where there are none. */
function cellsAbove(logits: Float32Array, side: number) {
  let [x0, y0, x1, y1] = [side, side, 0, 0];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      if (!(logits[y * side + x]! > 0)) continue;
      if (x < x0) x0 = x;
      if (x >= x1) x1 = x + 1;
      if (y < y0) y0 = y;
      y1 = y + 1;
    }
  return x1 > 0 ? { x0, y0, x1, y1 } : undefined;
}

/**
 * The tightest box around what lies above 0 once logits are enlarged to the input's size, in its pixels, first and last included. Only
 * a rim one cell wide around the cells above 0 can hold an outermost pixel, so only there it is looked for.
 */
export function tightBox(logits: Float32Array, side: number): LogitBox | undefined {
  const cells = cellsAbove(logits, side);
  if (!cells) return undefined;
  const at = enlarged(logits, side);
  const last = SCALE * side - 1;
  const [left, top] = [Math.max(0, SCALE * (cells.x0 - 1)), Math.max(0, SCALE * (cells.y0 - 1))];
  const [right, bottom] = [Math.min(last, SCALE * (cells.x1 + 1) - 1), Math.min(last, SCALE * (cells.y1 + 1) - 1)];
  const inRow = (y: number) => {
    for (let x = left; x <= right; x++) if (at(x, y) > 0) return true;
    return false;
  };
  const inColumn = (x: number) => {
    for (let y = top; y <= bottom; y++) if (at(x, y) > 0) return true;
    return false;
  };
  let [y0, y1, x0, x1] = [top, bottom, left, right];
  while (y0 < bottom && !inRow(y0)) y0++;
  // A cell barely above 0 has no pixel above 0: none lies at its centre.
  if (!inRow(y0)) return undefined;
  while (y1 > y0 && !inRow(y1)) y1--;
  while (x0 < right && !inColumn(x0)) x0++;
  while (x1 > x0 && !inColumn(x1)) x1--;
  return { x0, y0, x1, y1 };
}

/** Area of a half-open box of cells. */
const areaOf = (b: LogitBox) => (b.x1 - b.x0) * (b.y1 - b.y0);

/** See `CandidateFacts.apart`. Cells instead of pixels: a ratio of areas. */
function apartOf(masks: readonly Float32Array[], side: number, chosen: number): number {
  const own = cellsAbove(masks[chosen]!, side);
  if (!own) return 1;
  let least = 1;
  for (const [k, other] of masks.entries()) {
    if (k === chosen || k === 0) continue;
    const extra = Uint8Array.from(other, (v, i) => (v > 0 && !(masks[chosen]![i]! > 0) ? 1 : 0));
    const piece = largestPiece(extra, side);
    if (!piece) continue;
    const around = {
      x0: Math.min(own.x0, piece.x0),
      y0: Math.min(own.y0, piece.y0),
      x1: Math.max(own.x1, piece.x1 + 1),
      y1: Math.max(own.y1, piece.y1 + 1),
    };
    least = Math.min(least, areaOf(own) / areaOf(around));
  }
  return least;
}

/** What a policy may ask about decoded candidates; computed when it asks. */
export function candidatesOf(decoded: Decoded, side: number, ambiguous: boolean): CandidateFacts {
  const n = side * side;
  const mask = (k: number) => decoded.masks.subarray(k * n, (k + 1) * n);
  return {
    ious: decoded.ious,
    objectScore: decoded.objectScore,
    ambiguous,
    standard: () => sam2Choice(decoded, ambiguous),
    box: (k) => tightBox(mask(k), side),
    area: (k) => mask(k).reduce((count, v) => count + (v > 0 ? 1 : 0), 0),
    apart: (k) => apartOf([0, 1, 2, 3].map(mask), side, k),
  };
}
