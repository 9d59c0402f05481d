import type { Loop } from '../contours/loop.js';
import { type Correspondence, inverse, unrolled } from './correspond.js';
import { placeNear } from './place.js';
import { greedyPlaces, type Reach, reachOf, STRIDE } from './reach.js';
import { slideAnchors } from './slide.js';

/** One region through time: its loop on each frame where it is, and how each loop became the next. */
export interface LoopSequence {
  readonly loops: readonly Loop[];
  /** One less than there are loops. */
  readonly links: readonly Correspondence[];
}

/**
 * The same anchors on every loop of a sequence: sample indices that never run backwards, the last at most once round from
 * the first. Two anchors may fall together where the stretch between them has vanished.
 */
export type Placement = readonly Int32Array[];

/** What placing may cost and must reach. */
export interface PlacementRule {
  /** Largest distance between a segment and its stretch, in pixels: what is promised. */
  readonly error: number;
  /** Fewest and most anchors of a region. */
  readonly least: number;
  readonly most: number;
  /** Anchors beyond the fewest that the most complex loop needs, as a factor: room for keeping them where they were. */
  readonly room: number;
}

/** Segments are placed for this share of the error allowed, so that smooth points and what is left over find room. */
export const AIM = 0.75;
/** Each further try allows this many times more. */
const MORE = 1.07;
const TRIES = 6;
/** Each try with a fixed number of anchors allows this many times the error. */
const LOOSER = 1.25;

/**
 * Anchors for a whole sequence. The most complex loop is cut into the stretches that one cubic each can follow; the cuts
 * are carried to its neighbours by the correspondence and moved there as little as it takes for every segment to fit,
 * and so on to both ends. Their number is what the most complex loop needs and a little more, at most `rule.most`; where
 * that is not enough, the error allowed grows instead.
 */
export function placeAnchors(seq: LoopSequence, rule: PlacementRule): Placement {
  let error = rule.error;
  let reaches = seq.loops.map((l) => reachOf(l, AIM * error));
  let need = Math.max(...reaches.map((r) => r.need));
  while (need > rule.most) {
    error *= LOOSER;
    reaches = seq.loops.map((l) => reachOf(l, AIM * error));
    need = Math.max(...reaches.map((r) => r.need));
  }
  const reference = reaches.findIndex((r) => r.need === need);
  let best: { readonly placement: Placement; readonly failing: number } | undefined;
  for (let n = rule.room * need, t = 0; t < TRIES; t++, n *= MORE) {
    const count = Math.min(rule.most, Math.max(rule.least, Math.ceil(n) + 1));
    const places = spread(greedyPlaces(reaches[reference], startOf(seq.loops[reference])), reaches[reference], count);
    const got = placeOutwards(seq, reaches, error, new Map([[reference, places]]));
    if (!best || got.failing < best.failing) best = got;
    if (!got.failing || count === rule.most) break;
  }
  return best!.placement;
}

/** From the loops whose anchors are known to all others, frame by frame; forwards first, then back from the first. */
function placeOutwards(
  seq: LoopSequence,
  reaches: readonly Reach[],
  error: number,
  known: ReadonlyMap<number, Float64Array>,
) {
  const placed: Float64Array[] = [];
  const placement: Int32Array[] = [];
  let failing = 0;
  const settle = (f: number, places: Float64Array) => {
    const loop = seq.loops[f];
    const at = samplesOf(places, loop);
    if (slideAnchors(loop, at, AIM * error) > error) failing++;
    placement[f] = at;
    placed[f] = placesOf(at, loop);
  };
  const step = (from: number, to: number) =>
    settle(to, placeNear(reaches[to], carried(seq, from, to, placed[from])).places);
  for (const [f, places] of known) settle(f, places);
  const first = Math.min(...known.keys());
  for (let f = first + 1; f < seq.loops.length; f++) if (!known.has(f)) step(f - 1, f);
  for (let f = first - 1; f >= 0; f--) step(f + 1, f);
  return { placement, failing };
}

/** Places to sample indices. A loop of an odd count has one place that is a sample longer than the others. */
export const samplesOf = (places: Float64Array, { count }: Loop): Int32Array => {
  const round = Math.floor(count / STRIDE);
  return Int32Array.from(places, (g) => {
    const turns = Math.floor(g / round);
    return turns * count + Math.round((g - turns * round) * STRIDE);
  });
};

/** Sample indices to places, which are fractions where an anchor was moved to an odd sample. */
export const placesOf = (at: Int32Array, { count }: Loop): Float64Array => {
  const round = Math.floor(count / STRIDE);
  return Float64Array.from(at, (k) => {
    const turns = Math.floor(k / count);
    return turns * round + Math.min(round, (k - turns * count) / STRIDE);
  });
};

/** Adds anchors in the middle of the segments nearest to their reach until there are `count`. */
function spread(places: number[], { steps }: Reach, count: number): Float64Array {
  const round = steps.length;
  const out = [...places];
  const end = (i: number) => (i + 1 < out.length ? out[i + 1] : out[0] + round);
  while (out.length < count) {
    let widest = 0;
    for (let i = 1; i < out.length; i++) if (end(i) - out[i] > end(widest) - out[widest]) widest = i;
    out.splice(widest + 1, 0, Math.round((out[widest] + end(widest)) / 2));
  }
  return Float64Array.from(out);
}

/** The sharpest corner of a loop, as a place. */
function startOf({ x, y, count }: Loop): number {
  const reach = Math.max(2, Math.min(6, count >> 4));
  let [best, at] = [Number.NEGATIVE_INFINITY, 0];
  for (let k = 0; k < count - 1; k += STRIDE) {
    const [i, j] = [(k + count - reach) % count, (k + reach) % count];
    const [ax, ay, bx, by] = [x[k] - x[i], y[k] - y[i], x[j] - x[k], y[j] - y[k]];
    const c = -(ax * bx + ay * by) / (Math.hypot(ax, ay) * Math.hypot(bx, by) || 1);
    if (c > best) [best, at] = [c, k];
  }
  return at / STRIDE;
}

/** Where the anchors of a loop are expected on a neighbouring one, in places, never running backwards. */
function carried(seq: LoopSequence, from: number, to: number, places: Float64Array): Float64Array {
  const map = between(seq, from, to);
  const { count } = seq.loops[to];
  const scale = Math.floor(count / STRIDE) / count;
  const fromScale = seq.loops[from].count / Math.floor(seq.loops[from].count / STRIDE);
  const out = new Float64Array(places.length);
  for (let i = 0; i < out.length; i++) {
    const at = places[i] * fromScale;
    const low = Math.floor(at);
    const lo = unrolled(map, low, count);
    const place = (lo + (unrolled(map, low + 1, count) - lo) * (at - low)) * scale;
    out[i] = i === 0 ? place : Math.max(place, out[i - 1]);
  }
  return out;
}

const backs = new WeakMap<Correspondence, Float64Array>();

function between(seq: LoopSequence, from: number, to: number): Float64Array {
  if (to > from) return seq.links[from].to;
  const link = seq.links[to];
  let back = backs.get(link);
  if (!back) {
    back = inverse(link.to, seq.loops[from].count);
    backs.set(link, back);
  }
  return back;
}
