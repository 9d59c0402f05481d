import { type ColourModel, density, evenSamples } from '../primitives/index.js';
import { clamp, type PromptArithmetic } from './arithmetic.js';

/** A colour model of chosen pixels of the quarter grid, or null when there are fewer than 40. */
export function modelOf(
  lab: Float32Array,
  pixels: number,
  chosen: (k: number) => boolean,
  components: number,
  samples: number,
  arithmetic: PromptArithmetic,
): ColourModel | null {
  const list = new Int32Array(pixels);
  let n = 0;
  for (let k = 0; k < pixels; k++) if (chosen(k)) list[n++] = k;
  return n < 40 ? null : arithmetic.fitColourModel(evenSamples(lab, list, n, samples), components, 5);
}

/**
 * How new each colour is to a model of the surroundings: minus the log density there, scaled to about -2..2. What is new
 * is rather the object than more of the background.
 */
export function noveltyAgainst(model: ColourModel, lab: Float32Array, out: Float32Array): void {
  for (let k = 0; k < out.length; k++)
    out[k] = clamp((-Math.log(density(model, lab[k * 3], lab[k * 3 + 1], lab[k * 3 + 2]) + 1e-7) - 10) / 3, 2);
}
