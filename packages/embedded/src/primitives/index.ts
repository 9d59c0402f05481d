/** The arithmetic everything else is made of, in plain TypeScript: also what the compiled kernels are checked against. */
export * from './affine.js';
export * from './box-sum.js';
export * from './colour-model.js';
export * from './components.js';
export * from './cut.js';
export * from './distance.js';
export * from './lab.js';
export * from './links.js';
export * from './resize.js';
export * from './sample.js';
export * from './window-colours.js';
