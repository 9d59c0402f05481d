import { rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { DiskTier } from './disk-tier.js';
import { ownFolder } from './own-folder.js';

/** A disk tier in a folder of its own. */
export interface FeatureDisk {
  readonly store: DiskTier;
  /** Takes the folder away. */
  close(): Promise<void>;
}

/** File systems that are memory in disguise: tmpfs and ramfs of Linux. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);
/** Share of the free disk that is taken at most. */
const SHARE = 1 / 4;

/**
 * A place for features on disk for as long as a clip is open, of `bytes` at most and of a quarter of what is free; undefined where that is nothing, where
 * temporary files lie in memory, and where they cannot be written: features are then computed again.
 */
export async function featureDisk(bytes: number): Promise<FeatureDisk | undefined> {
  try {
    const { type, bavail, bsize } = await statfs(tmpdir());
    const limit = Math.min(bytes, Math.floor(bavail * bsize * SHARE));
    if (IN_MEMORY.has(type) || !(limit > 0)) return undefined;
    const folder = await ownFolder('features');
    return { store: new DiskTier(folder, { bytes: limit }), close: () => rm(folder, { recursive: true, force: true }) };
  } catch {
    return undefined;
  }
}
