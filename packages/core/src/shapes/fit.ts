import {
  type FrameIndex,
  type FrameRange,
  frameRange,
  PER_POINT,
  type Shape,
  type ShapeKey,
  type SoftMask,
} from '../values/index.js';
import { contoursOf } from './contours/contour.js';
import { type Loop, loopOf, wrap } from './contours/loop.js';
import { type Region, type RegionEvent, RegionTable } from './contours/regions.js';
import { softnessAlong } from './contours/softness.js';
import { crossesItself } from './curves/crossings.js';
import { editedKeys, editedPoints, type FittedShape, keepEdited } from './keys/edited.js';
import { between, fewestKeys } from './keys/keys.js';
import { isFit, mergeKeys, type TracedShape, traced } from './keys/relax.js';
import { deviationOf } from './outlines/deviation.js';
import { outlinesOf } from './outlines/outline.js';
import { untangle } from './outlines/untangle.js';
import type { Ring } from './parts/chain.js';
import { clearCuts, ringOnLoop } from './parts/cuts.js';
import { ringsOf } from './parts/parts.js';
import { type LoopSequence, type Placement, placeAnchors } from './points/anchors.js';
import { correspond, type MotionAt } from './points/correspond.js';
import { settleAnchors } from './points/settle.js';
import { checkShapeSettings, type ShapeSettings } from './settings.js';
import type { ShapeStatistics } from './statistics.js';

/** Shapes of one object, in the order they are painted in, with what they came to. */
export interface FittedShapes {
  readonly shapes: readonly Shape[];
  readonly statistics: readonly ShapeStatistics[];
  /** Where regions came, went, split, merged or could not be carried on; `region` is the number in the shapes' names. */
  readonly events: readonly RegionEvent[];
  /** Islands and holes left out because they are smaller than the settings ask for, counted over all frames. */
  readonly leftOut: number;
  /** Ids of edited shapes that stayed whole as they were, because the mattes no longer have them on all edited frames. */
  readonly asTheyWere: readonly string[];
}

/** How things move between two frames of the clip, if anybody knows: an engine's optical flow. */
export type MotionBetween = (from: FrameIndex, to: FrameIndex) => MotionAt | undefined;

/** What fitting may be told. */
export interface FitOptions {
  /** What shapes are called: `NAME 1`, `NAME 1b` for a part, `NAME 2 hole`. */
  readonly name: string;
  readonly settings: ShapeSettings;
  /** Shapes of an earlier fit: their edited keys are kept, point by point, and everything around them is fitted to fit them. */
  readonly earlier?: readonly Shape[];
  readonly motion?: MotionBetween;
  readonly signal?: AbortSignal;
}

/**
 * Turns the mattes of an object into shapes. Mattes are handed over one by one, in order; only their contours are kept.
 */
export class ShapeFitter {
  readonly #options: FitOptions;
  readonly #table = new RegionTable();
  #leftOut = 0;
  #last = -1;

  /** @throws RangeError for settings out of range. */
  constructor(options: FitOptions) {
    checkShapeSettings(options.settings);
    this.#options = options;
  }

  /** Takes the matte of the next frame. @throws RangeError when frames do not ascend. */
  add(frame: FrameIndex, mask: SoftMask): void {
    if (frame <= this.#last) throw new RangeError(`frames must ascend, got ${frame} after ${this.#last}`);
    this.#last = frame;
    const { error, smallest } = this.#options.settings;
    const all = contoursOf(mask);
    const contours = all.filter((c) => Math.abs(c.area) >= smallest);
    this.#leftOut += all.length - contours.length;
    const found = contours.map((contour) => {
      const loop = loopOf(contour, Math.max(1, error));
      return { contour, loop, softness: softnessAlong(loop, mask) };
    });
    this.#table.add(frame, found);
  }

  /** Fits everything that was handed over: yields after each region, so that the caller can breathe or stop. */
  *fit(): Generator<{ readonly region: number; readonly of: number }, FittedShapes> {
    const { regions, events } = this.#table;
    const fitted: FittedRegion[] = [];
    for (const [n, region] of regions.entries()) {
      this.#options.signal?.throwIfAborted();
      fitted.push(fitRegion(region, this.#options));
      yield { region: n + 1, of: regions.length };
    }
    // What lies inside something else is smaller: painting the larger first puts holes and islands in holes on top.
    const ordered = fitted.sort((a, b) => b.area - a.area).flatMap((f) => f.shapes);
    const kept = keepEdited(ordered, this.#options.earlier ?? []);
    return {
      ...kept,
      events: [...events, ...fitted.flatMap((f) => f.changes)].sort((a, b) => a.frame - b.frame),
      leftOut: this.#leftOut,
    };
  }
}

interface FittedRegion {
  readonly area: number;
  readonly shapes: readonly FittedShape[];
  readonly changes: readonly RegionEvent[];
}

const meanArea = ({ on }: Region) => on.reduce((s, o) => s + Math.abs(o.loop.contour.area), 0) / on.length;

/** Stretches of frames without a gap, as positions in `on`. */
function runsOf({ on }: Region): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  on.forEach((o, i) => {
    if (i && o.frame === on[i - 1].frame + 1) runs[runs.length - 1][1] = i;
    else runs.push([i, i]);
  });
  return runs;
}

/** Fits one region; where no cut does for all its frames, its life is divided and each stretch fitted for itself. */
function fitRegion(region: Region, options: FitOptions): FittedRegion {
  const { motion } = options;
  const loops = region.on.map((o) => o.loop);
  const links = loops.slice(1).map((l, i) => {
    return correspond(loops[i], l, motion?.(region.on[i].frame, region.on[i + 1].frame));
  });
  const changes: RegionEvent[] = [];
  const shapes: FittedShape[] = [];
  const plan = (a: number, b: number): Stretch | undefined => {
    const part = { ...region, on: region.on.slice(a, b) };
    const since = a > 0 ? region.on[a].frame : undefined;
    return planStretch(part, { loops: loops.slice(a, b), links: links.slice(a, b - 1) }, options, since);
  };
  for (const stretch of stretchesOf(loops.length, plan)) {
    shapes.push(...fitStretch(stretch, options));
    const { since: frame } = stretch;
    if (frame !== undefined) changes.push({ frame, kind: 'changed', region: region.id, of: region.id });
  }
  return { area: meanArea(region), shapes, changes };
}

/** Stretches that can be planned: halved until they can be, then joined with the next as long as they still can. */
function stretchesOf(frames: number, plan: (a: number, b: number) => Stretch | undefined): readonly Stretch[] {
  const done: { readonly a: number; readonly b: number; readonly stretch: Stretch }[] = [];
  const open: (readonly [number, number])[] = [[0, frames]];
  const failed = new Set<string>();
  for (let span = open.pop(); span; span = open.pop()) {
    const [a, b] = span;
    const stretch = plan(a, b);
    const middle = (a + b) >> 1;
    if (!stretch) {
      failed.add(`${a}-${b}`);
      open.push([middle, b], [a, middle]);
    } else {
      const last = done[done.length - 1];
      const joined = last && !failed.has(`${last.a}-${b}`) ? plan(last.a, b) : undefined;
      if (joined) done[done.length - 1] = { a: last.a, b, stretch: joined };
      else done.push({ a, b, stretch });
    }
  }
  return done.map((d) => d.stretch);
}

/** Points and parts of a region over a stretch of its life. */
interface Stretch {
  readonly region: Region;
  readonly loops: readonly Loop[];
  readonly placement: Placement;
  readonly rings: readonly Ring[];
  /** Where its life was divided: the frame that this stretch begins on. */
  readonly since: FrameIndex | undefined;
}

/** Points and parts that do for all frames of a region; undefined where there are none. */
function planStretch(
  region: Region,
  seq: LoopSequence,
  { settings, earlier = [] }: FitOptions,
  since: FrameIndex | undefined,
): Stretch | undefined {
  const { loops } = seq;
  const most = settings.parts ? PARTS * settings.points : settings.points;
  const least = editedPoints(`${region.id}${suffixOf(since)}`, earlier);
  const placement = placeAnchors(seq, { error: settings.error, least, most, room: settings.room });
  const rings = ringsOf(loops, placement, settings.points, loops.length < SHORTEST);
  return rings && { region, loops, placement, rings, since };
}

const suffixOf = (since: FrameIndex | undefined): string => (since === undefined ? '' : `-${since}`);

/** The shapes of a stretch. */
function fitStretch(
  { region, loops, placement: planned, rings, since }: Stretch,
  { name, settings, earlier = [] }: FitOptions,
): readonly FittedShape[] {
  const placement = settleAnchors(loops, settings.error, planned);
  const runs = runsOf(region);
  return rings.map((ring, n) => {
    const part = rings.length > 1 ? partLetter(n) : '';
    const label = `${region.id}${part}${suffixOf(since)}`;
    let drawn = drawRing(ring, loops, placement, settings.error);
    const { first } = editedKeys(label, drawn.outlines, region, earlier);
    // Points that a hand has moved keep their numbers, as long as none are put between them.
    if (first) drawn = drawRing([...ring.slice(first), ...ring.slice(0, first)], loops, placement, settings.error);
    const { at, bends, kinds, outlines, corners } = drawn;
    const edited = editedKeys(label, outlines, region, earlier);
    const held = new Set(edited.on.keys());
    const crossing = new Set<number>();
    const full: TracedShape = {
      ...{ loops, placement: at, kinds, bends, crossing },
      outlines: outlines.map((outline, i) => edited.on.get(i)?.outline.slice() ?? outline),
    };
    full.outlines.forEach((outline, i) => {
      if (held.has(i)) return;
      bends[i] = clearCuts(outline, bends[i], loops[i]);
      const now = traced(full, outline, i);
      if (!untangle(now, settings.error) && !untangle(now, settings.keyError)) crossing.add(i);
    });
    const { keys, outlines: moved } = reduce(full, runs, settings.keyError, held);
    const shape: Shape = {
      id: label,
      name: `${name} ${label}${region.hole ? ' hole' : ''}`,
      mode: region.hole ? 'subtract' : 'add',
      corners,
      visible: runs.map(([a, b]): FrameRange => frameRange(region.on[a].frame, region.on[b].frame + 1)),
      keys: keys.map((k): ShapeKey => {
        const feather = edited.on.get(k)?.feather ?? featherOf(region.on[k].softness, at[k]);
        return { frame: region.on[k].frame, outline: moved[k], feather, edited: held.has(k) };
      }),
    };
    const statistics = measure(label, region, { ...full, outlines: moved }, keys, held);
    return { shape, statistics: { ...statistics, edited: held.size, inserted: edited.inserted } };
  });
}

/** The points and outlines of one shape on every loop. */
function drawRing(ring: Ring, loops: readonly Loop[], placement: Placement, error: number) {
  const placed = placement.map((a, f) => ringOnLoop(a, ring, loops[f]));
  const at = placed.map((p) => p.at);
  const kinds = ring.map((p) => p.kind);
  return { at, kinds, bends: placed.map((p) => p.bends), ...outlinesOf(loops, at, kinds, SMOOTH * error) };
}

/** Stretches of fewer frames are not divided any more: there the best cut is taken, even where it leaves the object. */
const SHORTEST = 3;
/** A region is divided into at most this many times the points of one shape. */
const PARTS = 16;
/** Smooth points are asked for as long as this share of the error is kept. */
const SMOOTH = 0.85;

const partLetter = (n: number): string =>
  (n >= 26 ? partLetter(Math.floor(n / 26) - 1) : '') + 'abcdefghijklmnopqrstuvwxyz'[n % 26];

/** Keys for each stretch without a gap: the fewest by dynamic programming, then those that neighbours can stand in for. */
function reduce(
  shape: TracedShape,
  runs: readonly (readonly [number, number])[],
  limit: number,
  held: ReadonlySet<number>,
) {
  const outlines = [...shape.outlines];
  if (limit === 0) return { keys: outlines.map((_, i) => i), outlines };
  const keys: number[] = [];
  const scratch = new Float64Array(outlines[0].length);
  for (const [a, b] of runs) {
    const run: TracedShape = {
      kinds: shape.kinds,
      loops: shape.loops.slice(a, b + 1),
      placement: shape.placement.slice(a, b + 1),
      outlines: outlines.slice(a, b + 1),
      bends: shape.bends.slice(a, b + 1),
      crossing: new Set([...shape.crossing].filter((f) => f >= a && f <= b).map((f) => f - a)),
    };
    const fits = (i: number, j: number) => {
      for (let f = i + 1; f < j; f++) {
        between(run.outlines[i], run.outlines[j], (f - i) / (j - i), scratch);
        if (!isFit(run, scratch, f, limit)) return false;
      }
      return true;
    };
    const here = new Set([...held].filter((k) => k >= a && k <= b).map((k) => k - a));
    const fewest = fewestKeys(b - a + 1, here, fits);
    const merged = mergeKeys(run, fewest, here, limit);
    for (const k of merged.keys) {
      keys.push(a + k);
      outlines[a + k] = merged.outlines[k];
    }
  }
  return { keys, outlines };
}

/** Softness around each anchor: the mean over a few samples to each side. */
function featherOf(softness: Float32Array, at: Int32Array): Float64Array {
  return Float64Array.from(at, (k) => {
    let sum = 0;
    for (let d = -6; d <= 6; d += 3) sum += softness[wrap(k + d, softness.length)];
    return sum / 5;
  });
}

function measure(
  id: string,
  region: Region,
  shape: TracedShape,
  keys: readonly number[],
  held: ReadonlySet<number>,
): Omit<ShapeStatistics, 'edited' | 'inserted'> {
  const scratch = new Float64Array(shape.kinds.length * PER_POINT);
  let [worst, worstFrame] = [0, region.on[0].frame];
  let [k, crossing] = [0, 0];
  region.on.forEach(({ frame }, i) => {
    // What a hand put somewhere is not measured against the matte.
    if (held.has(i)) return;
    while (k + 1 < keys.length && keys[k + 1] <= i) k++;
    const [a, b] = [keys[k], keys[k + 1] ?? keys[k]];
    if (a === i || a === b) scratch.set(shape.outlines[a]);
    else between(shape.outlines[a], shape.outlines[b], (i - a) / (b - a), scratch);
    const d = deviationOf(traced(shape, scratch, i), worst);
    if (d > worst) [worst, worstFrame] = [d, frame];
    if (crossesItself(scratch)) crossing++;
  });
  return {
    shape: id,
    points: shape.kinds.length,
    keys: keys.length,
    frames: region.on.length,
    worst,
    worstFrame,
    crossing,
  };
}
