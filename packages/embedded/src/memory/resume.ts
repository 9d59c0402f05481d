import { EMPTY_BOX } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import { boundsOf } from '../evidence/grids.js';
import { learnColours } from './colours.js';
import { beginRegion, type ObjectMemory } from './object-memory.js';
import type { Answer } from './remember.js';
import { shapeOf } from './shape.js';
import { placeWindows } from './windows.js';

/** Confidence of the label memory in a find: it may be somebody else. */
const FOUND_CONFIDENCE = 0.3;
const RECENT_REACH = 40;

/** Takes up an object again where a search found it: place and recent colours from the find, its first colours kept. */
export function resumeMemory(bench: Bench, memory: ObjectMemory, lab: Float32Array, found: Answer): void {
  const { half } = bench.grids;
  const { region, width, height, inside } = found;
  const { pixels } = memory;
  beginRegion(pixels, region, half);
  for (let y = 0, q = 0; y < height; y++) {
    let k = (region.y0 + y) * half.width + region.x0;
    for (let x = 0; x < width; x++, q++, k++) {
      pixels.soft[k] = inside[q];
      pixels.inside[k] = inside[q];
      pixels.label[k] = inside[q];
      pixels.confidence[k] = FOUND_CONFIDENCE;
    }
  }
  memory.bounds = boundsOf(pixels.inside, half.width, region) ?? EMPTY_BOX;
  memory.windows = placeWindows(inside, width, height, region.x0, region.y0, []);
  memory.shape = shapeOf(inside, region) ?? memory.shape;
  memory.areaReference = memory.prior.area;
  memory.prior = { ...memory.prior, x: memory.shape.x, y: memory.shape.y };
  memory.recent = learnColours(bench, lab, pixels.inside, memory.bounds, RECENT_REACH) ?? memory.recent;
  memory.steps++;
}
