export { type Change, chain } from './change.js';
export { recordProblem } from './check-record.js';
export { type DocumentOptions, RotoDocument } from './document.js';
export { checkCommit } from './door.js';
export * from './edit-frames.js';
export * from './edit-objects.js';
export { Project } from './project.js';
export * from './record-types.js';
export * from './schema.js';
