import { type Reach, STRIDE } from './reach.js';

/** Half the width of the window that an anchor is looked for in, in places; the next where one is too narrow. */
const WINDOWS = [14, 40, 110] as const;
/** A displacement of this many places costs 1, of twice as many 4; from there on the cost grows evenly. */
const DRIFT = 8;
/** What an even spread of anchors is worth beside keeping to the expected places. */
const SPREAD = 0.08;
/** What a segment longer than its reach costs, and each place more. */
const OVER = 200;
const OVER_PER_PLACE = 30;

/** Anchors on one loop, in places (see `STRIDE`), not brought back to once round, and how many segments are too long. */
export interface Placed {
  readonly places: Float64Array;
  readonly failing: number;
}

/**
 * Puts a given number of anchors on a loop so that every segment is within its reach and the anchors stay as near as
 * possible to where they are expected: a dynamic programme over windows around the expected places, once with the
 * first anchor held, once more with another one held that the first run has placed.
 */
export function placeNear(reach: Reach, expected: Float64Array): Placed {
  let best = twice(reach, expected, WINDOWS[0]);
  for (const window of WINDOWS.slice(1)) {
    if (!best.failing) break;
    const wider = twice(reach, expected, Math.min(window, reach.steps.length >> 1));
    if (wider.failing < best.failing) best = wider;
  }
  return best;
}

function twice(reach: Reach, expected: Float64Array, window: number): Placed {
  const round = reach.steps.length;
  const n = expected.length;
  const first = solve(reach, expected, window, Math.round(expected[0]));
  const middle = n >> 1;
  // The same problem begun at the middle anchor, which keeps the place it was given.
  const turned = Float64Array.from(expected, (_, i) =>
    i + middle < n ? expected[i + middle] : expected[i + middle - n] + round,
  );
  const second = solve(reach, turned, window, first[middle]);
  const places = Float64Array.from(expected, (_, i) =>
    i >= middle ? second[i - middle] : second[i - middle + n] - round,
  );
  return { places, failing: countFailing(reach, places) };
}

/** How many segments are longer than a cubic can follow. */
export function countFailing({ steps }: Reach, places: Float64Array): number {
  const round = steps.length;
  let failing = 0;
  places.forEach((g, i) => {
    const end = i + 1 < places.length ? places[i + 1] : places[0] + round;
    if ((end - g) * STRIDE > steps[((g % round) + round) % round]) failing++;
  });
  return failing;
}

let costs = new Float64Array(0);
let from = new Int16Array(0);

function solve({ steps }: Reach, expected: Float64Array, window: number, held: number): Float64Array {
  const round = steps.length;
  const n = expected.length;
  const width = 2 * window + 1;
  if (costs.length < (n + 1) * width) {
    costs = new Float64Array((n + 1) * width);
    from = new Int16Array((n + 1) * width);
  }
  costs.fill(Number.POSITIVE_INFINITY, 0, (n + 1) * width);
  const even = n / round;
  // Hosts stumble over points that coincide; on the smallest loops there is no room to keep them apart.
  const apart = round >= 1.5 * n ? 1 : 0;
  const base = (i: number) =>
    i === 0 ? held - window : i === n ? held + round - window : Math.round(expected[i]) - window;
  costs[window] = 0;
  for (let i = 1; i <= n; i++) {
    const [here, before] = [base(i), base(i - 1)];
    for (let a = 0; a < width; a++) {
      const sofar = costs[(i - 1) * width + a];
      if (sofar === Number.POSITIVE_INFINITY) continue;
      const g = before + a;
      const limit = Math.floor(steps[((g % round) + round) % round] / STRIDE);
      const [lo, hi] = i === n ? [window, window + 1] : [Math.max(0, g - here), width];
      for (let b = lo; b < hi; b++) {
        const length = here + b - g;
        if (length < apart) continue;
        const drift = i === n ? 0 : Math.abs(here + b - expected[i]) / DRIFT;
        const over = length > limit ? OVER + OVER_PER_PLACE * (length - limit) : 0;
        const c = sofar + (drift < 2 ? drift * drift : 4 * drift - 4) + SPREAD * (length * even) ** 2 + over;
        if (c < costs[i * width + b]) {
          costs[i * width + b] = c;
          from[i * width + b] = a;
        }
      }
    }
  }
  const places = new Float64Array(n);
  for (let i = n, b = window; i > 0; i--) {
    const a = from[i * width + b];
    places[i - 1] = base(i - 1) + a;
    b = a;
  }
  return places;
}
