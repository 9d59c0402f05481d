export { type NodeInferenceOptions, openNodeInference } from './open.js';
