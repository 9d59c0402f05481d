import { PER_POINT } from '../../values/index.js';
import { wrap } from '../contours/loop.js';
import { coordinateAt, movePointAt } from '../curves/bezier.js';
import { type Crossing, crossesItself, crossingsOf } from '../curves/crossings.js';
import { CUT, stepsBetween } from '../parts/chain.js';
import { isWithin, type Pull, pullsOf, type Traced } from './deviation.js';

/** What is left between two stretches of an outline that crossed, in pixels, where the contour leaves as much twice over. */
const GAP = 0.2;
/** Points of a crossing segment that are looked at. */
const LOOKS = 12;
/** Sweeps over the constraints, at most, and after how many of them nothing gained means giving up. */
const SWEEPS = 40;
const PATIENCE = 10;
/** Of more crossings than this the others are left for the next sweep. */
const MANY = 8;
/** Crossings of neighbours with so few samples of the contour between them are beside their point, whose handles shrink by this factor. */
const BESIDE = 4;
const SHORTER = 0.8;
/** Pulls aim at this share of the limit, so that they end within it. */
const AIM = 0.96;

/** A point of an outline with the sample of the contour that it stands for, and the samples of its whole segment. */
interface Spot {
  readonly segment: number;
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly sample: number;
  readonly steps: number;
}

/**
 * Looks for places where an outline crosses itself and says what would bring the two stretches apart: the contour does not cross itself, so
 * that the places of the contour that both stand for tell on which side of each other they belong. Crossings of cuts are left
 * alone. @returns how many others there are.
 */
export function pushesOf(traced: Traced, pull: Pull): number {
  const { kinds, outline } = traced;
  const crossings = crossingsOf(outline).filter((c) => kinds[c.segment] !== CUT && kinds[c.other] !== CUT);
  for (const c of crossings.slice(0, MANY)) {
    if (c.segment === c.other) unroll(traced, c, pull);
    else part(traced, c, pull);
  }
  return crossings.length;
}

/**
 * Brings the stretches of an outline that cross apart, every point of it within `limit` pixels of the contour as before. Changes the
 * outline. @returns false where it still crosses itself: where that cannot be, which leaves the outline as it was, or a cut does.
 */
export function untangle(traced: Traced, limit: number): boolean {
  const { outline } = traced;
  if (!crossesItself(outline)) return true;
  if (limit === 0) return false;
  const was = outline.slice();
  const pull = pullerOf(outline);
  let least = Number.POSITIVE_INFINITY;
  for (let sweep = 0, idle = 0; sweep < SWEEPS && idle < PATIENCE; sweep++) {
    const crossings = pushesOf(traced, pull);
    for (const c of crossings ? crossingsOf(outline) : []) retract(traced, c);
    if (crossings === 0 && sweep > 0 && isWithin(traced, limit)) return !crossesItself(outline);
    const off = pullsOf(traced, AIM * limit, pull);
    if (crossings === 0 && off === 0) break;
    idle = crossings + off < least ? 0 : idle + 1;
    least = Math.min(least, crossings + off);
  }
  outline.set(was);
  return false;
}

/** Two segments that cross right beside their common point, where the contour leaves nothing to push: its handles become shorter. */
function retract({ outline, at, loop, kinds }: Traced, { segment, t, other, u }: Crossing): void {
  const n = at.length;
  const follows = (a: number, b: number) => (a + 1) % n === b && kinds[a] !== CUT && kinds[b] !== CUT;
  const steps = (i: number) => stepsBetween(at[i], at[(i + 1) % n], loop.count);
  const point = follows(segment, other) ? other : follows(other, segment) ? segment : -1;
  if (point < 0) return;
  const [before, after] = point === other ? [t, u] : [u, t];
  if ((1 - before) * steps((point + n - 1) % n) + after * steps(point) > BESIDE) return;
  const p = point * PER_POINT;
  for (const k of [2, 3, 4, 5])
    outline[p + k] = outline[p + (k % 2)] + SHORTER * (outline[p + k] - outline[p + (k % 2)]);
}

/** Moves the control points of an outline so that a point of it moves by what is asked, all of them the least. */
export const pullerOf =
  (outline: Float64Array): Pull =>
  (segment, t, dx, dy) =>
    movePointAt(outline, segment, t, dx, dy);

/** The same for two outlines of which the one meant is so much of each; those left out stay. */
export function pullerOfTwo(a: Float64Array | undefined, wa: number, b: Float64Array | undefined, wb: number): Pull {
  const square = wa * wa + wb * wb;
  return (segment, t, dx, dy) => {
    if (square < 1e-6) return;
    if (a && wa) movePointAt(a, segment, t, (dx * wa) / square, (dy * wa) / square);
    if (b && wb) movePointAt(b, segment, t, (dx * wb) / square, (dy * wb) / square);
  };
}

/** A loop within one segment: its two ends go apart as far as half of what lies between them on the contour. */
function unroll(traced: Traced, { segment, t, u }: Crossing, pull: Pull): void {
  const [a, b] = [spotOf(traced, segment, t), spotOf(traced, segment, u)];
  push(traced, a, b, Number.POSITIVE_INFINITY, pull);
}

/** Two segments: the points at which they cross, and every point of one that is on the wrong side of the nearest of the other. */
function part(traced: Traced, { segment, t, other, u }: Crossing, pull: Pull): void {
  push(traced, spotOf(traced, segment, t), spotOf(traced, other, u), GAP, pull);
  const [ours, theirs] = [segment, other].map((s) =>
    Array.from({ length: LOOKS + 1 }, (_, k) => spotOf(traced, s, k / LOOKS)),
  ) as [Spot[], Spot[]];
  for (const [from, to] of [
    [ours, theirs],
    [theirs, ours],
  ] as const)
    for (const a of from) push(traced, a, nearestTo(a, to), GAP, pull);
}

const nearestTo = (a: Spot, spots: readonly Spot[]): Spot =>
  spots.reduce((best, b) => (Math.hypot(b.x - a.x, b.y - a.y) < Math.hypot(best.x - a.x, best.y - a.y) ? b : best));

/** Pushes two points apart until they are `gap` apart in the direction that they lie in on the contour, at most half as far as there. */
function push(traced: Traced, a: Spot, b: Spot, gap: number, pull: Pull): void {
  const { count } = traced.loop;
  const between = Math.min(stepsBetween(a.sample, b.sample, count), stepsBetween(b.sample, a.sample, count));
  // Apart, so that two points in one place do not stand for the same sample.
  const most = Math.floor((between - 1) / 2);
  if (most < 0) return;
  const [p, q] = [footOf(traced, a, most), footOf(traced, b, most)];
  const [dx, dy] = [traced.loop.x[q] - traced.loop.x[p], traced.loop.y[q] - traced.loop.y[p]];
  const apart = Math.hypot(dx, dy);
  if (apart < 1e-6) return;
  const [nx, ny] = [dx / apart, dy / apart];
  const lack = Math.min(gap, apart / 2) - ((b.x - a.x) * nx + (b.y - a.y) * ny);
  if (lack <= 0) return;
  pull(a.segment, a.t, (-lack / 2) * nx, (-lack / 2) * ny);
  pull(b.segment, b.t, (lack / 2) * nx, (lack / 2) * ny);
}

/** The point of a segment at `t`. */
function spotOf({ outline, loop, at }: Traced, segment: number, t: number): Spot {
  const [x, y] = [coordinateAt(outline, segment, t, 0), coordinateAt(outline, segment, t, 1)];
  const steps = stepsBetween(at[segment], at[segment + 1 < at.length ? segment + 1 : 0], loop.count);
  return { segment, t, x, y, sample: at[segment] + Math.round(steps * t), steps };
}

/** The sample nearest to a point, at most `most` from the one it stands for. */
function footOf({ loop }: Traced, { x, y, sample, steps }: Spot, most: number): number {
  const window = Math.min(most, Math.max(2, Math.round(steps / 4)));
  let [foot, best] = [wrap(sample, loop.count), Number.POSITIVE_INFINITY];
  for (let k = sample - window; k <= sample + window; k++) {
    const i = wrap(k, loop.count);
    const square = (loop.x[i] - x) ** 2 + (loop.y[i] - y) ** 2;
    if (square < best) [foot, best] = [i, square];
  }
  return foot;
}
