export { MODEL_CARDS } from './cards.js';
export type { ProxySettings } from './http/proxy.js';
export { type HubOptions, openHub } from './open-hub.js';
export type { ConvertCheckpoint } from './pull/from-folder.js';
