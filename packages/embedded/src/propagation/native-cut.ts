import { emptyMask, type SoftMask } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import type { Decision } from './decide.js';
import { nativeGrid, workingPerNative } from './native-grid.js';

/**
 * The second cut: at the clip's own resolution, near the outline of the first one. The answer is soft (certain away from
 * the outline, across it a ramp that doubt widens) and at least one half exactly where the cut says object.
 */
export function cutNative({ grids, kernels, planes }: Bench, native: Uint8Array, decision: Decision): SoftMask {
  const grid = nativeGrid(grids, decision);
  if (!grid) return emptyMask(grids.native);
  const { inside, width, height, probability: fused } = decision;
  const distance = kernels.signedDistance(inside, width, height, planes.floats('native.distance', width * height));
  const picture = { rgb: native, across: grids.native.width, working: workingPerNative(grids) };
  const cut = kernels.softOutline({ ...grid, distance, fused, ...picture });
  if (!cut) return emptyMask(grids.native);
  const { tight, values } = cut;
  const { x0, y0 } = grid.box;
  const window = { x0: x0 + tight.x0, y0: y0 + tight.y0, x1: x0 + tight.x1, y1: y0 + tight.y1 };
  return { size: grids.native, window, values };
}
