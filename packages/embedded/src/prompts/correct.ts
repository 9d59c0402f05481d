import { changedByPrompts } from './keep.js';
import type { HardLabels } from './labels.js';
import { type FirstMask, insideOf, onSide } from './refine.js';

/** Overlap of the box and of the box around the answer under which the box asks for something else. */
const SAME_BOX = 0.6;

/** Whether a box means something else than the answer so far: then it is a new question, not a correction. */
function boxDisagrees(before: Float32Array, labels: HardLabels): boolean {
  if (!labels.box) return false;
  const inside = insideOf(before);
  let [x0, y0, x1, y1] = [labels.width, labels.height, -1, -1];
  for (let k = 0; k < inside.length; k++) {
    if (!inside[k]) continue;
    const [x, y] = [k % labels.width, Math.floor(k / labels.width)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
  }
  if (x1 < 0) return true;
  const { from, to } = labels.box;
  const side = (a: number, b: number): number => Math.max(0, b - a);
  const both = side(Math.max(x0, from.x), Math.min(x1, to.x)) * side(Math.max(y0, from.y), Math.min(y1, to.y));
  return both < SAME_BOX * (side(x0, x1) * side(y0, y1) + side(from.x, to.x) * side(from.y, to.y) - both);
}

/** The answer so far (0..1) with those parts of a new one that the prompts asked for. */
export function correct(before: Float32Array, after: FirstMask, labels: HardLabels): FirstMask {
  const decided = insideOf(before);
  const take = changedByPrompts(decided, after.mask, labels);
  const probability = before.slice();
  for (let k = 0; k < take.length; k++) {
    if (take[k]) {
      decided[k] = after.mask[k];
      probability[k] = after.probability[k];
    } else probability[k] = onSide(before[k], decided[k]);
  }
  return { probability, mask: decided };
}

/**
 * The answer so far with its labels made certain, when no label contradicts it and no box was drawn: what `correct` would
 * make of any new answer. `null` when there is something to correct.
 */
export function confirmed(before: Float32Array, labels: HardLabels): FirstMask | null {
  if (labels.box) return null;
  const { said } = labels;
  const mask = insideOf(before);
  for (let k = 0; k < said.length; k++) if (said[k] !== 0 && mask[k] !== (said[k] === 1 ? 1 : 0)) return null;
  const probability = new Float32Array(before.length);
  for (let k = 0; k < said.length; k++) probability[k] = said[k] !== 0 ? mask[k] : onSide(before[k], mask[k]);
  return { probability, mask };
}

/** The answer so far if the prompts correct it; nothing if they ask for something else. */
export function worthCorrecting(before: Float32Array | undefined, labels: HardLabels): Float32Array | undefined {
  return before && !boxDisagrees(before, labels) ? before : undefined;
}
