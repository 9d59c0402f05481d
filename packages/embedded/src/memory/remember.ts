import { type Box, EMPTY_BOX } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import { boundsOf } from '../evidence/grids.js';
import { learnColours } from './colours.js';
import { beginRegion, type ObjectMemory } from './object-memory.js';
import { shapeOf } from './shape.js';

/** How much a sure answer adds to the evidence of a label, and how much any answer does. */
const EVIDENCE = 0.08;
const EVIDENCE_LEAST = 0.002;
/** Recent colours are learned from every third answer, from surroundings this near. */
const RECENT_EVERY = 3;
const RECENT_REACH = 40;
/** How fast the expected area follows the answers. */
const AREA_FOLLOWS = 0.05;

/** An answer about a region, with the label memory moved there: planes of the region in raster order. */
export interface Answer {
  readonly region: Box;
  readonly width: number;
  readonly height: number;
  readonly inside: Uint8Array;
  readonly probability: Float32Array;
  readonly band: Uint8Array;
}

/** Label memory moved to the new frame. */
export interface MovedLabels {
  readonly label: Float32Array;
  readonly confidence: Float32Array;
}

/** Takes the final answer of a frame into the object's memory. */
export function remember(
  bench: Bench,
  memory: ObjectMemory,
  lab: Float32Array,
  answer: Answer,
  moved: MovedLabels,
): void {
  const { half } = bench.grids;
  const next = memory.spare;
  beginRegion(next, answer.region, half);
  writePixels(next, answer, moved, half.width);
  memory.spare = memory.pixels;
  memory.pixels = next;
  memory.bounds = boundsOf(next.inside, half.width, answer.region) ?? EMPTY_BOX;
  memory.steps++;
  const shape = shapeOf(answer.inside, answer.region);
  if (!shape) return;
  memory.shape = shape;
  memory.areaReference += AREA_FOLLOWS * (shape.area - memory.areaReference);
  if (memory.steps % RECENT_EVERY === 0) {
    memory.recent = learnColours(bench, lab, next.inside, memory.bounds, RECENT_REACH) ?? memory.recent;
  }
}

function writePixels(next: ObjectMemory['pixels'], answer: Answer, moved: MovedLabels, stride: number): void {
  const { region, width, height, inside, probability, band } = answer;
  for (let y = 0, q = 0; y < height; y++) {
    let k = (region.y0 + y) * stride + region.x0;
    for (let x = 0; x < width; x++, q++, k++) {
      // The fuser's doubt is kept, its side is the cut's.
      const p = !band[q] ? inside[q] : inside[q] ? Math.max(probability[q], 0.55) : Math.min(probability[q], 0.45);
      const e = Math.abs(2 * p - 1) * EVIDENCE + EVIDENCE_LEAST;
      const c = moved.confidence[q];
      next.soft[k] = p;
      next.inside[k] = inside[q];
      next.label[k] = (c * moved.label[q] + e * p) / (c + e);
      next.confidence[k] = Math.min(1, c + e);
    }
  }
}
