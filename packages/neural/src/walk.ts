import type { FrameSource, Propagation, TrackedFrame, TrackSignals } from '@rotokit/core/ports';
import { prefetch } from '@rotokit/core/resources';
import { resolveOverlap } from '@rotokit/core/tracking';
import { type FrameIndex, type ObjectId, sameSize } from '@rotokit/core/values';
import { blaming } from './blame.js';
import type { BankView } from './memory/view.js';
import type { VideoModel } from './model/video-model.js';
import { encoderInput } from './picture/input.js';
import { decidedness, maskOfLogits, modelMask } from './picture/masks.js';
import type { LogitTrail } from './tracking/logit-trail.js';
import type { Answer, VideoTracker } from './tracking/tracker.js';

/** What a walk works with. */
export interface WalkTools {
  readonly engine: string;
  readonly source: FrameSource;
  readonly model: VideoModel;
  /** Without objects; the walk's own. */
  readonly tracker: VideoTracker;
  readonly trail: LogitTrail;
  readonly observe?: ((view: BankView) => void) | undefined;
  /** Frames to prepare while one is worked on: 1 unless given. */
  readonly ahead?: number | undefined;
}

/** @throws RangeError for an object that occurs twice, a mask of another size, or a frame that is none. */
export function checkPropagation({ objects, from, to }: Propagation, source: FrameSource): void {
  for (const [name, frame] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!Number.isInteger(frame) || frame < 0)
      throw new RangeError(`propagation.${name} must be a frame index, got ${frame}`);
  const { size } = source.info;
  const seen = new Set<ObjectId>();
  for (const { object, mask } of objects) {
    if (seen.has(object)) throw new RangeError(`propagation.objects: ${object} occurs twice`);
    seen.add(object);
    if (!sameSize(mask.size, size))
      throw new RangeError(
        `propagation.objects: the mask of ${object} has ${mask.size.width}x${mask.size.height}, the clip ${size.width}x${size.height}`,
      );
  }
}

/** Makes the given masks what is remembered of the first frame. */
async function begin({ source, tracker, model, engine }: WalkTools, task: Propagation, step: 1 | -1): Promise<void> {
  const { from, objects, signal } = task;
  const side = model.config.imageSize;
  const first = await source.read(from);
  const prepared = tracker.prepare(from, () => encoderInput(first.picture, side));
  for (const { object, mask } of objects) {
    signal?.throwIfAborted();
    tracker.add(object);
    const at = { frame: from, step, picture: prepared, signal } as const;
    await blaming({ engine, frame: from, object, signal }, () =>
      tracker.prompt(object, { kind: 'mask', mask: modelMask(mask, side) }, at),
    );
  }
}

/** The frames of a walk with their features, the next `ahead` of them being prepared while one is worked on. */
async function* framesOf(tools: WalkTools, task: Propagation, step: 1 | -1) {
  const { source, tracker, model, ahead = 1 } = tools;
  const { from, to, objects, signal } = task;
  const [start, end] = (step > 0 ? [from + 1, to + 1] : [to, from]) as [FrameIndex, FrameIndex];
  const frames = source.frames({ start, end }, { step, ...(signal && { signal }) })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await frames.next();
    if (done) return undefined;
    const prepared = tracker.prepare(value.index, () => encoderInput(value.picture, model.config.imageSize));
    if (ahead > 0 && objects.length > 0 && !signal?.aborted) prepared.begin();
    return { frame: value.index, prepared };
  };
  const range = Array.from({ length: end - start }, (_, i) => i);
  try {
    for await (const frame of prefetch(range, next, { ahead, ...(signal && { signal }) })) if (frame) yield frame;
  } finally {
    await frames.return?.();
  }
}

/**
 * Follows masks frame by frame. The picture is encoded once for all objects; each object is attended to and decoded on its own. While the runtime
 * works on a frame, the next one is decoded, stretched and waits to be encoded, so that the runtime is not kept waiting and leaving costs one
 * frame's work at most.
 */
export async function* walk(tools: WalkTools, task: Propagation): AsyncGenerator<TrackedFrame> {
  const { tracker, trail, observe } = tools;
  const { from, to, signal } = task;
  signal?.throwIfAborted();
  if (to === from) return;
  const step = to > from ? 1 : -1;
  await begin(tools, task, step);
  const hidden = new Set<ObjectId>();
  for await (const { frame, prepared } of framesOf(tools, task, step)) {
    const answers = await tracker.track({ frame, step, picture: prepared, signal });
    for (const a of answers) trail.put(a.object, frame, a.logits);
    if (observe) for (const o of tracker.objects) observe(tracker.view(o)!);
    signal?.throwIfAborted();
    yield trackedFrame(tools, task, frame, answers, hidden);
    signal?.throwIfAborted();
  }
}

function trackedFrame(
  { source, model }: WalkTools,
  task: Propagation,
  frame: FrameIndex,
  answers: readonly Answer[],
  hidden: Set<ObjectId>,
): TrackedFrame {
  const { size } = source.info;
  const masks = answers.map((a) => maskOfLogits(a.logits, model.side, size));
  const claims = task.objects.map(({ object, priority }, i) => ({ object, priority, mask: masks[i]! }));
  const apart = task.overlap === 'exclusive' ? resolveOverlap(claims) : masks;
  const objects = answers.map((answer, i) => {
    const signals = signalsOf(answer, hidden.has(answer.object));
    if (answer.facts.present) hidden.delete(answer.object);
    else hidden.add(answer.object);
    return { object: answer.object, mask: apart[i]!, signals };
  });
  return { frame, objects };
}

/** How sure: estimated IoU times the probability that the object is there. */
function signalsOf({ facts, logits }: Answer, wasHidden: boolean): TrackSignals {
  if (!facts.present) return { score: 0, state: 'searching' };
  const score = Math.min(1, Math.max(0, facts.iou)) / (1 + Math.exp(-facts.objectScore));
  return { score, certainty: decidedness(logits), state: wasHidden ? 'found' : 'tracked' };
}
