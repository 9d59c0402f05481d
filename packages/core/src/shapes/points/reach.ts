import type { Loop } from '../contours/loop.js';
import { fitSegment } from '../curves/fit-segment.js';

/** Anchors lie on every second sample. */
export const STRIDE = 2;

/**
 * How far a single cubic follows a loop, from every place an anchor may have: `steps[g]` samples from sample
 * `g * STRIDE` on, with no distance above the error asked for.
 */
export interface Reach {
  readonly steps: Int32Array;
  /** Fewest segments that go once round (greedy from the best of several starts: at most one more than the optimum). */
  readonly need: number;
}

/** Longer stretches that do not fit are tried this often before the search ends: errors do not grow evenly. */
const PATIENCE = 3;
/** Starts that the fewest segments are counted from. */
const STARTS = 24;

const known = new WeakMap<Loop, Map<number, Reach>>();

/** The reach of cubics along a loop within `error` pixels; worked out once for each loop and error. */
export function reachOf(loop: Loop, error: number): Reach {
  const ofLoop = known.get(loop) ?? new Map<number, Reach>();
  known.set(loop, ofLoop);
  const reach = ofLoop.get(error) ?? measureReach(loop, error);
  ofLoop.set(error, reach);
  return reach;
}

function measureReach(loop: Loop, error: number): Reach {
  const places = Math.floor(loop.count / STRIDE);
  const steps = new Int32Array(places);
  const longest = Math.floor(loop.count / 3);
  const fits = (g: number, n: number) => fitSegment(loop, g * STRIDE, n, undefined, error).error <= error;
  let last = 8;
  for (let g = 0; g < places; g++) {
    let n = Math.min(longest, Math.max(2, last - STRIDE));
    if (fits(g, n)) {
      for (let more = n + 2, failed = 0; failed < PATIENCE && more <= longest; more += 2) {
        if (fits(g, more)) {
          n = more;
          failed = 0;
        } else failed++;
      }
    } else while (n > 2 && !fits(g, n)) n -= 2;
    steps[g] = last = Math.max(2, n);
  }
  return { steps, need: fewest(steps) };
}

function fewest(steps: Int32Array): number {
  const places = steps.length;
  let need = places;
  for (let s = 0; s < Math.min(places, STARTS); s++) {
    let segments = 0;
    for (let g = s; g < s + places; segments++) g += Math.max(1, steps[g % places] / STRIDE) | 0;
    need = Math.min(need, segments);
  }
  return Math.max(3, need);
}

/** The starts of the fewest segments from the first anchor `at` on (a place, not a sample). */
export function greedyPlaces({ steps }: Reach, at: number): number[] {
  const places: number[] = [];
  for (let g = at; g < at + steps.length; ) {
    places.push(g);
    g += Math.max(1, steps[g % steps.length] / STRIDE) | 0;
  }
  return places;
}
