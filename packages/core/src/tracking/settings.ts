/** How two answers for one frame, one from each side, become one. */
export interface BlendSettings {
  /** At this IoU and above the two answers are blended by their weights alone. */
  readonly agree: number;
  /** At this IoU and below the more certain answer is taken as it is: two shapes that disagree have no middle. */
  readonly disagree: number;
  /** How far, as a fraction of the picture's height, an edge may look for the other answer's edge. 12 px at 480. */
  readonly reach: number;
  /** How much a difference in confidence counts against a difference in distance from the anchors. */
  readonly trust: number;
}

/** Two readings of a signal: at `clear` (and beyond) nothing is wrong, at `wrong` the doubt is `weight`, linear between. */
export interface DoubtScale {
  readonly clear: number;
  readonly wrong: number;
  /** 0 to 1: the most this signal alone can take from the confidence. */
  readonly weight: number;
}

/** How signals and changes from frame to frame become a confidence. */
export interface ConfidenceSettings {
  /** The engine's score. */
  readonly score: DoubtScale;
  /** The engine's certainty near the edge. */
  readonly certainty: DoubtScale;
  /** The engine's agreement of motion there and back. */
  readonly flow: DoubtScale;
  /** |ln| of the area against the frame before. */
  readonly area: DoubtScale;
  /** ln of the anchor's area against the area: things seldom get smaller, masks that lose parts do. */
  readonly shrunk: DoubtScale;
  /** ln of the area against the anchor's: a leak, or something that comes nearer. */
  readonly grown: DoubtScale;
  /** |ln| of the outline over the root of the area against the anchor's: detail that was lost, or won by leaking. */
  readonly detail: DoubtScale;
  /** Length of the outline against the running usual, both over the root of the area. */
  readonly outline: DoubtScale;
  /** IoU with the mask of the frame before, moved along. */
  readonly shape: DoubtScale;
  /** Unexpected movement in object sizes (root of the area). */
  readonly jump: DoubtScale;
  /** Share of another object's last mask that this one took over. */
  readonly takeover: DoubtScale;
  /** IoU of the answers of two directions. */
  readonly directions: DoubtScale;
  /** Doubt of a frame on which the object is believed hidden or gone. */
  readonly lost: number;
  /** Doubt of the frame on which it is seen again. */
  readonly found: number;
  /** Doubt of the frame on which the shot changes. */
  readonly cut: number;
  /** Share of a frame's doubt that the next frames inherit: an error is carried along by what follows. */
  readonly inherit: number;
  /** Share of the inherited doubt that is left after one more frame. */
  readonly fade: number;
}

/** Everything about tracking that can be set. */
export interface TrackSettings {
  readonly blend: BlendSettings;
  readonly confidence: ConfidenceSettings;
}

/**
 * What is used unless something else is asked for. The doubts were set on generated clips with exact mattes, followed by
 * the embedded engine in both directions, so that a confidence of 0.5 parts frames with an IoU below 0.7 from the others
 * (`tools/src/review` measures it again). What tells most is how far the mask has come from the anchor's size and amount
 * of outline; agreement of the flow tells least, since a mask that has leaked onto still ground agrees very well.
 */
export const TRACK_DEFAULTS: TrackSettings = {
  blend: { agree: 0.85, disagree: 0.5, reach: 0.025, trust: 1 },
  confidence: {
    score: { clear: 0.7, wrong: 0.3, weight: 0.65 },
    certainty: { clear: 0.92, wrong: 0.75, weight: 0.5 },
    flow: { clear: 0.45, wrong: 0.15, weight: 0.5 },
    area: { clear: 0.12, wrong: 0.5, weight: 0.7 },
    shrunk: { clear: 0.1, wrong: 0.65, weight: 0.75 },
    grown: { clear: 0.2, wrong: 1.4, weight: 0.55 },
    detail: { clear: 0.35, wrong: 1.1, weight: 0.7 },
    outline: { clear: 1.25, wrong: 2, weight: 0.6 },
    shape: { clear: 0.75, wrong: 0.35, weight: 0.5 },
    jump: { clear: 0.25, wrong: 0.8, weight: 0.7 },
    takeover: { clear: 0.15, wrong: 0.5, weight: 0.8 },
    directions: { clear: 0.6, wrong: 0.2, weight: 0.6 },
    lost: 0.7,
    found: 0.5,
    cut: 0.6,
    inherit: 0.5,
    fade: 0.99,
  },
};
