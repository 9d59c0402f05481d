/** A frame counts as bad below this IoU with the truth. */
export const BAD_BELOW = 0.7;

/** One object on one tracked frame: how good the mask is and whether the review queue lists it. */
export interface ReviewedFrame {
  readonly iou: number;
  readonly flagged: boolean;
}

/** How well a review queue finds the bad frames. */
export interface ReviewQuality {
  readonly frames: number;
  readonly bad: number;
  readonly flagged: number;
  /** Frames both bad and flagged. */
  readonly found: number;
  /** Share of the flagged frames that are bad: how much of the reviewer's time is well spent. 1 when none is flagged. */
  readonly precision: number;
  /** Share of the bad frames that are flagged: how much the reviewer gets to see. 1 when none is bad. */
  readonly recall: number;
}

/** Precision and recall of flagged frames against frames whose IoU is below `bad`. */
export function reviewQuality(frames: readonly ReviewedFrame[], badBelow = BAD_BELOW): ReviewQuality {
  let [bad, flagged, found] = [0, 0, 0];
  for (const f of frames) {
    if (f.flagged) flagged++;
    if (f.iou >= badBelow) continue;
    bad++;
    if (f.flagged) found++;
  }
  return {
    frames: frames.length,
    bad,
    flagged,
    found,
    precision: flagged ? found / flagged : 1,
    recall: bad ? found / bad : 1,
  };
}

/** The quality over several sequences, every frame counting the same. */
export function poolReviews(parts: readonly ReviewQuality[]): ReviewQuality {
  const sum = (key: 'frames' | 'bad' | 'flagged' | 'found') => parts.reduce((n, p) => n + p[key], 0);
  const [bad, flagged, found] = [sum('bad'), sum('flagged'), sum('found')];
  return {
    frames: sum('frames'),
    bad,
    flagged,
    found,
    precision: flagged ? found / flagged : 1,
    recall: bad ? found / bad : 1,
  };
}
