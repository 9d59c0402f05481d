/** The engine that needs no download. */
export { type EmbeddedOptions, type EmbeddedProfile, embeddedEngine } from './engine.js';
export { MAP, MAP_COUNT } from './evidence/maps.js';
export type { Fuser } from './propagation/fuser.js';
export { linearFuser } from './propagation/linear-fuser.js';
export type { Observation } from './propagation/track.js';
