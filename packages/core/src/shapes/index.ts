/**
 * Soft mattes to Bezier shapes that stay editable: contour, regions through time, a fixed number of points carried from frame to
 * frame, handles by least squares, as few keys as an error in pixels allows; and the shapes back to mattes.
 *
 * The folders are the steps, each using those before it: `contours` and regions, `curves` (what a cubic can do), `points` carried through
 * time, `parts` of regions, `outlines` that fit and do not cross themselves, `keys`. `fit.ts` goes through them.
 */
export { type Contour, contoursOf } from './contours/contour.js';
export { type Loop, loopOf } from './contours/loop.js';
export type { RegionEvent } from './contours/regions.js';
export { type Crossing, crossesItself, crossingsOf } from './curves/crossings.js';
export { coverageOf, rasteriseShapes } from './curves/raster.js';
export { type FitOptions, type FittedShapes, type MotionBetween, ShapeFitter } from './fit.js';
export { fewestKeys } from './keys/keys.js';
export { type Correspondence, correspond, type MotionAt } from './points/correspond.js';
export { checkShapeSettings, type ShapeSettings, shapeDefaults } from './settings.js';
export type { ShapeStatistics } from './statistics.js';
