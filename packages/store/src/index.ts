export { createRoto } from './create.js';
export { openRoto, type RotoOptions } from './open.js';
