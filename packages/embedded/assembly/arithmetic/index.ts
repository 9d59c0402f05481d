// The engine's arithmetic that is worth compiling. The caller lays planes out above heapBase().
export { bandCut, cutBytes } from './cut';
export { approach, assign, logRatios } from './colour';
export { distanceBytes, signedDistance } from './distance';

/** First free byte of the linear memory. */
export function heapBase(): usize { return __heap_base; }
