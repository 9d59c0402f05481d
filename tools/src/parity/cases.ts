import type { Tensors } from '@rotokit/core/ports';
import { gridOf, type Part, tokensPerFrame, type VideoModelConfig } from '@rotokit/models';
import { f32, given, i64 } from './networks.js';

/** One run of one graph whose results tools/parity/taps.py recorded under `name`. */
export interface Case {
  readonly name: string;
  readonly part: Part;
  readonly inputs: Tensors;
}

const flag = (value: number) => f32(Float32Array.of(value), [1]);

/** The cases of taps.py, except `attend`, which begins with the result of `orient`. */
export function casesOf(c: VideoModelConfig): Case[] {
  const [n, size, h] = [gridOf(c) ** 2, c.imageSize, c.hidden];
  const features = given('features', n, h);
  const maps = { features, s1: given('s1', 4 * n, h / 4), s0: given('s0', 16 * n, h / 8) };
  const prompt = given('mask_prompt', 1, 1, size / 4, size / 4);
  const points = f32(
    Float32Array.of(0.31, 0.52, 0.7, 0.4).map((v) => Math.fround(v) * size),
    [2, 2],
  );
  const click = { points, labels: i64(1, 0), mask_prompt: prompt, mask_given: flag(0), first: flag(1) };
  const none = {
    points: f32(new Float32Array(2), [1, 2]),
    labels: i64(-1),
    mask_prompt: prompt,
    mask_given: flag(1),
    first: flag(0),
  };
  const memory = (prompted: number, score: number) => ({
    features,
    mask: given('mask', 1, 1, size / 4, size / 4),
    prompted: flag(prompted),
    object_score: flag(score),
  });
  return [
    { name: 'encode', part: 'encode', inputs: { image: given('image', 1, 3, size, size) } },
    { name: 'decode-points', part: 'decode', inputs: { ...maps, ...click } },
    { name: 'decode-mask', part: 'decode', inputs: { ...maps, ...none } },
    { name: 'attend', part: 'orient', inputs: { features } },
    { name: 'memorise', part: 'memorise', inputs: memory(0, 1) },
    { name: 'memorise-prompted', part: 'memorise', inputs: memory(1, -1) },
    { name: 'mask', part: 'mask', inputs: { mask: given('mask_given', 1, 1, size, size) } },
  ];
}

/** The bank of taps.py: the prompted frame and distances 2 and 1; pointers at distances 5, 2 and 1 of at most 15. */
export const attendCase = (c: VideoModelConfig, oriented: Tensors[string]): Case => ({
  name: 'attend',
  part: 'attend',
  inputs: {
    oriented,
    memory: given('memory', 3, tokensPerFrame(c), c.memory.channels),
    memory_times: i64(c.memory.slots - 1, 1, 0),
    pointers: given('pointers', 3, c.hidden),
    pointer_times: f32(Float32Array.of(5 / 15, 2 / 15, 1 / 15), [3]),
  },
});
