import { type Box, boxGrow, type Size } from '@rotokit/core/values';
import type { FlowField } from '../flow/types.js';

/** Room around the moved mask, half-grid pixels: more than the widest band, so that evidence has surroundings. */
const MARGIN = 24;

/**
 * The part of the half grid to look at: the bounds of the mask's pixels, each moved by the flow to the new frame, with a
 * margin. `null` when the mask is empty.
 */
export function movedRegion(inside: Uint8Array, bounds: Box, flow: FlowField, half: Size): Box | null {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let y = bounds.y0; y < bounds.y1; y++) {
    const row = y * half.width;
    for (let x = bounds.x0; x < bounds.x1; x++) {
      if (!inside[row + x]) continue;
      const a = x + flow.u[row + x];
      const b = y + flow.v[row + x];
      if (a < x0) x0 = a;
      if (a > x1) x1 = a;
      if (b < y0) y0 = b;
      if (b > y1) y1 = b;
    }
  }
  if (x1 < x0) return null;
  const within = (value: number, side: number): number => Math.max(0, Math.min(side - 1, value));
  const box = {
    x0: within(Math.floor(x0), half.width),
    y0: within(Math.floor(y0), half.height),
    x1: within(Math.ceil(x1), half.width) + 1,
    y1: within(Math.ceil(y1), half.height) + 1,
  };
  return boxGrow(box, MARGIN, half);
}
