export { type NodeInference, type NodeInferenceOptions, openNodeInference } from './open.js';
export type { ThreadDeath } from './runtime-thread.js';
