export * from './engine.js';
export * from './frame-sink.js';
export * from './frame-source.js';
export * from './store.js';
