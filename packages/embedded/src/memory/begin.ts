import { boxOf, EMPTY_BOX, type SoftMask } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import { boundsOf } from '../evidence/grids.js';
import { fitWindows } from '../evidence/local-colour.js';
import { learnColours } from './colours.js';
import { maskOnHalf } from './half-mask.js';
import { startPrior } from './motion-prior.js';
import { blankPixels, type ObjectMemory } from './object-memory.js';
import { shapeOf } from './shape.js';

/** Surroundings of the first frame's colours, half-grid pixels. */
const FIRST_REACH = 60;

/** The memory of an object from its mask on a frame; `null` when the mask is empty. */
export function beginMemory(bench: Bench, lab: Float32Array, mask: SoftMask): ObjectMemory | null {
  const { half } = bench.grids;
  const whole = boxOf(half);
  const pixels = blankPixels(half);
  maskOnHalf(mask, bench.grids, pixels.soft);
  let most = 0;
  for (let k = 0; k < pixels.soft.length; k++) most = Math.max(most, pixels.soft[k]);
  // An object thinner than a pixel of this grid fills none by half.
  const level = Math.min(0.5, most / 2);
  for (let k = 0; k < pixels.soft.length; k++) pixels.inside[k] = pixels.soft[k] > level ? 1 : 0;
  pixels.label.set(pixels.soft);
  pixels.region = whole;
  const shape = shapeOf(pixels.inside, whole);
  if (!shape) return null;
  const bounds = boundsOf(pixels.inside, half.width, whole) ?? EMPTY_BOX;
  const first = learnColours(bench, lab, pixels.inside, bounds, FIRST_REACH);
  const scene = {
    ...{ region: whole, width: half.width, height: half.height, lab, mask: pixels.inside },
    distance: bench.kernels.signedDistance(pixels.inside, half.width, half.height),
  };
  return {
    ...{ pixels, spare: blankPixels(half), bounds, first, recent: first, shape },
    ...{ windows: fitWindows(bench, scene, []), areaReference: shape.area, prior: startPrior(shape), steps: 0 },
  };
}
