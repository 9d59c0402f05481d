import type { Tensor, Tensors } from '@rotokit/core/ports';
import { gridOf, type Part, randomTensor, tokensPerFrame, type VideoModelConfig } from '@rotokit/models';

/** A tensor of floats. */
export const floats = (data: Float32Array, ...shape: number[]): Tensor<'float32'> => ({ type: 'float32', shape, data });
/** A row of whole numbers. */
export const wholes = (...values: number[]): Tensor<'int64'> => ({
  type: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

const random = (name: string, ...shape: number[]) => floats(randomTensor(`input.${name}`, shape), ...shape);
const flag = (value: number) => floats(Float32Array.of(value), 1);

/** Pointers beside a bank of `frames`: SAM 2 keeps those of 16 frames once enough have passed. */
export const pointersBeside = (frames: number): number => Math.min(16, frames + 9);

/** A bank in the order of the tracker: the prompted frame, then the others from the oldest on; rows of the table of times. */
export const bankTimes = (frames: number, slots: number): Tensor<'int64'> =>
  wholes(...Array.from({ length: frames }, (_, i) => (i === 0 ? slots - 1 : frames - 1 - i)));

/** Fixed random inputs of every part of a tracked frame with a bank of `frames`. */
export function partInputs(c: VideoModelConfig, frames: number): Readonly<Record<Exclude<Part, 'mask'>, Tensors>> {
  const [n, h, side] = [gridOf(c) ** 2, c.hidden, c.imageSize];
  const features = random('features', n, h);
  const pointers = pointersBeside(frames);
  return {
    encode: { image: random('image', 1, 3, side, side) },
    orient: { features },
    attend: {
      oriented: features,
      memory: random('memory', frames, tokensPerFrame(c), c.memory.channels),
      memory_times: bankTimes(frames, c.memory.slots),
      pointers: random('pointers', pointers, h),
      pointer_times: floats(
        Float32Array.from({ length: pointers }, (_, i) => i / 15),
        pointers,
      ),
    },
    decode: {
      features,
      s1: random('s1', 4 * n, h / 4),
      s0: random('s0', 16 * n, h / 8),
      ...prompt(c),
    },
    memorise: { features, mask: random('mask', 1, 1, side / 4, side / 4), prompted: flag(0), object_score: flag(1) },
  };
}

/** What the decoder is told beside the maps: a click in pixels of the input on a first frame, or nothing. */
export function prompt(c: VideoModelConfig, click?: readonly [x: number, y: number]): Tensors {
  const side = c.imageSize / 4;
  return {
    points: floats(Float32Array.from(click ?? [0, 0]), 1, 2),
    labels: wholes(click ? 1 : -1),
    mask_prompt: floats(new Float32Array(side * side), 1, 1, side, side),
    mask_given: flag(0),
    first: flag(click ? 1 : 0),
  };
}
