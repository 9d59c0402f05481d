/** What `@rotokit/core/resources` plans with, on this machine: readings of memory, a disk cache, a scratch on disk, facts of the hardware. */

export { DiskTier, type DiskTierOptions, type DiskTierStatistics } from './disk-tier.js';
export { fileScratch } from './file-scratch.js';
export { machineFacts, nvidiaGpus, processor } from './machine.js';
export { processBudget, processMemory, watchMemory, wholeMemory } from './memory-probe.js';
