/**
 * The engine over SAM 2.1 and EdgeTAM: what the predictor of their papers does, over graphs that any `Inference` runs. Memory policies are
 * values; a tracker follows objects; a session ties both to a clip.
 */
export { NEURAL_PROMPTS, type NeuralOptions, neuralEngine, type SessionStorage, TRAIL } from './engine.js';
export * from './memory/index.js';
export { type FeatureCache, FeatureStore, type PictureOf, recentFeatures } from './model/features.js';
export { type Layout, layoutOf, transformersNames } from './model/layouts.js';
export { type ModelWeights, openModel, writeGraphs } from './model/open-model.js';
export { type Decoded, type PictureFeatures, VideoModel } from './model/video-model.js';
export { type HeldTask, heldBytes, memoryBytes } from './need.js';
export type { CorrectionTrail } from './session.js';
export { candidatesOf, tightBox } from './tracking/candidates.js';
export { KeptMemories, type KeptMemory, keptPrecision, type MemoriesOptions } from './tracking/memories.js';
export { TIDYING, type Tidying, tidied } from './tracking/tidy.js';
export {
  type Answer,
  type Behaviour,
  type FrameTask,
  type Said,
  type TrackerOptions,
  VideoTracker,
} from './tracking/tracker.js';
