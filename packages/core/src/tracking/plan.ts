import type { Engine } from '../ports/index.js';
import { type FrameIndex, type FrameRange, framesOf, type ObjectId } from '../values/index.js';
import { factsDigest } from './digest.js';
import { TRACK_DEFAULTS, type TrackSettings } from './settings.js';
import { type Bounds, boundsOf, type ObjectToTrack } from './spans.js';

/** What is to be tracked and what is there already. */
export interface TrackRequest {
  /** The frames that shall have a mask for every object. */
  readonly range: FrameRange;
  readonly objects: readonly ObjectToTrack[];
  readonly engine: Pick<Engine, 'name' | 'provenance'>;
  /** Whether one pixel may belong to two objects. */
  readonly overlap: 'exclusive' | 'allowed';
  /** The basis under which a frame of an object was tracked last; `undefined` where it was not. Asked once per frame. */
  tracked(object: ObjectId, frame: FrameIndex): string | undefined;
  /** Names the pictures, where the same project may come to lie over other ones. */
  readonly clip?: string;
  readonly settings?: TrackSettings;
}

/** One object's frames next to or between neighbouring anchors, as part of a plan. */
export interface Span extends Bounds {
  readonly object: ObjectId;
  readonly priority: number;
  /**
   * Digest of everything of its own that the frames follow from: the anchors, the engine, the settings. To be stored
   * with each frame: it is up to date as long as its span has this basis. Other objects are no part of it, so that
   * correcting one object never makes another one's masks stale, although they may have shared a walk.
   */
  readonly basis: string;
  /** The frames of the span that are not there yet, or stale. */
  readonly missing: ReadonlySet<FrameIndex>;
}

/**
 * Spans that begin and end on the same anchor frames and are walked together. One that misses nothing walks along when
 * others do, so that what they get does not depend on where an earlier run was interrupted.
 */
export interface TrackStep {
  readonly spans: readonly Span[];
  /** The last frame of the walk from the left anchor, and of that from the right one; absent where there is none. */
  readonly forwardTo: FrameIndex | undefined;
  readonly backwardTo: FrameIndex | undefined;
}

/** What has to be done so that every frame of a range has an up-to-date mask. Plain data. */
export interface TrackPlan {
  readonly steps: readonly TrackStep[];
  readonly engine: string;
  readonly overlap: 'exclusive' | 'allowed';
  readonly settings: TrackSettings;
  /** Spans that miss a frame: what an edit costs. */
  readonly stale: readonly Span[];
  /** Spans that miss nothing. */
  readonly current: readonly Span[];
  /** Objects that cannot be tracked because nothing was said about them yet. */
  readonly unanchored: readonly ObjectId[];
  /** Masks that will be delivered. */
  readonly frames: number;
  /** Frames that an engine will walk through for them. */
  readonly walked: number;
}

/**
 * Plans the tracking of a range: from anchors and from what is there to the walks that are missing. The order in which
 * objects and anchors are given does not matter.
 * @throws RangeError for an object that occurs twice and for two anchors of an object on one frame.
 */
export function planTracking(request: TrackRequest): TrackPlan {
  const { engine, overlap, settings = TRACK_DEFAULTS } = request;
  const objects = [...request.objects].sort((a, b) => b.priority - a.priority || (a.object < b.object ? -1 : 1));
  objects.forEach((o, i) => {
    if (objects.some((p, k) => k < i && p.object === o.object))
      throw new RangeError(`object ${o.object} is to be tracked twice in one plan`);
  });
  const spans = objects.flatMap((o) => spansOf(o, request, settings));
  const steps = [...groupByAnchors(spans).values()]
    .filter((group) => group.some((s) => s.missing.size))
    .map(stepOf)
    .sort((a, b) => a.spans[0].frames.start - b.spans[0].frames.start);
  const stale = spans.filter((s) => s.missing.size);
  return {
    steps,
    engine: engine.name,
    overlap,
    settings,
    stale,
    current: spans.filter((s) => !s.missing.size),
    unanchored: objects.filter((o) => !o.anchors.length).map((o) => o.object),
    frames: stale.reduce((n, s) => n + s.missing.size, 0),
    walked: steps.reduce((n, s) => n + stepLength(s), 0),
  };
}

function spansOf(o: ObjectToTrack, request: TrackRequest, settings: TrackSettings): Span[] {
  return boundsOf(o.object, o.anchors, request.range).map((bounds) => {
    const basis = basisOf(bounds, request, settings);
    const missing = new Set<FrameIndex>();
    for (const f of framesOf(bounds.frames)) if (request.tracked(o.object, f) !== basis) missing.add(f);
    return { ...bounds, object: o.object, priority: o.priority, basis, missing };
  });
}

/** The end of the range is left out: what lies behind an anchor stays valid when more of it is asked for. */
function basisOf({ left, right }: Bounds, request: TrackRequest, settings: TrackSettings): string {
  const { engine, overlap, clip = '' } = request;
  const provenance = Object.entries(engine.provenance).sort(([a], [b]) => (a < b ? -1 : 1));
  const side = (a: Bounds['left']) => (a ? [a.frame, a.digest] : ['-']);
  return factsDigest([
    'span 1',
    clip,
    engine.name,
    ...provenance.flat(),
    overlap,
    ...side(left),
    ...side(right),
    ...(left && right ? settingFacts(settings) : []),
  ]);
}

/** Every setting by its path, in an order that does not depend on how the object was put together. */
function settingFacts(part: object, path = ''): (string | number)[] {
  const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.flatMap(([key, v]) => (typeof v === 'object' ? settingFacts(v, `${path}${key}.`) : [path + key, v]));
}

function groupByAnchors(spans: readonly Span[]): Map<string, Span[]> {
  const groups = new Map<string, Span[]>();
  for (const s of spans) {
    const key = `${s.left?.frame ?? ''}-${s.right?.frame ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(s);
    else groups.set(key, [s]);
  }
  return groups;
}

function stepOf(spans: readonly Span[]): TrackStep {
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  for (const s of spans)
    for (const f of s.missing) {
      first = Math.min(first, f);
      last = Math.max(last, f);
    }
  return {
    spans,
    forwardTo: spans[0].left && (last as FrameIndex),
    backwardTo: spans[0].right && (first as FrameIndex),
  };
}

function stepLength({ spans, forwardTo, backwardTo }: TrackStep): number {
  const [{ left, right }] = spans;
  const there = left && forwardTo !== undefined ? forwardTo - left.frame : 0;
  return there + (right && backwardTo !== undefined ? right.frame - backwardTo : 0);
}
