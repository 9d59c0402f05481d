import { EIGHT_BIT, FUSIONS, type Graph, GraphBuilder, rewrite, times, type WeightIndex } from '@rotokit/graph';
import type { VideoModelConfig } from './config.js';
import { gridOf, tokensPerFrame } from './config.js';
import { imageEncoder } from './image-encoder.js';
import { maskDecoder } from './mask-decoder.js';
import { memoryAttention, orient } from './memory-attention.js';
import { memoryEncoder } from './memory-encoder.js';
import { promptMask, promptTokens } from './prompt-encoder.js';

/** The graphs of a model, in the order in which a tracked frame uses them. */
export const PARTS = ['encode', 'orient', 'attend', 'decode', 'memorise', 'mask'] as const;

/** The name of one graph of a model. */
export type Part = (typeof PARTS)[number];

/** `batch`: pictures or objects at once. */
type Build = (g: GraphBuilder, c: VideoModelConfig, batch: number) => void;

/** `image` [batch, 3, size, size], normalised → `features`, `s1`, `s0`: tokens, row by row. Once a frame. */
const encode: Build = (g, c, batch) => {
  const { features, s1, s0 } = imageEncoder(g, g.input('image', [batch, 3, c.imageSize, c.imageSize]), c);
  g.output('features', features);
  g.output('s1', s1);
  g.output('s0', s0);
};

/** `features` → `oriented`: the first self-attention of memory attention. Once a frame, for all objects. */
const orientGraph: Build = (g, c) =>
  g.output('oriented', orient(g, g.input('features', [gridOf(c) ** 2, c.hidden]), c));

/** `oriented` and the banks of `batch` objects → `conditioned` [batch·grid², hidden]. Any number of frames (at least one) and pointers, equal for all. */
const attend: Build = (g, c, batch) => {
  const oriented = g.input('oriented', [gridOf(c) ** 2, c.hidden]);
  const [frames, pointers] = [times(batch, 'frames'), times(batch, 'pointers')];
  const bank = {
    objects: batch,
    memory: g.input('memory', [frames, tokensPerFrame(c), c.memory.channels]),
    memoryTimes: g.input('memory_times', [frames], 'i64'),
    pointers: g.input('pointers', [pointers, c.hidden]),
    pointerTimes: g.input('pointer_times', [pointers]),
  };
  g.output('conditioned', memoryAttention(g, oriented, bank, c));
};

/**
 * `features` (or `conditioned`) and prompts → `masks` [4, 4·grid, 4·grid] logits, `ious` [4], `pointers` [4, hidden],
 * `object_score` [1], and `absent_pointer` [1, hidden], which stands for the object where it is hidden.
 * `first` [1] is 1 on a prompted frame that no memory is used for, else 0; `mask_given` [1] is 1 where `mask_prompt` counts.
 */
const decode: Build = (g, c) => {
  const [n, side] = [gridOf(c) ** 2, 4 * gridOf(c)];
  const features = g.input('features', [n, c.hidden]);
  const s1 = g.input('s1', [4 * n, c.hidden / 4]);
  const s0 = g.input('s0', [16 * n, c.hidden / 8]);
  const first = g.input('first', [1]);
  const prompts = promptTokens(g, g.input('points', ['points', 2]), g.input('labels', ['points'], 'i64'), c);
  const dense = promptMask(g, g.input('mask_prompt', [1, 1, side, side]), g.input('mask_given', [1]), c);
  const noMemory = g.mul(first, g.weight('no_memory_embedding', [1, 1, c.hidden], [1, c.hidden]));
  const image = g.add(g.add(features, noMemory), dense);
  const candidates = maskDecoder(g, { image, prompts, s1, s0 }, c);
  g.output('masks', candidates.masks);
  g.output('ious', candidates.ious);
  g.output('pointers', candidates.pointers);
  g.output('object_score', candidates.objectScore);
  g.output('absent_pointer', g.weight('no_object_pointer', [1, c.hidden]));
};

/** `features`, `mask` [batch, 1, height, width] logits, `prompted` [1], `object_score` [batch] → `memory` [batch·tokens of a frame, channels]. */
const memorise: Build = (g, c, batch) => {
  const features = g.input('features', [gridOf(c) ** 2, c.hidden]);
  const mask = g.input('mask', [batch, 1, 'height', 'width']);
  const [prompted, objectScore] = [g.input('prompted', [1]), g.input('object_score', [batch])];
  g.output('memory', memoryEncoder(g, { features, mask, prompted, objectScore }, c));
};

/** A mask that a person gives, `mask` [1, 1, size, size] of 0 and 1 → `mask_prompt` for the decoder, [1, 1, 4·grid, 4·grid]. */
const mask: Build = (g, c) => {
  const d = g.in('mask_downsample');
  const given = g.input('mask', [1, 1, c.imageSize, c.imageSize]);
  g.output('mask_prompt', g.conv(given, d.weight('weight', [1, 1, 4, 4]), d.weight('bias', [1]), { stride: 4 }));
};

const BUILDS: Readonly<Record<Part, Build>> = { encode, orient: orientGraph, attend, decode, memorise, mask };

/** Parts that take several pictures or several objects in one run. */
const BATCHED: ReadonlySet<Part> = new Set(['encode', 'attend', 'memorise']);

/**
 * One graph of a model as the paper has it, every intermediate tapped under the name of the module that makes it in the
 * checkpoint. Throws `WeightsError` where `weights` lack a tensor or hold another shape.
 */
export function paperGraph(part: Part, config: VideoModelConfig, weights: WeightIndex, batch = 1): Graph {
  if (!Number.isInteger(batch) || batch < 1 || (batch > 1 && !BATCHED.has(part)))
    throw new RangeError(`batch: ${part} takes ${BATCHED.has(part) ? '1 or more' : '1'} at a time, got ${batch}`);
  const g = new GraphBuilder(weights);
  BUILDS[part](g, config, batch);
  return g.build(`${config.name}/${part}`);
}

/** What a graph may give up to be faster. Everything is off by default. */
export interface FastOptions {
  /**
   * Linear layers by 8-bit products. For `encode` alone: in what remembers, decodes and attends, rounding adds up from
   * frame to frame.
   */
  readonly eightBit?: boolean;
  /** See `paperGraph`. */
  readonly batch?: number;
}

/** The same, rewritten to do less, with the same numbers up to rounding unless `options` say otherwise. See `FUSIONS`. */
export function fastGraph(
  part: Part,
  config: VideoModelConfig,
  weights: WeightIndex,
  options: FastOptions = {},
): Graph {
  if (options.eightBit && part !== 'encode')
    throw new RangeError(`eightBit: ${part} is not to be rounded, encode alone is`);
  const graph = rewrite(paperGraph(part, config, weights, options.batch), FUSIONS);
  return options.eightBit ? rewrite(graph, EIGHT_BIT) : graph;
}
