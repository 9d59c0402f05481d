import type { Precision } from '@rotokit/core/resources';
import { gridOf, tokensPerFrame, type VideoModelConfig } from '@rotokit/models';
import type { CorrectionTrail } from './session.js';
import { keptPrecision } from './tracking/memories.js';

/** Memories that a policy holds of one walk beyond the trail, with a few prompted frames: the largest default among the policies. */
const HELD = 12;
/** Walks of an object that are remembered: one each way. */
const WALKS = 2;

/** Bytes of one spatial memory as it is kept. */
export const memoryBytes = (config: VideoModelConfig, precision: Precision): number =>
  tokensPerFrame(config) * config.memory.channels * (keptPrecision(config, precision) === 'float32' ? 4 : 2);

/** What a session that follows objects is set up with. */
export interface HeldTask {
  readonly objects: number;
  readonly trail: CorrectionTrail;
  readonly precision: Precision;
  /** Most bytes of memories in memory; the others wait on disk. */
  readonly bank: number;
}

/**
 * Bytes that a session holds at most beside the graphs, whatever the length of the clip: memories of both walks of every object as far as they stay in memory,
 * the logits that corrections start from, and the features of the picture that is worked on and the one that is prepared.
 */
export function heldBytes(config: VideoModelConfig, { objects, trail, precision, bank }: HeldTask): number {
  const memories = objects * WALKS * (trail.memories + HELD) * memoryBytes(config, precision);
  const grid = gridOf(config);
  const logits = objects * trail.logits * (4 * grid) ** 2;
  const features = grid ** 2 * config.hidden * 4 * 5;
  return Math.min(bank, memories) + logits + 2 * features;
}
