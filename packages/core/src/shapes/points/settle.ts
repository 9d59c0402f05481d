import { type Loop, wrap } from '../contours/loop.js';
import { AIM, type Placement, placesOf, samplesOf } from './anchors.js';
import { placeNear } from './place.js';
import { type Reach, reachOf } from './reach.js';
import { largestError, slideAnchors } from './slide.js';

/** How far along a loop an anchor is looked for, in samples, and what a sample of that way costs beside a pixel of distance, squared. */
const SEEK = 16;
const RELUCTANCE = 0.02;

/**
 * Anchors that swing to and fro along their loops brought to rest: each moves towards where the middle between the frame before and
 * the one after has it, as far as every segment still fits its stretch. Every second frame, then the others.
 * @param error largest distance between a segment and its stretch, in pixels, where it is not larger already
 */
export function settleAnchors(loops: readonly Loop[], error: number, placement: Placement): Placement {
  const out = [...placement];
  for (const start of [1, 2]) {
    for (let f = start; f + 1 < loops.length; f += 2) {
      const loop = loops[f];
      const reach = reachOf(loop, AIM * error);
      const at = samplesOf(placeNear(reach, betweenNeighbours(loops, out, f, reach)).places, loop);
      if (slideAnchors(loop, at, AIM * error) <= Math.max(error, largestError(loop, out[f]))) out[f] = at;
    }
  }
  return out;
}

/** Where the anchors of a loop should be by those of the frames around it, in places, never running backwards. */
function betweenNeighbours(loops: readonly Loop[], placement: Placement, f: number, { steps }: Reach): Float64Array {
  const [loop, a, b] = [loops[f], loops[f - 1], loops[f + 1]];
  const expected = placesOf(placement[f], loop);
  const scale = steps.length / loop.count;
  for (let i = 0; i < expected.length; i++) {
    const p = wrap(placement[f - 1][i], a.count);
    const q = wrap(placement[f + 1][i], b.count);
    const slide = nearestAlong(loop, placement[f][i], (a.x[p] + b.x[q]) / 2, (a.y[p] + b.y[q]) / 2);
    const place = expected[i] + slide * scale;
    expected[i] = i ? Math.max(place, expected[i - 1]) : place;
  }
  return expected;
}

/** How many samples to slide from `from` to come nearest to a point, short ways preferred. */
function nearestAlong({ x, y, count }: Loop, from: number, toX: number, toY: number): number {
  let [least, best] = [Number.POSITIVE_INFINITY, 0];
  for (let d = -SEEK; d <= SEEK; d++) {
    const k = wrap(from + d, count);
    const cost = (x[k] - toX) ** 2 + (y[k] - toY) ** 2 + RELUCTANCE * d * d;
    if (cost < least) [least, best] = [cost, d];
  }
  return best;
}
