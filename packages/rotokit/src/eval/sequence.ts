import {
  idealBox,
  idealClick,
  meanScore,
  type ReviewedFrame,
  type ReviewQuality,
  regionJ,
  reviewQuality,
  type SequenceScore,
  scoreFrame,
  scoreSequence,
} from '@rotokit/core/evaluation';
import type { Engine, EngineSession, FrameSource } from '@rotokit/core/ports';
import { maskDigest, needsReview, planTracking, track } from '@rotokit/core/tracking';
import {
  emptyMask,
  type FrameIndex,
  frameIndex,
  frameRange,
  MASK_HALF,
  maskToPlane,
  type ObjectId,
  objectId,
  type Prompt,
  type SoftMask,
} from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import { type DataSequence, readAnnotation } from './data-set.js';

/** What an ideal user gives on the first frame (clicks: on the centre of the largest error), or on several key frames. */
export const EVAL_PROMPTS = ['mask', 'click', '3clicks', 'box'] as const;
/** The name of a way to prompt. */
export type EvalPrompt = (typeof EVAL_PROMPTS)[number];

/** How a sequence is evaluated. */
export interface EvalChoices {
  readonly engine: Engine;
  readonly prompt: EvalPrompt;
  /** Frames with a given mask, evenly over the sequence; more than 1 only with `mask`. */
  readonly keyframes: 1 | 3 | 5;
  readonly signal?: AbortSignal;
  onFrame?(): void;
  onStart?(frames: number): void;
}

/** What came out for one sequence. */
export interface SequenceResult {
  readonly name: string;
  readonly frames: number;
  readonly objects: number;
  readonly score: SequenceScore;
  /** IoU of the first masks with the truth, mean over objects. */
  readonly firstIou: number;
  /** Milliseconds per tracked frame, decoding included, and of the first prompt. */
  readonly msPerFrame: number;
  readonly msFirst: number;
  /** Highest resident memory of the process so far, in MB. */
  readonly peakRss: number;
  readonly review: ReviewQuality;
  /** Pixels that belonged to two objects at half or above, over all frames: must be 0. */
  readonly overlapPixels: number;
  /** Frames on which an object matched another object's truth better than its own by 0.1 IoU and more. */
  readonly swaps: number;
}

type Truth = ReadonlyMap<ObjectId, SoftMask>;

/** Tracks one sequence from an ideal user's prompts and scores it by the DAVIS protocol. */
export async function evaluateSequence(sequence: DataSequence, choices: EvalChoices): Promise<SequenceResult> {
  const source = await openClip(sequence.pictures);
  try {
    const session = await choices.engine.open(source);
    try {
      return await evaluate(sequence, source, session, choices);
    } finally {
      await session.close();
    }
  } finally {
    await source.close();
  }
}

async function evaluate(
  sequence: DataSequence,
  source: FrameSource,
  session: EngineSession,
  choices: EvalChoices,
): Promise<SequenceResult> {
  const truth = await truths(sequence, source);
  const ids = [...(truth[0] as Truth).keys()];
  const frames = truth.length;
  const keys = keyFrames(frames, choices.keyframes);
  const started = performance.now();
  const anchors = new Map<string, SoftMask>();
  for (const id of ids) {
    for (const k of keys) anchors.set(`${id}/${k}`, await firstMask(session, id, k, truth[k] as Truth, choices));
  }
  const msFirst = performance.now() - started;
  const plan = planTracking({
    range: frameRange(0, frames),
    objects: ids.map((object) => ({
      object,
      priority: 0,
      anchors: keys.map((frame) => ({ frame, digest: maskDigest(anchors.get(`${object}/${frame}`) as SoftMask) })),
    })),
    engine: choices.engine,
    overlap: 'exclusive',
    tracked: () => undefined,
  });
  choices.onStart?.(plan.walked);
  const answers = ids.map(() => new Array<SoftMask | undefined>(frames));
  const flagged = ids.map(() => new Array<boolean>(frames).fill(false));
  const trackStart = performance.now();
  const run = track(session, plan, {
    anchorMask: (object, frame) => anchors.get(`${object}/${frame}`) as SoftMask,
    ...(choices.signal ? { signal: choices.signal } : {}),
    onWalked: () => choices.onFrame?.(),
  });
  for await (const { object, frame, mask, confidence } of run) {
    const at = ids.indexOf(object);
    (answers[at] as SoftMask[])[frame] = mask;
    (flagged[at] as boolean[])[frame] = needsReview({ object, frame, confidence });
  }
  const msPerFrame = (performance.now() - trackStart) / Math.max(1, plan.walked);
  for (const [i, id] of ids.entries())
    for (const k of keys) (answers[i] as SoftMask[])[k] = anchors.get(`${id}/${k}`) as SoftMask;
  return {
    name: sequence.name,
    frames,
    objects: ids.length,
    msPerFrame,
    msFirst,
    ...scores(ids, truth, answers as SoftMask[][], flagged, keys),
  };
}

async function truths(sequence: DataSequence, source: FrameSource): Promise<readonly Truth[]> {
  const count = Math.min(sequence.annotations.length, source.info.frames);
  const first = await readAnnotation(sequence.annotations[0] as string);
  const labels = [...first.keys()];
  const all: Truth[] = [];
  for (let t = 0; t < count; t++) {
    const masks = t ? await readAnnotation(sequence.annotations[t] as string) : first;
    all.push(
      new Map(labels.map((label) => [objectId(`label${label}`), masks.get(label) ?? emptyMask(source.info.size)])),
    );
  }
  return all;
}

/** `count` frames evenly from the first to the last; one is the first. */
function keyFrames(frames: number, count: number): FrameIndex[] {
  if (count === 1) return [frameIndex(0)];
  return Array.from({ length: count }, (_, i) => frameIndex(Math.round((i * (frames - 1)) / (count - 1))));
}

async function firstMask(
  session: EngineSession,
  object: ObjectId,
  frame: FrameIndex,
  truth: Truth,
  { prompt, signal }: EvalChoices,
): Promise<SoftMask> {
  const wanted = truth.get(object) as SoftMask;
  if (prompt === 'mask') return wanted;
  const ask = async (prompts: readonly Prompt[]) =>
    (await session.segment(frame, [{ object, prompts }], signal))[0] as SoftMask;
  if (prompt === 'box') {
    const box = idealBox(wanted);
    return box ? ask([box]) : emptyMask(wanted.size);
  }
  const clicks: Prompt[] = [];
  let mask = emptyMask(wanted.size);
  for (let n = prompt === 'click' ? 1 : 3; n > 0; n--) {
    const click = idealClick(wanted, mask);
    if (!click) break;
    clicks.push(click);
    mask = await ask(clicks);
  }
  return mask;
}

function scores(
  ids: readonly ObjectId[],
  truth: readonly Truth[],
  answers: readonly SoftMask[][],
  flagged: readonly boolean[][],
  keys: readonly FrameIndex[],
) {
  const perObject: SequenceScore[] = [];
  const reviewed: ReviewedFrame[] = [];
  let [swaps, overlapPixels, firstIou] = [0, 0, 0];
  for (const [i, id] of ids.entries()) {
    const mine = answers[i] as SoftMask[];
    const frames = truth.map((t, k) => scoreFrame(mine[k] as SoftMask, t.get(id) as SoftMask));
    perObject.push(
      scoreSequence(frames.filter((_, k) => k === 0 || k === frames.length - 1 || !keys.includes(frameIndex(k)))),
    );
    firstIou += (frames[0] as { j: number }).j / ids.length;
    for (const [k, t] of truth.entries()) {
      if (keys.includes(frameIndex(k))) continue;
      const { j } = frames[k] as { j: number };
      reviewed.push({ iou: j, flagged: (flagged[i] as boolean[])[k] as boolean });
      if (ids.some((other) => other !== id && regionJ(mine[k] as SoftMask, t.get(other) as SoftMask) >= j + 0.1))
        swaps++;
    }
  }
  for (const k of truth.keys()) overlapPixels += overlapOn(answers.map((a) => a[k] as SoftMask));
  return {
    score: meanScore(perObject),
    firstIou,
    swaps,
    overlapPixels,
    review: reviewQuality(reviewed),
    peakRss: process.resourceUsage().maxRSS / 1024,
  };
}

function overlapOn(masks: readonly SoftMask[]): number {
  if (masks.length < 2) return 0;
  const planes = masks.map((m) => maskToPlane(m));
  let shared = 0;
  for (let k = 0; k < (planes[0] as Uint16Array).length; k++) {
    let owners = 0;
    for (const p of planes) if ((p[k] as number) >= MASK_HALF) owners++;
    if (owners > 1) shared++;
  }
  return shared;
}
