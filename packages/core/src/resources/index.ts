/**
 * Memory and time as something to plan with: a budget, caches, batches, prefetching, progress, presets for machines. Pure: what memory there
 * is, what time it is and where disks are come in as small interfaces (`MemoryProbe`, `Clock`, `ByteStore`, `Scratch`).
 */
export { indices, StrideGuess } from './access.js';
export { type BatchOptions, inBatches } from './batches.js';
export type { ByteStore, Codec } from './byte-store.js';
export { bytesText, parseBytes } from './byte-text.js';
export { type CacheStatistics, cached, FeatureCache, type FeatureCacheOptions } from './feature-cache.js';
export {
  type ChosenHardware,
  HARDWARE,
  HARDWARE_NAMES,
  type HardwareFacts,
  type HardwareName,
  type HardwareProfile,
  type ResourceSettings,
  recommendHardware,
  resolveHardware,
} from './hardware.js';
export { findLeak, type LeakVerdict, type MemorySample } from './leak.js';
export { Lru, type LruOptions } from './lru.js';
export {
  MemoryBudget,
  type MemoryBudgetOptions,
  type MemoryClaim,
  type MemoryHolder,
  type PressureEvent,
} from './memory-budget.js';
export type { Clock, MemoryProbe, MemoryReading, Pressure, PressureThresholds } from './memory-reading.js';
export { type PrefetchOptions, prefetch } from './prefetch.js';
export { durationText, type Progress, ProgressMeter, progressText, timed } from './progress.js';
export { memoryScratch, SCRATCH_LIMIT, type Scratch } from './scratch.js';
export { bytesOfTensors, PRECISIONS, type Precision, tensorCodec } from './tensor-bytes.js';
export { type ShelfStatistics, TensorShelf, type TensorShelfOptions } from './tensor-shelf.js';
