/**
 * Soft mattes to Bezier shapes that stay editable: contour, regions through time, a fixed number of points carried from frame to
 * frame, handles by least squares, as few keys as an error in pixels allows; and the shapes back to mattes.
 */
export { type Contour, contoursOf } from './contour.js';
export { type Correspondence, correspond, type MotionAt } from './correspond.js';
export { type Crossing, crossesItself, crossingsOf } from './crossings.js';
export { type FitOptions, type FittedShapes, type MotionBetween, ShapeFitter } from './fit.js';
export { fewestKeys } from './keys.js';
export { type Loop, loopOf } from './loop.js';
export { coverageOf, rasteriseShapes } from './raster.js';
export type { RegionEvent } from './regions.js';
export { checkShapeSettings, type ShapeSettings, shapeDefaults } from './settings.js';
export type { ShapeStatistics } from './statistics.js';
