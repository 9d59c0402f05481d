import { upsample } from '../primitives/index.js';
import { type PromptArithmetic, sigmoid } from './arithmetic.js';
import { keepMeant } from './keep.js';
import type { HardLabels } from './labels.js';
import type { PromptScene } from './scene.js';

/** How far from the outline of the quarter grid's answer, half-grid pixels, the half grid decides anew. */
const BAND = 5;
const LAMBDA = 2;
const CLIP = 0.01;

/** An answer on the half grid. */
export interface FirstMask {
  /** How likely each pixel is the object, 0..1, on the mask's side of 0.5 everywhere. */
  readonly probability: Float32Array;
  /** The same, decided: 0 or 1. */
  readonly mask: Uint8Array;
}

/** Forces a probability to the side of the decision. */
export function onSide(p: number, decided: number): number {
  return decided ? Math.max(0.55, p) : Math.min(0.45, p);
}

/** 1 where a probability is over a half, else 0. */
export function insideOf(probability: Float32Array): Uint8Array {
  const out = new Uint8Array(probability.length);
  for (let k = 0; k < out.length; k++) out[k] = probability[k] > 0.5 ? 1 : 0;
  return out;
}

/** 1 within `radius` (box distance) of a change in the plane of 0s and 1s. */
function nearOutline(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const edge = new Uint8Array(mask.length);
  for (let y = 0, k = 0; y < height; y++)
    for (let x = 0; x < width; x++, k++) {
      const right = x < width - 1 && mask[k] !== mask[k + 1];
      const below = y < height - 1 && mask[k] !== mask[k + width];
      if (right || below) edge[k] = 1;
    }
  const rows = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++)
    for (let x = 0, last = -1e9; x < width + radius; x++) {
      if (x < width && edge[y * width + x]) last = x;
      const at = x - radius;
      if (at >= 0 && last >= at - radius) rows[y * width + at] = 1;
    }
  const near = new Uint8Array(mask.length);
  const last = new Int32Array(width).fill(-1e9);
  for (let y = 0; y < height + radius; y++)
    for (let x = 0; x < width; x++) {
      if (y < height && rows[y * width + x]) last[x] = y;
      const at = y - radius;
      if (at >= 0 && last[x] >= at - radius) near[at * width + x] = 1;
    }
  return near;
}

/**
 * Carries an answer of the quarter grid to the half grid: log-odds upsampled, then a cut near the outline, where the half
 * grid's colours know better. Labels hold exactly. `logOdds` is on the quarter grid.
 */
export function refine(
  scene: PromptScene,
  logOdds: Float32Array,
  labels: HardLabels,
  arithmetic: PromptArithmetic,
): FirstMask {
  const { width, height, lab } = scene.half;
  const probability = upsample(logOdds, scene.width, scene.height, width, height);
  const rough = new Uint8Array(probability.length);
  for (let k = 0; k < rough.length; k++) {
    probability[k] = sigmoid(probability[k]);
    rough[k] = probability[k] > 0.5 ? 1 : 0;
  }
  const band = nearOutline(rough, width, height, BAND);
  const { said, outside } = labels;
  for (let k = 0; k < rough.length; k++) {
    if (said[k] === 0 && !outside?.[k]) continue;
    rough[k] = said[k] === 1 ? 1 : 0;
    band[k] = 0;
  }
  const mask = arithmetic.bandCut({
    lab,
    width,
    height,
    probability,
    band,
    fixed: rough,
    lambda: LAMBDA,
    clip: CLIP,
  });
  keepMeant(mask, labels);
  for (let k = 0; k < mask.length; k++)
    probability[k] = said[k] !== 0 ? (mask[k] ? 1 : 0) : onSide(probability[k], mask[k]);
  return { probability, mask };
}
