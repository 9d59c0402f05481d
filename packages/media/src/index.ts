export type { MediaFacts } from './media-facts.js';
export { openClip } from './open-clip.js';
export type { OpenOptions } from './open-options.js';
