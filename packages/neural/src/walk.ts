import type { FrameSource, Propagation, TrackedFrame, TrackSignals } from '@rotokit/core/ports';
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

/** Follows masks frame by frame. The picture is encoded once for all objects; each object is attended to and decoded on its own. */
export async function* walk(tools: WalkTools, task: Propagation): AsyncGenerator<TrackedFrame> {
  const { source, tracker, model, engine, trail } = tools;
  const { from, to, objects, signal } = task;
  signal?.throwIfAborted();
  if (to === from) return;
  const step = to > from ? 1 : -1;
  const side = model.config.imageSize;
  const first = await source.read(from);
  const picture = () => encoderInput(first.picture, side);
  for (const { object, mask } of objects) {
    signal?.throwIfAborted();
    tracker.add(object);
    await blaming({ engine, frame: from, object, signal }, () =>
      tracker.prompt(object, { kind: 'mask', mask: modelMask(mask, side) }, { frame: from, step, picture, signal }),
    );
  }
  const hidden = new Set<ObjectId>();
  const range = (step > 0 ? { start: from + 1, end: to + 1 } : { start: to, end: from }) as {
    start: FrameIndex;
    end: FrameIndex;
  };
  for await (const { index, picture } of source.frames(range, { step, ...(signal && { signal }) })) {
    const at = { frame: index, step, picture: () => encoderInput(picture, side), signal } as const;
    const answers = await tracker.track(at);
    for (const a of answers) trail.put(a.object, index, a.logits);
    if (tools.observe) for (const o of tracker.objects) tools.observe(tracker.view(o)!);
    signal?.throwIfAborted();
    yield trackedFrame(tools, task, index, answers, hidden);
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
