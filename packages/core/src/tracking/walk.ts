import type { EngineSession, Propagation, TrackedFrame, TrackSignals } from '../ports/index.js';
import { type FrameIndex, isRotokitError, RotokitError, reasonOf, type SoftMask, sameSize } from '../values/index.js';
import { confidenceMeter } from './confidence.js';
import type { Confidence } from './doubt.js';
import type { Span, TrackPlan } from './plan.js';
import { type ObjectMask, takeovers } from './swap.js';

/** One object's answer on one frame of a walk. */
export interface WalkAnswer {
  readonly mask: SoftMask;
  readonly signals: TrackSignals;
  readonly confidence: Confidence;
}

/** The answers of a walk on one frame, in the order of its spans. */
export interface WalkedFrame {
  readonly frame: FrameIndex;
  readonly answers: readonly WalkAnswer[];
}

/** One direction of a step: from the anchors on `from` to the frame `to`, which may lie before them. */
export interface Walk {
  readonly spans: readonly Span[];
  /** The anchors' masks on `from`, one for each span. */
  readonly anchors: readonly SoftMask[];
  readonly from: FrameIndex;
  readonly to: FrameIndex;
}

/**
 * Lets an engine follow anchors in one direction and judges what it says, frame by frame.
 * @throws the signal's reason once it is aborted; RotokitError as the engine throws it, or ENGINE_FAILED for any other
 * error of the engine and for one that leaves out, repeats or reorders frames or objects.
 */
export async function* walk(
  session: EngineSession,
  plan: Pick<TrackPlan, 'engine' | 'overlap' | 'settings'>,
  { spans, anchors, from, to }: Walk,
  signal?: AbortSignal,
): AsyncGenerator<WalkedFrame> {
  const meters = anchors.map((mask) => confidenceMeter(mask, plan.settings.confidence));
  let before: readonly ObjectMask[] = spans.map((s, i) => ({ object: s.object, mask: anchors[i] }));
  const propagation: Propagation = {
    from,
    to,
    objects: spans.map((s, i) => ({ object: s.object, mask: anchors[i], priority: s.priority })),
    overlap: plan.overlap,
    ...(signal && { signal }),
  };
  const step = to < from ? -1 : 1;
  let expected = from + step;
  const blame = (error: unknown) => blamed(error, plan.engine, expected, signal);
  for await (const tracked of refusals(session, propagation, blame)) {
    signal?.throwIfAborted();
    const wrong = complaint(tracked, expected, before);
    if (wrong) throw blame(new Error(wrong));
    const taken = takeovers(before, tracked.objects);
    const answers = tracked.objects.map(({ mask, signals }, i) => ({
      mask,
      signals,
      confidence: meters[i].next(mask, signals, taken[i]),
    }));
    yield { frame: tracked.frame, answers };
    signal?.throwIfAborted();
    before = tracked.objects;
    expected += step;
  }
  signal?.throwIfAborted();
  if (expected !== to + step) throw blame(new Error(`it ended before frame index ${to}`));
}

/** The engine's frames; what it throws comes out with the engine and the frame named, what the consumer throws as it is. */
async function* refusals(
  session: EngineSession,
  propagation: Propagation,
  blame: (error: unknown) => unknown,
): AsyncGenerator<TrackedFrame> {
  let frames: AsyncIterator<TrackedFrame> | undefined;
  let done = false;
  try {
    frames = session.propagate(propagation)[Symbol.asyncIterator]();
    for (;;) {
      const next = await frames.next().catch((error) => {
        done = true;
        throw blame(error);
      });
      done = next.done ?? false;
      if (done) return;
      yield next.value;
    }
  } finally {
    if (!done) await frames?.return?.();
  }
}

function blamed(error: unknown, engine: string, frame: number, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (isRotokitError(error)) return error;
  const facts = { engine, frame: `index ${frame}`, object: 'all', reason: reasonOf(error) };
  return new RotokitError('ENGINE_FAILED', facts, error);
}

/** What is wrong with a frame that an engine delivered, in words; nothing when it keeps the port's rules. */
function complaint(tracked: TrackedFrame, expected: number, before: readonly ObjectMask[]): string | undefined {
  if (tracked.frame !== expected) return `it delivered frame index ${tracked.frame} instead of ${expected}`;
  if (tracked.objects.length !== before.length || tracked.objects.some((o, i) => o.object !== before[i].object))
    return `it delivered the objects ${tracked.objects.map((o) => o.object)} instead of ${before.map((o) => o.object)}`;
  if (tracked.objects.some((o, i) => !sameSize(o.mask.size, before[i].mask.size)))
    return 'it delivered masks of another size';
  return undefined;
}
