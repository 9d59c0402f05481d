import type { ObjectId, SoftMask } from '../values/index.js';
import { coveredShare } from './measure.js';

/** One object's mask on a frame. */
export interface ObjectMask {
  readonly object: ObjectId;
  readonly mask: SoftMask;
}

/**
 * For each object the largest share of another object's mask on the frame before that its own mask covers now, beyond
 * what it covered then: near 1 when it has jumped onto the other one. Objects pass in front of each other a little per
 * frame; an identity that swaps moves over at once. Both lists hold the same objects in the same order.
 */
export function takeovers(before: readonly ObjectMask[], now: readonly ObjectMask[]): number[] {
  return now.map(({ mask }, i) => {
    let most = 0;
    before.forEach((other, k) => {
      if (k === i) return;
      most = Math.max(most, coveredShare(other.mask, mask) - coveredShare(other.mask, before[i].mask));
    });
    return most;
  });
}
