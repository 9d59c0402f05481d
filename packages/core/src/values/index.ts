export * from './errors.js';
export * from './identity.js';
export * from './mask.js';
export * from './picture.js';
export * from './prompt.js';
export * from './space.js';
export * from './time.js';
