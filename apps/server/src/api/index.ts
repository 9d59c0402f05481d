/** What the server and the page say to one another: schemas that check input, describe the API and give the types. */
export * from './edits.js';
export * from './events.js';
export * from './files.js';
export * from './jobs.js';
export * from './links.js';
export * from './machine.js';
export * from './presets.js';
export * from './prompts.js';
export * from './proxies.js';
export * from './state.js';
