// The engine's arithmetic that is worth compiling. The caller lays planes out above heapBase().
export { affineRounds } from './affine';
export { bandCut, cutBytes } from './cut';
export { addWindow, approach, assign, finishWindows, logRatios } from './colour';
export { distanceBytes, signedDistance } from './distance';
export { labFromRgb } from './lab';
export { linksBytes, solveLinks } from './links';
export { edgeScaleOf, labOf, outlineBand, soften } from './outline';
export { regionMaps, regionMapsBytes } from './region-maps';
export { resizeRgb } from './resize';

/** First free byte of the linear memory. */
export function heapBase(): usize { return __heap_base; }
