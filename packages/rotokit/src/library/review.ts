import type { Project } from '@rotokit/core/project';
import { REVIEW_DEFAULTS, type ReviewFrame, type ReviewSettings, reviewQueue } from '@rotokit/core/tracking';
import type { FrameIndex, FrameNumber } from '@rotokit/core/values';
import type { FrameNumbers } from './frames.js';

/** A stretch worth looking at, and the one frame to look at first. Frame numbers are as shown, ends included. */
export interface ReviewItem {
  readonly object: string;
  readonly frame: FrameNumber;
  readonly confidence: number;
  readonly reasons: readonly string[];
  readonly first: FrameNumber;
  readonly last: FrameNumber;
}

/** The review queue of a project, worst first. Anchors and frames that a reviewer has marked are not on it. */
export function reviewProject(
  project: Project,
  numbers: FrameNumbers,
  settings: ReviewSettings = REVIEW_DEFAULTS,
): readonly ReviewItem[] {
  const objects = project.objects();
  const names = new Map(objects.map((o) => [o.id, o.name]));
  const frames: ReviewFrame[] = [];
  for (const o of objects) {
    for (const t of project.trackedFrames(o.id)) {
      if (project.anchor(o.id, t.frame)) continue;
      const mark = project.mark(o.id, t.frame);
      // A mark on an older result says nothing about this one.
      const verdict = mark?.basis === t.basis ? mark.verdict : undefined;
      frames.push({ object: o.id, frame: t.frame, confidence: { value: t.confidence, doubts: [] }, mark: verdict });
    }
  }
  return reviewQueue(frames, settings).map((e) => ({
    object: names.get(e.object) ?? e.object,
    frame: numbers.shown(e.frame),
    confidence: e.confidence,
    reasons: project.tracked(e.object, e.frame)?.reasons ?? [],
    first: numbers.shown(e.range.start),
    last: numbers.shown((e.range.end - 1) as FrameIndex),
  }));
}
