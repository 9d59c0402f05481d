import { PER_POINT } from '../../values/index.js';
import { type Loop, wrap } from '../contours/loop.js';
import { type EndDirections, type FittedSegment, fitSegment } from '../curves/fit-segment.js';
import { CUT, stepsBetween } from '../parts/chain.js';
import type { Placement } from '../points/anchors.js';

/** Two handles further from one line than this make a corner, where they are on most frames. */
const CORNER = (35 * Math.PI) / 180;
/** Where the handles of a smooth point are further apart than this on a frame, they stay as they are there. */
const BROKEN = (75 * Math.PI) / 180;

/**
 * Closed outlines through the anchors of a sequence, six numbers a point, and which points are corners. Handles are fitted by
 * least squares, except those of cuts; at points that are no corners both handles lie on one line, unless `limit` cannot be kept that way on
 * some frame.
 */
export function outlinesOf(
  loops: readonly Loop[],
  placement: Placement,
  kinds: readonly number[],
  limit: number,
): { readonly outlines: readonly Float64Array[]; readonly corners: readonly boolean[] } {
  const fits = loops.map((loop, f) => freeFits(loop, placement[f], kinds));
  const points = placement[0].length;
  const corners = Array.from({ length: points }, (_, i) => {
    if (kinds[i] === CUT || kinds[(i + points - 1) % points] === CUT) return true;
    const sharp = fits.filter((fit, f) => turnAt(loops[f], placement[f], fit, i) > CORNER).length;
    return 2 * sharp > fits.length;
  });
  return {
    outlines: loops.map((loop, f) => outlineOf(loop, placement[f], fits[f], { kinds, corners, limit })),
    corners,
  };
}

const freeFits = (loop: Loop, at: Int32Array, kinds: readonly number[]): readonly FittedSegment[] =>
  [...at].map((from, i) => (kinds[i] === CUT ? cutFrom(loop, from) : fitSegment(loop, from, stepsAfter(at, i, loop))));

const stepsAfter = (at: Int32Array, i: number, { count }: Loop) => stepsBetween(at[i], at[(i + 1) % at.length], count);

/** A cut gets its handles last: until then they lie on its ends. */
const cutFrom = ({ x, y, count }: Loop, from: number): FittedSegment => {
  const k = wrap(from, count);
  return { x1: x[k], y1: y[k], x2: x[k], y2: y[k], error: 0 };
};

interface Direction {
  readonly x: number;
  readonly y: number;
}

/** Directions in which the curve arrives at and leaves a point; undefined where a handle has no length. */
function directionsAt(loop: Loop, at: Int32Array, fits: readonly FittedSegment[], i: number) {
  const k = wrap(at[i], loop.count);
  const before = fits[(i + fits.length - 1) % fits.length];
  const unit = (x: number, y: number): Direction | undefined => {
    const l = Math.hypot(x, y);
    return l > 1e-3 ? { x: x / l, y: y / l } : undefined;
  };
  return {
    arrives: unit(loop.x[k] - before.x2, loop.y[k] - before.y2),
    leaves: unit(fits[i].x1 - loop.x[k], fits[i].y1 - loop.y[k]),
  };
}

function turnAt(loop: Loop, at: Int32Array, fits: readonly FittedSegment[], i: number): number {
  const { arrives, leaves } = directionsAt(loop, at, fits, i);
  return arrives && leaves ? angle(arrives, leaves) : 0;
}

const angle = (a: Direction, b: Direction) => Math.abs(Math.atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y));

function outlineOf(
  loop: Loop,
  at: Int32Array,
  fits: readonly FittedSegment[],
  {
    kinds,
    corners,
    limit,
  }: { readonly kinds: readonly number[]; readonly corners: readonly boolean[]; readonly limit: number },
): Float64Array {
  const n = at.length;
  const tangents = corners.map((corner, i) => {
    const { arrives, leaves } = directionsAt(loop, at, fits, i);
    if (!arrives || !leaves || corner || angle(arrives, leaves) > BROKEN) return { in: arrives, out: leaves };
    const l = Math.hypot(arrives.x + leaves.x, arrives.y + leaves.y);
    const shared = { x: (arrives.x + leaves.x) / l, y: (arrives.y + leaves.y) / l };
    return { in: shared, out: shared };
  });
  const segments = fits.map((fit, i) => {
    const [from, to] = [tangents[i].out, tangents[(i + 1) % n].in];
    if (!from || !to || kinds[i] === CUT) return fit;
    const kept: EndDirections = { fromX: from.x, fromY: from.y, toX: to.x, toY: to.y };
    const smooth = fitSegment(loop, at[i], stepsAfter(at, i, loop), kept);
    return smooth.error <= Math.max(limit, fit.error) ? smooth : fit;
  });
  const outline = new Float64Array(n * PER_POINT);
  for (let i = 0; i < n; i++) {
    const k = wrap(at[i], loop.count);
    const before = segments[(i + n - 1) % n];
    outline.set([loop.x[k], loop.y[k], before.x2, before.y2, segments[i].x1, segments[i].y1], i * PER_POINT);
  }
  return outline;
}
