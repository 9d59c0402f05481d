import { changedByPrompts } from './keep.js';
import type { HardLabels } from './labels.js';
import { type FirstMask, insideOf, onSide } from './refine.js';

/** The answer so far (0..1) with those parts of a new one that the prompts asked for. */
export function correct(before: Float32Array, after: FirstMask, labels: HardLabels): FirstMask {
  const decided = insideOf(before);
  const take = changedByPrompts(decided, after.mask, labels);
  const mask = decided.slice();
  const probability = before.slice();
  for (let k = 0; k < take.length; k++) {
    if (take[k]) {
      mask[k] = after.mask[k];
      probability[k] = after.probability[k];
    } else probability[k] = onSide(before[k], decided[k]);
  }
  return { probability, mask };
}
