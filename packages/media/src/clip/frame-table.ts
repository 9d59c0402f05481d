import { compareTicks } from '../native/libav.js';
import type { KeyPacket } from '../native/video-stream.js';

/**
 * Which pictures a clip has: the times at which they are shown and the packets decoding can start from, both
 * sorted, in stream ticks. A frame's position in `pts` is its index.
 */
export interface FrameTable {
  /** Where it comes from: the container's own table, every packet read, or every frame decoded. */
  readonly from: 'container' | 'packets' | 'decoding';
  readonly pts: readonly bigint[];
  readonly keys: readonly KeyPacket[];
}

/** Sorts times and keys into a table. */
export const frameTable = (from: FrameTable['from'], pts: bigint[], keys: KeyPacket[]): FrameTable => ({
  from,
  pts: pts.sort(compareTicks),
  keys: keys.sort((a, b) => compareTicks(a.pts, b.pts)),
});

/** No clip has more pictures than this (18 hours at 30 per second); a table that claims more is broken. */
export const MOST_FRAMES = 2_000_000;
