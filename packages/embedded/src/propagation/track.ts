import type { TrackSignals, TrackStart } from '@rotokit/core/ports';
import { emptyMask, type FrameIndex, type ObjectId, type SoftMask } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import type { FrameView } from '../evidence/frame-view.js';
import { type Evidence, type EvidenceScope, gatherEvidence } from '../evidence/gather.js';
import { movedRegion } from '../evidence/region.js';
import type { FlowPair } from '../flow/types.js';
import { beginMemory } from '../memory/begin.js';
import { observed, unseen } from '../memory/motion-prior.js';
import { forgetPlace, type ObjectMemory } from '../memory/object-memory.js';
import { remember } from '../memory/remember.js';
import { resumeMemory } from '../memory/resume.js';
import { shapeOf } from '../memory/shape.js';
import type { Affine } from '../primitives/affine.js';
import { type Decision, decide } from './decide.js';
import type { Fuser } from './fuser.js';
import { cutNative } from './native-cut.js';
import { type SearchPlan, searchEverywhere, searchObject, searchPlan } from './search.js';
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
/** In another shot the object is looked for on its first frame and then on every so manieth. */
const SEARCH_ELSEWHERE_EVERY = 5;

type Outcome =
  | { readonly kind: 'seen'; readonly decision: Decision; readonly evidence: Evidence }
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
    return this.#outcome.kind === 'missing' ? null : this.#outcome.decision;
  }

  /** First half of a step: finds out where the object is on the half grid. */
  look(step: Step): void {
    this.#outcome = this.#memory ? this.#find(this.#memory, step) : { kind: 'missing' };
  }

  /** Second half, after sharing: the native mask, and what is remembered. */
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
    const { decision } = outcome;
    const mask = cutNative(this.#bench, step.view.native, decision);
    if (outcome.kind === 'found') {
      resumeMemory(this.#bench, memory, step.view.lab, decision);
      const certainty = certaintyOf(decision);
      return { mask, signals: { score: certainty * 0.5, certainty, state: 'found' } };
    }
    const { warped } = outcome.evidence;
    const expected = memory.areaReference;
    remember(this.#bench, memory, step.view.lab, decision, warped);
    const { width, height } = this.#bench.grids.half;
    memory.prior = observed(memory.prior, memory.shape, step.camera, width, height);
    return { mask, signals: trackedSignals(decision, warped.agreement, memory.shape.area, expected) };
  }

  #find(memory: ObjectMemory, step: Step): Outcome {
    if (step.passage === 'back' && this.#away !== null) this.#away = null;
    else if (step.passage !== 'same') this.#away = 0;
    if (this.#away !== null) return this.#findElsewhere(memory, step, this.#away);
    const { half } = this.#bench.grids;
    if (this.#lost === 0) {
      const seen = this.#follow(memory, step);
      if (seen) return seen;
      forgetPlace(memory, half);
    }
    memory.prior = unseen(memory.prior, step.camera, half.width, half.height);
    return this.#search(memory, step, searchPlan(memory, this.#lost + 1));
  }

  #findElsewhere(memory: ObjectMemory, step: Step, framesAway: number): Outcome {
    if (framesAway % SEARCH_ELSEWHERE_EVERY !== 0) return { kind: 'missing' };
    const still = { ...memory, prior: { ...memory.prior, vx: 0, vy: 0 } };
    return this.#search(still, step, searchEverywhere(this.#bench.grids.half));
  }

  #search(memory: ObjectMemory, { view, flow, camera }: Step, plan: SearchPlan): Outcome {
    const decision = searchObject(this.#bench, memory, view.lab, flow.backward, camera, plan, null);
    return decision ? { kind: 'found', decision } : { kind: 'missing' };
  }

  /** Follows the object from the last frame; `null` when too little of it is left. */
  #follow(memory: ObjectMemory, step: Step): Outcome | null {
    const bench = this.#bench;
    const { half } = bench.grids;
    const region = movedRegion(memory.pixels.inside, memory.bounds, step.flow.forward, half);
    if (!region) return null;
    const scope: EvidenceScope = this.#observe ? 'region' : this.#fuser.scope;
    const evidence = gatherEvidence(bench, memory, step.view, step.flow, region, scope);
    const usual = memory.prior.area;
    if (!evidence.warped.shape || evidence.warped.shape.area < Math.min(8, LOST_PART * usual)) return null;
    this.#observe?.({ frame: step.view.index, object: this.object, evidence });
    const decision = decide(bench, bench.planes, this.#fuser, evidence, usual);
    const area = shapeOf(decision.inside, region)?.area ?? 0;
    if (area < Math.max(Math.min(LOST_AREA, 0.5 * usual), LOST_PART * usual)) return null;
    return { kind: 'seen', decision, evidence };
  }
}
