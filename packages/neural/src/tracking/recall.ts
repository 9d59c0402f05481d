import type { VideoModelConfig } from '@rotokit/models';
import { tokensPerFrame } from '@rotokit/models';
import type { Recalled } from '../memory/policy.js';
import type { RecalledTensors } from '../model/video-model.js';
import type { KeptMemories } from './memories.js';
import type { FollowedObject } from './objects.js';

/** Pointers that are looked at, at most, counting the present frame. */
export const MOST_POINTERS = 16;

/** A pointer to look at, and how long ago it was. */
export interface RecalledPointer {
  readonly frame: number;
  readonly distance: number;
}

/** Pointers of prompted frames in the past of a walk, then those of the last tracked frames, as the reference takes them. */
export function pointersFor(
  { bank }: FollowedObject,
  frame: number,
  step: 1 | -1,
  most: number,
): readonly RecalledPointer[] {
  const past = bank.prompted
    .map((p) => ({ frame: p.frame, distance: step * (frame - p.frame) }))
    .filter((p) => p.distance > 0);
  for (let d = 1; d < most; d++) {
    const entry = bank.at(frame - step * d);
    if (entry && !entry.prompted) past.push({ frame: entry.frame, distance: d });
  }
  return past;
}

/** What is recalled, of which model. */
export interface RecallTask {
  readonly frames: readonly Recalled[];
  readonly pointers: readonly RecalledPointer[];
  readonly config: VideoModelConfig;
  /** Pointers at most, the divisor of their distances being one less. */
  readonly most: number;
}

/** The tensors behind what is recalled. @throws what the shelf throws that has lost a memory. */
export async function recalledTensors(
  { bank }: FollowedObject,
  memories: KeptMemories,
  { frames, pointers, config, most }: RecallTask,
): Promise<RecalledTensors> {
  const { channels, slots } = config.memory;
  const size = tokensPerFrame(config) * channels;
  const memory = new Float32Array(frames.length * size);
  for (const [i, { frame }] of frames.entries())
    await memories.copy(bank.at(frame)!.memory!, memory.subarray(i * size, (i + 1) * size));
  const pointerRows = new Float32Array(pointers.length * config.hidden);
  for (const [i, { frame }] of pointers.entries()) pointerRows.set(bank.at(frame)!.pointer, i * config.hidden);
  return {
    memory,
    rows: frames.map(({ row }) => (row === 'prompted' ? slots - 1 : row)),
    pointers: pointerRows,
    times: pointers.map((p) => p.distance / Math.max(1, most - 1)),
  };
}
