import type { VideoModelConfig } from '@rotokit/models';
import { tokensPerFrame } from '@rotokit/models';
import type { Recalled } from '../memory/policy.js';
import type { RecalledTensors } from '../model/video-model.js';
import type { FollowedObject, KeptMemory } from './objects.js';

/** Pointers that are looked at, at most, counting the present frame. */
export const MOST_POINTERS = 16;

/** Memory as it is kept: the upper half of each float where the model rounds to bfloat16, as it is where it does not. */
export function keepMemory(memory: Float32Array, config: VideoModelConfig): KeptMemory {
  if (!config.memory.rounds || config.memory.perceiver) return memory;
  const bits = new Uint32Array(memory.buffer, memory.byteOffset, memory.length);
  const kept = new Uint16Array(memory.length);
  for (let i = 0; i < kept.length; i++) kept[i] = bits[i]! >>> 16;
  return kept;
}

function putMemory(kept: KeptMemory, into: Float32Array): void {
  if (kept instanceof Float32Array) {
    into.set(kept);
    return;
  }
  const bits = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < kept.length; i++) bits[i] = kept[i]! << 16;
}

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

/** The tensors behind what is recalled. `most`: pointers at most, the divisor of their distances being one less. */
export function recalledTensors(
  { bank }: FollowedObject,
  frames: readonly Recalled[],
  pointers: readonly RecalledPointer[],
  config: VideoModelConfig,
  most: number,
): RecalledTensors {
  const { channels, slots } = config.memory;
  const size = tokensPerFrame(config) * channels;
  const memory = new Float32Array(frames.length * size);
  for (const [i, { frame }] of frames.entries())
    putMemory(bank.at(frame)!.memory!, memory.subarray(i * size, (i + 1) * size));
  const pointerRows = new Float32Array(pointers.length * config.hidden);
  for (const [i, { frame }] of pointers.entries()) pointerRows.set(bank.at(frame)!.pointer, i * config.hidden);
  return {
    memory,
    rows: frames.map(({ row }) => (row === 'prompted' ? slots - 1 : row)),
    pointers: pointerRows,
    times: pointers.map((p) => p.distance / Math.max(1, most - 1)),
  };
}
