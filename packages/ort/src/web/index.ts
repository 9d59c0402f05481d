export { openWebInference, type WebInferenceOptions } from './open.js';
