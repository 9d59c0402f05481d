export * from './memory-sink.js';
export * from './memory-store.js';
export * from './scripted-engine.js';
export * from './scripted-source.js';
