export { createRoto, openRoto, type RotoOptions } from './open.js';
