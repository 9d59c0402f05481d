/**
 * The way from prompts to a mask without trained constants: a random walk from the labels as a prior, then rounds of
 * GrabCut (Rother, Kolmogorov & Blake 2004) whose log-odds also ask whether a pixel moves like the object.
 */
import { signedDistance } from '../primitives/index.js';
import { appearanceOf } from './appearance.js';
import { logit, type PromptArithmetic, sigmoid } from './arithmetic.js';
import { type HardLabels, seedsOf } from './labels.js';
import { randomWalker } from './random-walker.js';
import { insideOf } from './refine.js';
import type { PromptScene } from './scene.js';

const ROUNDS = 4;
/** A correction starts from an answer, whose colours and motion are nearly right already. */
const CORRECTING_ROUNDS = 2;
/** Half of the half grid's 4: there are half as many links along an outline, and a quarter of the pixels inside it. */
const LAMBDA = 2;
const CLIP = 0.005;
const MOTION = 0.7;
/** Depth, as a part of the deepest, from which the ellipse's answer counts as certain. */
const CORE = 0.35;

/** What GrabCut begins with, planes of the quarter grid. */
interface Start {
  /** Probability of the object that counts `weight` times in every round. */
  readonly prior: Float32Array;
  readonly weight: number;
  /** Probability whose inside gives the first colours and motion. */
  readonly estimate: Float32Array;
  readonly rounds: number;
}

/** GrabCut with a prior; labels hold. */
function grabCut(
  scene: PromptScene,
  labels: HardLabels,
  { prior, weight, estimate, rounds }: Start,
  a: PromptArithmetic,
): { mask: Uint8Array; logOdds: Float32Array } {
  const { width, height, lab } = scene;
  const said = (k: number): number => labels.said[k] || (labels.outside?.[k] ? -1 : 0);
  const band = new Uint8Array(prior.length);
  for (let k = 0; k < band.length; k++) band[k] = said(k) === 0 ? 1 : 0;
  let mask: Uint8Array = insideOf(estimate);
  for (let k = 0; k < mask.length; k++) if (said(k)) mask[k] = said(k) > 0 ? 1 : 0;
  const logOdds = new Float32Array(prior.length);
  const probability = new Float32Array(prior.length);
  for (let round = 0; round < rounds; round++) {
    const seen = appearanceOf(scene, mask, a);
    for (let k = 0; k < prior.length; k++) {
      logOdds[k] = said(k) ? said(k) * 5 : seen.colour[k] + weight * logit(prior[k], 0.01) + MOTION * seen.motion[k];
      probability[k] = sigmoid(logOdds[k]);
    }
    mask = a.bandCut({ lab, width, height, probability, band, fixed: mask, lambda: LAMBDA, clip: CLIP });
  }
  // The cut decides; what it overruled keeps little conviction.
  for (let k = 0; k < logOdds.length; k++)
    logOdds[k] = mask[k] ? Math.max(0.5, logOdds[k]) : Math.min(-0.5, logOdds[k]);
  return { mask, logOdds };
}

/** A box without positive labels: an elliptic prior, whose deep inside then seeds the walk. */
function seedsFromBox(scene: PromptScene, labels: HardLabels, a: PromptArithmetic): Int8Array {
  const { width, height } = scene;
  const { from, to } = labels.box!;
  const [cx, cy] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const [rx, ry] = [(to.x - from.x) / 2 + 1, (to.y - from.y) / 2 + 1];
  const prior = new Float32Array(width * height);
  for (let y = 0, k = 0; y < height; y++)
    for (let x = 0; x < width; x++, k++) {
      const d = Math.hypot((x - cx) / rx, (y - cy) / ry);
      if (!labels.outside![k]) prior[k] = d < 0.75 ? 0.8 : d < 1 ? 0.55 : 0.35;
    }
  const { mask } = grabCut(scene, labels, { prior, weight: 0.5, estimate: prior, rounds: ROUNDS }, a);
  const depth = signedDistance(mask, width, height);
  let deepest = 0;
  for (let k = 0; k < depth.length; k++) if (mask[k]) deepest = Math.max(deepest, depth[k]);
  const seeds = seedsOf(labels);
  for (let k = 0; k < seeds.length; k++) if (seeds[k] === 0 && deepest > 0 && depth[k] >= CORE * deepest) seeds[k] = 1;
  return seeds;
}

/** Log-odds of the object on the quarter grid, from labels there and the answer that they correct, if there is one. */
export function untrainedLogOdds(
  scene: PromptScene,
  labels: HardLabels,
  before: Float32Array | null,
  a: PromptArithmetic,
): Float32Array {
  const seeds = labels.box && !labels.hasPositive ? seedsFromBox(scene, labels, a) : seedsOf(labels);
  const prior = randomWalker(scene.motionLinks, seeds, a);
  const rounds = before ? CORRECTING_ROUNDS : ROUNDS;
  return grabCut(scene, labels, { prior, weight: 1, estimate: before ?? prior, rounds }, a).logOdds;
}
