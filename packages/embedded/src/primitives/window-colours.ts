import { type ColourModel, logRatios } from './colour-model.js';

/** A square of a picture, (2 radius + 1)^2 pixels around (x, y), with colour models of its own; it may reach outside. */
export interface ColourWindow {
  readonly x: number;
  readonly y: number;
  readonly object: ColourModel;
  readonly surround: ColourModel;
  /** How much its models can be trusted, 0..1. */
  readonly confidence: number;
}

/** Sums of the weights; grows with the largest picture seen. */
let weights = new Float32Array(0);

/**
 * What windows say about each pixel of an interleaved Lab picture: half the log ratio of object over surroundings and
 * the confidence (scaled to -1..1), each the mean over the windows that cover the pixel, by 1 / (distance to the centre
 * + 1). Where there is no window: colour 0, confidence -1.
 */
export function windowColours(
  lab: Float32Array,
  width: number,
  height: number,
  windows: readonly ColourWindow[],
  radius: number,
  colour: Float32Array,
  confidence: Float32Array,
): void {
  const n = width * height;
  if (weights.length < n) weights = new Float32Array(n);
  for (const plane of [weights, colour, confidence]) plane.fill(0, 0, n);
  const ratios = new Float32Array(2 * radius + 1);
  for (const { x, y, object, surround, confidence: sure } of windows) {
    const [x0, x1] = [Math.max(0, x - radius), Math.min(width - 1, x + radius)];
    for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++) {
      const row = j * width + x0;
      logRatios(object, surround, lab.subarray(row * 3), ratios.subarray(0, Math.max(0, x1 - x0 + 1)));
      for (let i = x0, k = row; i <= x1; i++, k++) {
        const weight = 1 / (Math.sqrt((i - x) ** 2 + (j - y) ** 2) + 1);
        colour[k] += weight * ratios[i - x0];
        confidence[k] += weight * sure;
        weights[k] += weight;
      }
    }
  }
  for (let k = 0; k < n; k++) {
    const over = weights[k] > 0 ? 1 / weights[k] : 0;
    colour[k] *= 0.5 * over;
    confidence[k] = 2 * confidence[k] * over - 1;
  }
}
