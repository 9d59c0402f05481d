import type { Loop } from '../contours/loop.js';
import { crossesItself } from '../curves/crossings.js';
import { isWithin, pullsOf, type Traced } from '../outlines/deviation.js';
import { pullerOfTwo, pushesOf } from '../outlines/untangle.js';
import { type Bend, bendCuts } from '../parts/cuts.js';
import { between } from './keys.js';

/** A shape through time, as key reduction sees it. */
export interface TracedShape {
  readonly loops: readonly Loop[];
  /** Sample of each point, on every frame. */
  readonly placement: readonly Int32Array[];
  /** What lies after each point (see `Ring`). */
  readonly kinds: readonly number[];
  /** Outline of every frame; those of keys are what is interpolated. */
  readonly outlines: readonly Float64Array[];
  /** Bends of the cuts on every frame (see {@link bendCuts}). */
  readonly bends: readonly ReadonlyMap<number, Bend>[];
  /** Frames on which the outline itself crosses itself, all the same. */
  readonly crossing: ReadonlySet<number>;
}

/** Sweeps over the constraints, at most, and after how many of them nothing gained means giving up. */
const SWEEPS = 30;
const PATIENCE = 3;
/** How often all keys are gone through, at most. */
const PASSES = 4;
/** Constraints are aimed at this share of the limit, so that they are met in the end and not just approached. */
const AIM = 0.96;
/** Further off than this many limits at the start is not tried. */
const HOPELESS = 5;

/**
 * Tries to do without a key by bending the keys beside it, each within the limit of its own frame: every point of the curve that is too far off
 * on some frame is pulled back by moving the control points of both keys the least (projections onto convex sets,
 * Kaczmarz 1937; the limits are the sets). @returns outlines for the two keys, or undefined where it cannot be.
 */
export function withoutKey(
  shape: TracedShape,
  keys: readonly number[],
  which: number,
  held: ReadonlySet<number>,
  limit: number,
): ReadonlyMap<number, Float64Array> | undefined {
  const rest = keys.filter((_, k) => k !== which);
  const [left, right] = [keys[which - 1], keys[which + 1]];
  const [first, last] = [rest[Math.max(0, which - 2)], rest[Math.min(rest.length - 1, which + 1)]];
  const moved = new Map<number, Float64Array>();
  for (const k of [left, right]) if (!held.has(k)) moved.set(k, Float64Array.from(shape.outlines[k]));
  const outlineAt = (f: number): Float64Array => moved.get(f) ?? shape.outlines[f];
  const spans = rest.flatMap((k, i) => (k >= first && k < last ? [[k, rest[i + 1]] as const] : []));
  const scratch = new Float64Array(shape.outlines[0].length);
  let best = Number.POSITIVE_INFINITY;
  let calm = false;
  for (let sweep = 0, idle = 0; sweep < SWEEPS; sweep++) {
    let worst = 0;
    let crossings = 0;
    for (const [k, outline] of moved) bendCuts(outline, shape.bends[k]);
    for (const [i, j] of spans) {
      for (let f = i; f <= (j === last ? j : j - 1); f++) {
        if (held.has(f)) continue;
        const t = (f - i) / (j - i);
        between(outlineAt(i), outlineAt(j), t, scratch);
        const [a, b] = [moved.get(i), moved.get(j)];
        const pull = pullerOfTwo(a, a ? 1 - t : 0, b, b ? t : 0);
        const now = traced(shape, scratch, f);
        worst = Math.max(worst, pullsOf(now, AIM * limit, pull));
        if (calm && !shape.crossing.has(f)) crossings += pushesOf(now, pull);
        if (sweep === 0 && worst > HOPELESS * limit) return undefined;
      }
    }
    if (worst <= limit && crossings === 0) {
      if (allWithin()) return moved;
      if (calm) return undefined;
      // What is far off crosses itself in many places that are none later, so that crossings are parted last.
      calm = true;
    }
    idle = worst < 0.97 * best ? 0 : idle + 1;
    best = Math.min(best, worst);
    if (idle >= PATIENCE) return undefined;
  }
  return undefined;

  function allWithin(): boolean {
    for (const [k, outline] of moved) bendCuts(outline, shape.bends[k]);
    for (const [i, j] of spans) {
      for (let f = i; f <= j; f++) {
        if (held.has(f)) continue;
        between(outlineAt(i), outlineAt(j), (f - i) / (j - i), scratch);
        if (!isFit(shape, scratch, f, limit)) return false;
      }
    }
    return true;
  }
}

/** Whether an outline will do on a frame: within the limit, and not crossing itself unless it does so with a key there, too. */
export const isFit = (shape: TracedShape, outline: Float64Array, f: number, limit: number): boolean =>
  isWithin(traced(shape, outline, f), limit) && (shape.crossing.has(f) || !crossesItself(outline));

/** An outline on one frame, ready to be compared with the loop there. */
export const traced = ({ loops, placement, kinds }: TracedShape, outline: Float64Array, f: number): Traced => ({
  outline,
  loop: loops[f],
  at: placement[f],
  kinds,
});

/**
 * Takes out keys one after the other, those that miss least first, as long as bending their neighbours keeps every frame
 * within `limit`. @returns the keys left, with their outlines.
 */
export function mergeKeys(
  shape: TracedShape,
  keys: readonly number[],
  held: ReadonlySet<number>,
  limit: number,
): { readonly keys: readonly number[]; readonly outlines: readonly Float64Array[] } {
  let left = [...keys];
  const outlines = [...shape.outlines];
  const now: TracedShape = { ...shape, outlines };
  /** What lay around a key when it could not be done without. */
  const tried = new Map<number, readonly Float64Array[]>();
  for (let pass = 0; pass < PASSES; pass++) {
    const before = left.length;
    for (const f of byMiss(now, left, held)) {
      const which = left.indexOf(f);
      const around = left.slice(Math.max(0, which - 2), which + 3).map((k) => outlines[k]);
      if (tried.get(f)?.every((outline, i) => outline === around[i])) continue;
      const moved = withoutKey(now, left, which, held, limit);
      tried.set(f, around);
      if (!moved) continue;
      left = left.filter((k) => k !== f);
      for (const [k, outline] of moved) outlines[k] = outline;
    }
    if (left.length === before) break;
  }
  return { keys: left, outlines };
}

/** Inner keys that may go, in the order of how far their points lie from where the neighbours would put them. */
function byMiss({ outlines }: TracedShape, keys: readonly number[], held: ReadonlySet<number>): readonly number[] {
  const scratch = new Float64Array(outlines[0].length);
  return keys
    .slice(1, -1)
    .map((f, i) => {
      const [a, b] = [keys[i], keys[i + 2]];
      between(outlines[a], outlines[b], (f - a) / (b - a), scratch);
      let sum = 0;
      for (let k = 0; k < scratch.length; k++) sum += Math.abs(scratch[k] - outlines[f][k]);
      return { f, sum };
    })
    .filter(({ f }) => !held.has(f))
    .sort((a, b) => a.sum - b.sum)
    .map(({ f }) => f);
}
