export { boundaryF, boundaryTolerance, DAVIS_TOLERANCE } from './boundary.js';
export { idealBox, idealClick } from './ideal-prompts.js';
export { regionJ } from './region.js';
export { BAD_BELOW, poolReviews, type ReviewedFrame, type ReviewQuality, reviewQuality } from './review-quality.js';
export {
  type FrameScore,
  type MeasureScore,
  meanScore,
  measure,
  type SequenceScore,
  scoreFrame,
  scoreSequence,
} from './sequence.js';
