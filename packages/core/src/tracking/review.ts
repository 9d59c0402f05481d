import type { FrameIndex, FrameRange, ObjectId } from '../values/index.js';
import type { Confidence, Doubt } from './doubt.js';

/** One object on one tracked frame, as the review sees it. Anchors are not reviewed: they are the user's own word. */
export interface ReviewFrame {
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  readonly confidence: Confidence;
  /** What a reviewer said about this very result: it is right, or nobody needs to look. */
  readonly mark?: 'accepted' | 'ignored' | undefined;
}

/** When a frame is worth looking at. */
export interface ReviewSettings {
  /** Frames below this confidence are listed. */
  readonly below: number;
  /** Listed frames of an object with at most this many good ones between them are one event. */
  readonly gap: number;
}

/** What is used unless something else is asked for. */
export const REVIEW_DEFAULTS: ReviewSettings = { below: 0.5, gap: 2 };

/** Something that went wrong with one object, and the one frame to look at. */
export interface ReviewEvent {
  readonly object: ObjectId;
  /** The least certain frame of the event; the first of equal ones. */
  readonly frame: FrameIndex;
  readonly confidence: number;
  /** Why, worst first: the doubts of that frame. */
  readonly doubts: readonly Doubt[];
  /** From the first listed frame to behind the last. */
  readonly range: FrameRange;
  /** The listed frames, in order. */
  readonly frames: readonly FrameIndex[];
}

/** Whether the queue lists a frame. */
export const needsReview = (f: ReviewFrame, settings: ReviewSettings = REVIEW_DEFAULTS): boolean =>
  !f.mark && f.confidence.value < settings.below;

/**
 * The frames worth looking at, worst event first: neighbouring doubtful frames of an object are one event with one
 * frame to represent it, so that fixing it (or marking its frames) takes the whole event off the list. Frames that
 * were marked are never listed. The order of the input does not matter.
 */
export function reviewQueue(
  frames: Iterable<ReviewFrame>,
  settings: ReviewSettings = REVIEW_DEFAULTS,
): readonly ReviewEvent[] {
  const byObject = new Map<ObjectId, ReviewFrame[]>();
  for (const f of frames) {
    if (!needsReview(f, settings)) continue;
    const of = byObject.get(f.object);
    if (of) of.push(f);
    else byObject.set(f.object, [f]);
  }
  const events: ReviewEvent[] = [];
  for (const listed of byObject.values()) {
    listed.sort((a, b) => a.frame - b.frame);
    let from = 0;
    for (let i = 1; i <= listed.length; i++) {
      if (i < listed.length && listed[i].frame - listed[i - 1].frame <= settings.gap + 1) continue;
      events.push(eventOf(listed.slice(from, i)));
      from = i;
    }
  }
  return events.sort((a, b) => a.confidence - b.confidence || a.frame - b.frame || (a.object < b.object ? -1 : 1));
}

function eventOf(frames: readonly ReviewFrame[]): ReviewEvent {
  const worst = frames.reduce((w, f) => (f.confidence.value < w.confidence.value ? f : w));
  const end = (frames[frames.length - 1].frame + 1) as FrameIndex;
  return {
    object: worst.object,
    frame: worst.frame,
    confidence: worst.confidence.value,
    doubts: worst.confidence.doubts,
    range: { start: frames[0].frame, end },
    frames: frames.map((f) => f.frame),
  };
}
