import type { TrackSignals, TrackStart } from '@rotokit/core/ports';
import { emptyMask, type FrameIndex, type ObjectId, type SoftMask } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import type { FrameView } from '../evidence/frame-view.js';
import { type Evidence, gatherEvidence } from '../evidence/gather.js';
import { movedRegion } from '../evidence/region.js';
import type { FlowPair } from '../flow/types.js';
import { beginMemory } from '../memory/begin.js';
import { isRemnant, observed, unseen } from '../memory/motion-prior.js';
import { forgetPlace, type ObjectMemory } from '../memory/object-memory.js';
import { remember } from '../memory/remember.js';
import { resumeMemory } from '../memory/resume.js';
import { shapeOf } from '../memory/shape.js';
import type { Affine } from '../primitives/affine.js';
import { type Decision, decide, markInside } from './decide.js';
import type { Fuser } from './fuser.js';
import { type Followed, join } from './join.js';
import { likeness } from './likeness.js';
import { cutNative } from './native-cut.js';
import { type SearchPlan, searchAround, searchEverywhere, searchObject, searchRest } from './search.js';
import type { Passage } from './shots.js';
import { certaintyOf, trackedSignals } from './signals.js';

/** A step of the walk as every object sees it. */
export interface Step {
  readonly view: FrameView;
  readonly flow: FlowPair;
  /** Backward motion of the whole picture. */
  readonly camera: Affine | null;
  readonly passage: Passage['kind'];
}

/** What is told about the evidence of one object on one frame, for gathering training data. */
export interface Observation {
  readonly frame: FrameIndex;
  readonly object: ObjectId;
  readonly evidence: Evidence;
}

/** Below these an object counts as lost: absolutely (unless it was always small) and as a part of its usual area. */
const LOST_AREA = 15;
const LOST_PART = 0.12;
/** A remnant unlike the object is let go after so many frames in a row: sooner would be rash, a limb may be all there is. */
const UNLIKE_FRAMES = 4;
/** In another shot the object is looked for on its first frame and then on every so manieth. */
const SEARCH_ELSEWHERE_EVERY = 5;

type Outcome =
  | { readonly kind: 'seen'; readonly followed: Followed; readonly growth: number }
  | { readonly kind: 'found'; readonly decision: Decision }
  | { readonly kind: 'missing' };

/** One object on its way through a clip: its memory, and what was decided on the frame at work. */
export class Track {
  readonly object: ObjectId;
  readonly priority: number;
  readonly #bench: Bench;
  readonly #fuser: Fuser;
  readonly #observe: ((o: Observation) => void) | undefined;
  readonly #memory: ObjectMemory | null;
  /** Frames in a row on which only a remnant unlike the object was seen. */
  #unlike = 0;
  /** Frames since it was last seen; 0 while it is. */
  #lost = 0;
  /** Frames since a cut took it away; `null` while there was none. Meanwhile the memory of its place is kept. */
  #away: number | null = null;
  #outcome: Outcome = { kind: 'missing' };

  constructor(bench: Bench, fuser: Fuser, start: TrackStart, view: FrameView, observe?: (o: Observation) => void) {
    this.object = start.object;
    this.priority = start.priority;
    this.#bench = bench;
    this.#fuser = fuser;
    this.#observe = observe;
    this.#memory = beginMemory(bench, view.lab, start.mask);
  }

  /** What was decided on this frame, before others claim their share; `null` when the object is not seen. */
  get decision(): Decision | null {
    const o = this.#outcome;
    return o.kind === 'missing' ? null : o.kind === 'seen' ? o.followed.decision : o.decision;
  }

  /** First part of a step: follows the object from the last frame onto the half grid of this one. */
  follow(step: Step): void {
    this.#outcome = { kind: 'missing' };
    const memory = this.#memory;
    if (!memory) return;
    if (step.passage === 'back' && this.#away !== null) this.#away = null;
    else if (step.passage !== 'same') this.#away = 0;
    if (this.#away !== null || this.#lost > 0) return;
    const seen = this.#follow(memory, step);
    if (seen) this.#outcome = seen;
    else {
      this.#unlike = 0;
      forgetPlace(memory, this.#bench.grids.half);
    }
  }

  /** Second part: looks for the object, or for the rest of it, where others (`taken`, half grid) are not. */
  search(step: Step, taken: Uint8Array | null): void {
    const memory = this.#memory;
    const outcome = this.#outcome;
    if (!memory) return;
    const { half } = this.#bench.grids;
    if (outcome.kind === 'seen') {
      const { decision } = outcome.followed;
      const area = shapeOf(decision.inside, decision.region)?.area ?? 0;
      if (!isRemnant(memory.prior, area)) return;
      const plane = this.#bench.planes.bytes('track.taken', half.width * half.height);
      if (taken) plane.set(taken);
      else plane.fill(0);
      markInside(decision, plane, half.width);
      const rest = this.#search(memory, step, searchRest(unseen(memory.prior, step.camera, half), area), plane);
      if (rest) this.#outcome = { ...outcome, followed: join(outcome.followed, rest) };
      return;
    }
    const decision =
      this.#away === null ? this.#searchNear(memory, step, taken) : this.#searchElsewhere(memory, step, taken);
    if (decision) this.#outcome = { kind: 'found', decision };
  }

  /** Last part, after sharing: the native mask, and what is remembered. */
  settle(step: Step): { readonly mask: SoftMask; readonly signals: TrackSignals } {
    const memory = this.#memory;
    const outcome = this.#outcome;
    if (!memory || outcome.kind === 'missing') {
      if (this.#away === null) this.#lost++;
      else this.#away++;
      const state = this.#away === null ? 'searching' : 'cut';
      return { mask: emptyMask(this.#bench.grids.native), signals: { score: 0, state } };
    }
    this.#lost = 0;
    // Velocity in another shot is unknown.
    if (this.#away !== null) memory.prior = { ...memory.prior, vx: 0, vy: 0 };
    this.#away = null;
    if (outcome.kind === 'found') {
      const { decision } = outcome;
      const mask = cutNative(this.#bench, step.view.native, decision);
      resumeMemory(this.#bench, memory, step.view.lab, decision);
      const certainty = certaintyOf(decision);
      return { mask, signals: { score: certainty * 0.5, certainty, state: 'found' } };
    }
    const { followed, growth } = outcome;
    const mask = cutNative(this.#bench, step.view.native, followed.decision);
    const expected = memory.areaReference;
    remember(this.#bench, memory, step.view.lab, followed.decision, followed);
    memory.prior = observed(memory.prior, memory.shape, step.camera, growth, this.#bench.grids.half);
    return { mask, signals: trackedSignals(followed.decision, followed.agreement, memory.shape.area, expected) };
  }

  #searchNear(memory: ObjectMemory, step: Step, taken: Uint8Array | null): Decision | null {
    memory.prior = unseen(memory.prior, step.camera, this.#bench.grids.half);
    return this.#search(memory, step, searchAround(memory.prior, this.#lost + 1), taken);
  }

  #searchElsewhere(memory: ObjectMemory, step: Step, taken: Uint8Array | null): Decision | null {
    if ((this.#away ?? 0) % SEARCH_ELSEWHERE_EVERY !== 0) return null;
    const still = { ...memory, prior: { ...memory.prior, vx: 0, vy: 0 } };
    return this.#search(still, step, searchEverywhere(this.#bench.grids.half, memory.prior), taken);
  }

  #search(memory: ObjectMemory, step: Step, plan: SearchPlan, taken: Uint8Array | null): Decision | null {
    return searchObject(this.#bench, memory, step.view.lab, step.flow.backward, step.camera, plan, taken);
  }

  /** Follows the object from the last frame; `null` when too little of it is left, or what is left is not it. */
  #follow(memory: ObjectMemory, step: Step): Outcome | null {
    const bench = this.#bench;
    const { half } = bench.grids;
    const region = movedRegion(memory.pixels.inside, memory.bounds, step.flow.forward, half);
    if (!region) return null;
    const evidence = gatherEvidence(bench, memory, step.view, step.flow, region);
    const { warped } = evidence;
    const usual = memory.prior.area;
    if (!warped.shape || warped.shape.area < Math.min(8, LOST_PART * usual)) return null;
    this.#observe?.({ frame: step.view.index, object: this.object, evidence });
    const decision = decide(bench, bench.planes, this.#fuser, evidence, usual);
    const area = shapeOf(decision.inside, region)?.area ?? 0;
    if (area < Math.max(Math.min(LOST_AREA, 0.5 * usual), LOST_PART * usual)) return null;
    const unlike = isRemnant(memory.prior, area) && likeness(decision, evidence, memory.prior) < 0;
    this.#unlike = unlike ? this.#unlike + 1 : 0;
    if (this.#unlike >= UNLIKE_FRAMES) return null;
    const { label, confidence, agreement } = warped;
    return { kind: 'seen', followed: { decision, label, confidence, agreement }, growth: evidence.growth };
  }
}
