export { type BlendedAnswer, blendAnswers, type DirectedAnswer } from './blend.js';
export { type ConfidenceMeter, confidenceMeter } from './confidence.js';
export { factsDigest, maskDigest } from './digest.js';
export type { Confidence, Doubt, DoubtReason } from './doubt.js';
export { type Claim, resolveOverlap } from './overlap.js';
export { planTracking, type Span, type TrackPlan, type TrackRequest, type TrackStep } from './plan.js';
export {
  needsReview,
  REVIEW_DEFAULTS,
  type ReviewEvent,
  type ReviewFrame,
  type ReviewSettings,
  reviewQueue,
} from './review.js';
export {
  type BlendSettings,
  type ConfidenceSettings,
  type DoubtScale,
  TRACK_DEFAULTS,
  type TrackSettings,
} from './settings.js';
export type { AnchorMark, Bounds, ObjectToTrack } from './spans.js';
export { type FinishedFrame, type TrackOptions, track } from './track.js';
