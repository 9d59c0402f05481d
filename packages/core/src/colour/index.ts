/**
 * What numbers mean as colour: curves, primaries, tables, alpha. Pure functions of numbers, above `values` only, so that mattes can work in
 * linear light and whoever writes files can convert; it lies in the domain and not in `formats`, because formats store what they are given.
 */
export * from './alpha.js';
export { CAMERA_LOGS } from './camera-logs.js';
export { applyCube, type CubeLut, parseCube } from './cube.js';
export { IDENTITY, inverted, type Matrix3, multiplied, type Triple, transformed } from './matrix.js';
export { matrixBetween, matrixByName, PRIMARIES, type Primaries, type PrimariesName, rgbToXyz } from './primaries.js';
export * from './space.js';
export { DISPLAY_TRANSFERS, type Transfer } from './transfer.js';
