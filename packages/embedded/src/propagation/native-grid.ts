import { type Box, boxHeight, boxWidth } from '@rotokit/core/values';
import { boundsOf, type Grids, nativePerHalf } from '../evidence/grids.js';
import type { Decision } from './decide.js';
import type { Positions } from './outline-band.js';

/** Room around the object in which the picture is looked at, half-grid pixels. */
const MARGIN = 4;

/** Working pixels per native pixel, the mean of the two axes: 1 for clips worked on as they are, 0.44 at 1080p. */
export function workingPerNative(grids: Grids): number {
  const { x, y } = nativePerHalf(grids);
  return 4 / (x + y);
}

/** The native box around a decided object, `null` without one; at the grid's end also the native pixels beyond it. */
export function nativeBox(grids: Grids, d: Decision): Box | null {
  const bounds = boundsOf(d.inside, d.width, { x0: 0, y0: 0, x1: d.width, y1: d.height });
  if (!bounds) return null;
  const { native, half } = grids;
  const scale = nativePerHalf(grids);
  const x1 = Math.min(half.width, bounds.x1 + d.region.x0 + MARGIN);
  const y1 = Math.min(half.height, bounds.y1 + d.region.y0 + MARGIN);
  return {
    x0: Math.floor(Math.max(0, bounds.x0 + d.region.x0 - MARGIN) * scale.x),
    y0: Math.floor(Math.max(0, bounds.y0 + d.region.y0 - MARGIN) * scale.y),
    x1: x1 === half.width ? native.width : Math.min(native.width, Math.ceil(x1 * scale.x)),
    y1: y1 === half.height ? native.height : Math.min(native.height, Math.ceil(y1 * scale.y)),
  };
}

function positions(from: number, to: number, scale: number, origin: number, side: number): Positions {
  const index = new Int32Array(to - from);
  const part = new Float32Array(to - from);
  for (let i = 0; i < index.length; i++) {
    const p = Math.max(0, Math.min(side - 1.001, (from + i + 0.5) / scale - 0.5 - origin));
    index[i] = p | 0;
    part[i] = p - index[i];
  }
  return { index, part };
}

/** A native box laid over the region of a decision. */
export interface NativeGrid {
  readonly box: Box;
  readonly width: number;
  readonly height: number;
  readonly columns: Positions;
  readonly rows: Positions;
  /** Columns of the region. */
  readonly stride: number;
}

/** The native grid of a decision; `null` when it holds no object. */
export function nativeGrid(grids: Grids, d: Decision): NativeGrid | null {
  const box = nativeBox(grids, d);
  if (!box) return null;
  const scale = nativePerHalf(grids);
  return {
    ...{ box, width: boxWidth(box), height: boxHeight(box), stride: d.width },
    columns: positions(box.x0, box.x1, scale.x, d.region.x0, d.width),
    rows: positions(box.y0, box.y1, scale.y, d.region.y0, d.height),
  };
}
