import type { EngineSession, TrackSignals } from '../ports/index.js';
import { memoryScratch, type Scratch } from '../resources/index.js';
import { decodeMask, encodeMask, type FrameIndex, type ObjectId, type SoftMask } from '../values/index.js';
import { type BlendedAnswer, blendAnswers } from './blend.js';
import { type Confidence, confidenceOf, type Doubt, doubtOf } from './doubt.js';
import { resolveOverlap } from './overlap.js';
import type { Span, TrackPlan, TrackStep } from './plan.js';
import type { ConfidenceSettings } from './settings.js';
import type { AnchorMark } from './spans.js';
import { type WalkAnswer, type WalkedFrame, walk } from './walk.js';

/** One object on one frame, done: nothing that happens later in the run changes it. */
export interface FinishedFrame {
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  readonly mask: SoftMask;
  /** What the engine said; between two anchors, about the answer that counts more. */
  readonly signals: TrackSignals;
  readonly confidence: Confidence;
  /** The span it belongs to, whose `basis` is to be stored with the mask. */
  readonly span: Span;
}

/** What a run needs beside its plan. */
export interface TrackOptions {
  /** The mask that was settled for an object on one of its anchor frames. */
  anchorMask(object: ObjectId, frame: FrameIndex): SoftMask | Promise<SoftMask>;
  /** Ends the run within one frame of the engine: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Where one walk between two anchors waits for the other; in memory, with a limit, when absent. */
  readonly scratch?: Scratch;
  /** Told after each frame the engine has walked, `plan.walked` times in all: for progress, as the first of two walks delivers nothing. */
  onWalked?(): void;
}

/**
 * Carries out a plan and delivers each missing frame of each object exactly once, done, in an order in which it can be
 * stored at once. Anchor frames are never delivered. Leaving the loop releases everything.
 *
 * A run that was interrupted is continued by planning again: its new plan holds the frames that are still missing, walks
 * start from the anchors again and only what is missing is delivered. An engine remembers more than its last mask, so
 * a walk that started from the last finished frame would give other masks than one that was never interrupted; this
 * way the bytes are the same, at the price of walking again through frames that are there already.
 * @throws the signal's reason; RotokitError ENGINE_FAILED or what else the engine refuses with; what `anchorMask` and
 * `scratch` throw.
 */
export async function* track(
  session: EngineSession,
  plan: TrackPlan,
  options: TrackOptions,
): AsyncGenerator<FinishedFrame> {
  options.signal?.throwIfAborted();
  const scratch = options.scratch ?? memoryScratch();
  try {
    for (const step of plan.steps) {
      const { left, right } = step.spans[0];
      if (left && right) yield* trackBetween(session, plan, step, { ...options, scratch });
      else yield* trackOneWay(session, plan, step, options);
    }
  } finally {
    await scratch.clear();
  }
}

/** Before the first anchor or behind the last: what the walk says is the result. */
async function* trackOneWay(session: EngineSession, plan: TrackPlan, step: TrackStep, options: TrackOptions) {
  for await (const { frame, answers } of walkFrom(session, plan, step, step.spans[0].left ? 'left' : 'right', options))
    yield* finished(step.spans, frame, answers);
}

/** Between two anchors: the walk from the left waits in the scratch for the one from the right, then they are blended. */
async function* trackBetween(
  session: EngineSession,
  plan: TrackPlan,
  step: TrackStep,
  options: TrackOptions & { readonly scratch: Scratch },
) {
  const { spans } = step;
  const { scratch } = options;
  const waiting = new Map<FrameIndex, readonly Omit<WalkAnswer, 'mask'>[]>();
  const wanted = (frame: FrameIndex) => spans.some((s) => s.missing.has(frame));
  const key = (frame: FrameIndex, i: number) => `${spans[i].object}/${frame}`;
  for await (const { frame, answers } of walkFrom(session, plan, step, 'left', options)) {
    if (!wanted(frame)) continue;
    waiting.set(
      frame,
      answers.map(({ signals, confidence }) => ({ signals, confidence })),
    );
    for (const [i, { mask }] of answers.entries()) await scratch.put(key(frame, i), encodeMask(mask));
  }
  for await (const { frame, answers } of walkFrom(session, plan, step, 'right', options)) {
    const there = waiting.get(frame);
    if (!there) continue;
    waiting.delete(frame);
    const both: WalkAnswer[] = [];
    for (const [i, back] of answers.entries()) {
      const mask = decodeMask(await scratch.take(key(frame, i)));
      both.push(between(spans[i], frame, { ...there[i], mask }, back, plan));
    }
    yield* finished(spans, frame, plan.overlap === 'exclusive' ? apart(spans, both) : both);
  }
}

async function* walkFrom(
  session: EngineSession,
  plan: TrackPlan,
  { spans, forwardTo, backwardTo }: TrackStep,
  side: 'left' | 'right',
  { anchorMask, signal, onWalked }: TrackOptions,
): AsyncGenerator<WalkedFrame> {
  const from = (spans[0][side] as AnchorMark).frame;
  const anchors: SoftMask[] = [];
  for (const s of spans) anchors.push(await anchorMask(s.object, from));
  const to = (side === 'left' ? forwardTo : backwardTo) as FrameIndex;
  for await (const walked of walk(session, plan, { spans, anchors, from, to }, signal)) {
    onWalked?.();
    yield walked;
  }
}

function* finished(
  spans: readonly Span[],
  frame: FrameIndex,
  answers: readonly WalkAnswer[],
): Generator<FinishedFrame> {
  for (const [i, span] of spans.entries())
    if (span.missing.has(frame)) yield { object: span.object, frame, ...answers[i], span };
}

/** The two directions' answers for one object on one frame as one. */
function between(span: Span, frame: FrameIndex, there: WalkAnswer, back: WalkAnswer, plan: TrackPlan): WalkAnswer {
  const { left, right } = span as { left: AnchorMark; right: AnchorMark };
  const blended = blendAnswers(
    { mask: there.mask, confidence: there.confidence.value, steps: frame - left.frame },
    { mask: back.mask, confidence: back.confidence.value, steps: right.frame - frame },
    plan.settings.blend,
  );
  return {
    mask: blended.mask,
    signals: blended.weight >= 0.5 ? there.signals : back.signals,
    confidence: jointConfidence(there.confidence, back.confidence, blended, plan.settings.confidence),
  };
}

/**
 * Each direction's doubts count as much as its answer does. That the two agree takes nothing from their doubts: both
 * make the same mistakes where an object is hard to tell from what is around it.
 */
function jointConfidence(
  there: Confidence,
  back: Confidence,
  { agreement, weight }: BlendedAnswer,
  settings: ConfidenceSettings,
): Confidence {
  const joint = new Map<Doubt['reason'], number>();
  for (const [doubts, share] of [
    [there.doubts, weight],
    [back.doubts, 1 - weight],
  ] as const)
    for (const { reason, doubt } of doubts) joint.set(reason, (joint.get(reason) ?? 0) + share * doubt);
  joint.set('direction-disagreement', doubtOf(agreement, settings.directions));
  return confidenceOf([...joint].map(([reason, doubt]) => ({ reason, doubt })));
}

/** Blending may let two objects meet that each walk had kept apart. */
function apart(spans: readonly Span[], answers: readonly WalkAnswer[]): WalkAnswer[] {
  const claims = spans.map((s, i) => ({ object: s.object, priority: s.priority, mask: answers[i].mask }));
  return resolveOverlap(claims).map((mask, i) => ({ ...answers[i], mask }));
}
