import type { GraphBuilder, Node } from '@rotokit/graph';
import type { VideoModelConfig } from './config.js';
import { gridOf } from './config.js';
import { asBatch, asTokens, EPS_VISION, linear, mapOf, norm, pointwise, repeated, tokensOf } from './layers.js';
import { sinePlaces } from './positions.js';
import { spatialPerceiver } from './spatial-perceiver.js';

/** Channels of the mask while its side halves four times. */
const MASK_CHANNELS = [1, 4, 16, 64, 256] as const;

/** What one frame of each of several objects is remembered by, from `memoryEncoder`'s inputs. */
export interface MemoryInputs {
  /** Features of the picture as the encoder gave them, without any memory: [grid², hidden]. */
  readonly features: Node;
  /** Mask logits at any resolution: [objects, 1, height, width]. */
  readonly mask: Node;
  /** 1 where a person prompted the frame: masks are made hard; else 0. [1] */
  readonly prompted: Node;
  /** Logit of each object's presence: [objects]. */
  readonly objectScore: Node;
}

/** Logits to the numbers that the memory encoder reads: 20·p − 10, with p hard on prompted frames and soft elsewhere. */
function readable(g: GraphBuilder, { mask, prompted }: MemoryInputs, c: VideoModelConfig): Node {
  const large = g.resize(mask, 'linear', [c.imageSize, c.imageSize]); // [1, 1, size, size]
  const hard = g.where(g.combine('greater', large, g.scalar(0)), g.scalar(1), g.scalar(0));
  const p = g.where(g.combine('greater', prompted, g.scalar(0.5)), hard, g.map('sigmoid', large));
  return g.combine('sub', g.mul(p, g.scalar(20)), g.scalar(10));
}

/** [objects, 1, size, size] → tokens [objects*grid², hidden]. */
function maskDownsampler(g: GraphBuilder, mask: Node, c: VideoModelConfig): Node {
  const m = g.in('mask_downsampler');
  let x = mask;
  let tokens = mask;
  for (let i = 0; i < 4; i++) {
    const l = m.in(`layers.${i}`);
    const [before, after] = [MASK_CHANNELS[i]!, MASK_CHANNELS[i + 1]!];
    const w = l.weight('conv.weight', [after, before, 3, 3]);
    const y = l.tap('conv', g.conv(x, w, l.weight('conv.bias', [after]), { stride: 2, pad: 1 }));
    tokens = g.map('gelu', norm(l, tokensOf(g, y), 'layer_norm', EPS_VISION));
    x = i < 3 ? mapOf(g, tokens, y.type.shape[2] as number) : x;
  }
  return pointwise(m, tokens, 'final_conv', c.hidden);
}

/** A ConvNeXt block (Liu et al. 2022): depthwise 7×7, norm, two linear layers, scaled, added. */
function fuserBlock(g: GraphBuilder, x: Node, c: VideoModelConfig): Node {
  const l = g.in('depthwise_conv');
  const w = l.weight('weight', [c.hidden, 1, 7, 7]);
  const map = l.tap('', g.conv(mapOf(g, x, gridOf(c)), w, l.weight('bias', [c.hidden]), { pad: 3, groups: c.hidden }));
  const y = g.map(
    'gelu',
    linear(g, norm(g, tokensOf(g, map), 'layer_norm', EPS_VISION), 'pointwise_conv1', c.memory.fuserMlp),
  );
  return g.tap('', g.add(x, g.mul(linear(g, y, 'pointwise_conv2', c.hidden), g.weight('scale', [c.hidden]))));
}

/**
 * The memory encoder (`memory_encoder`), and EdgeTAM's perceiver behind it: [objects*tokens of a frame, channels]. Positions are not added
 * here but where the memory is read, because they depend on how long ago that is.
 */
export function memoryEncoder(g: GraphBuilder, inputs: MemoryInputs, c: VideoModelConfig): Node {
  const m = g.in('memory_encoder');
  const objects = inputs.mask.type.shape[0] as number;
  const mask = maskDownsampler(m, readable(g, inputs, c), c);
  const picture = pointwise(m, inputs.features, 'feature_projection', c.hidden);
  let x = g.add(repeated(g, picture, objects), mask); // [objects*grid², hidden]
  for (const i of [0, 1]) x = fuserBlock(m.in(`memory_fuser.layers.${i}`), x, c);
  const { channels, marksOcclusion, rounds, perceiver } = c.memory;
  let memory = pointwise(m, x, 'projection', channels); // [objects*grid², channels]
  if (marksOcclusion) {
    const hidden = g.weight('occlusion_spatial_embedding_parameter', [1, channels]);
    const there = g.combine('greater', inputs.objectScore, g.scalar(0));
    memory =
      objects === 1
        ? g.add(memory, g.where(there, g.scalar(0), hidden))
        : asTokens(
            g,
            g.add(asBatch(g, memory, objects), g.where(g.reshape(there, [objects, 1, 1]), g.scalar(0), hidden)),
          );
  }
  g.tap('memory_exact', memory);
  if (rounds) memory = g.cast(g.cast(memory, 'bf16'), 'f32');
  if (!perceiver) return memory;
  const place = sinePlaces(g, gridOf(c), channels);
  return spatialPerceiver(g.in('spatial_perceiver'), { memory, place, maps: objects }, perceiver);
}
