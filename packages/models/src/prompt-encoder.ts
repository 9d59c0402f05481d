import type { GraphBuilder, Node } from '@rotokit/graph';
import type { VideoModelConfig } from './config.js';
import { gridOf } from './config.js';
import { EPS_VISION, norm, pointwise, repeatRow, tokensOf } from './layers.js';
import { fourier } from './positions.js';

/** Channels inside the mask embedding. */
const INNER = [4, 16] as const;

/**
 * Clicks and box corners as tokens [points+1, hidden]. `points` [points, 2] are x and y in pixels of the model's input, `labels`
 * [points]: 0 outside, 1 inside, 2 box top left, 3 box bottom right, -1 not a point.
 *
 * One token that is not a point is added behind them, always: the reference pads so whenever a box is given as two points.
 */
export function promptTokens(g: GraphBuilder, points: Node, labels: Node, c: VideoModelConfig): Node {
  const p = g.in('prompt_encoder');
  const gaussian = p.weight('shared_embedding.positional_embedding', [2, c.hidden / 2]);
  const scaled = g.mul(g.add(points, g.scalar(0.5)), g.scalar(1 / c.imageSize));
  const place = fourier(g, scaled, gaussian); // [points, hidden]
  const none = p.weight('not_a_point_embed.weight', [1, c.hidden]);
  const kinds = g.concat([none, p.weight('point_embed.weight', [4, c.hidden])], 0);
  const kind = g.gather(kinds, g.add(labels, g.constant(BigInt64Array.of(1n), [1])));
  const isPoint = g.combine('greater', labels, g.constant(BigInt64Array.of(-1n), [1]));
  const placed = g.where(
    g.reshape(isPoint, [labels.type.shape[0]!, 1]),
    place,
    g.constant(new Float32Array(1), [1, 1]),
  );
  return p.tap('points', g.concat([g.add(placed, kind), none], 0));
}

/**
 * A mask given as a prompt, as tokens that are added to the features: [grid², hidden]. `mask` [1, 1, 4·grid, 4·grid] are
 * logits; where `given` [1] is 0, the embedding of no mask stands in its place.
 */
export function promptMask(g: GraphBuilder, mask: Node, given: Node, c: VideoModelConfig): Node {
  const p = g.in('prompt_encoder');
  const m = p.in('mask_embed');
  let x = mask;
  for (const [i, out] of INNER.entries()) {
    const l = m.in(`conv${i + 1}`);
    const w = l.weight('weight', [out, i === 0 ? 1 : INNER[0], 2, 2]);
    const y = l.tap('', g.conv(x, w, l.weight('bias', [out]), { stride: 2 }));
    const side = y.type.shape[2] as number;
    const tokens = g.map('gelu', norm(m, tokensOf(g, y), `layer_norm${i + 1}`, EPS_VISION));
    x = g.reshape(g.transpose(tokens, [1, 0]), [1, out, side, side]);
  }
  const dense = pointwise(m, tokensOf(g, x), 'conv3', c.hidden);
  const none = repeatRow(g, p.weight('no_mask_embed.weight', [1, c.hidden]), gridOf(c) ** 2);
  return g.where(g.combine('greater', given, g.scalar(0.5)), dense, none);
}
