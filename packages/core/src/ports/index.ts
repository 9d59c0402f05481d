export * from './engine.js';
export * from './frame-sink.js';
export * from './frame-source.js';
export * from './inference.js';
export * from './model-hub.js';
export * from './store.js';
