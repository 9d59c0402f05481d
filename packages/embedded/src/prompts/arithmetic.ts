import type * as primitives from '../primitives/index.js';

/** The hot functions that prompts need; any `Kernels` value has them, and so have the primitives. */
export type PromptArithmetic = Pick<
  typeof primitives,
  'bandCut' | 'fitAffine' | 'fitColourModel' | 'logRatios' | 'solveLinks'
>;

/** Limits to [-limit, limit]. */
export const clamp = (x: number, limit: number): number => Math.max(-limit, Math.min(limit, x));
/** Log-odds of a probability limited to [least, 1 - least]. */
export function logit(p: number, least: number): number {
  const q = Math.min(1 - least, Math.max(least, p));
  return Math.log(q / (1 - q));
}
/** Probability of log-odds. */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
