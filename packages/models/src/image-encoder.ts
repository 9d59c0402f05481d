import type { GraphBuilder, Node } from '@rotokit/graph';
import type { VideoModelConfig } from './config.js';
import { gridOf } from './config.js';
import { hiera } from './hiera.js';
import { pointwise } from './layers.js';
import { repVit } from './repvit.js';

/** What pictures are to everything behind the encoder. Tokens, row by row, those of one picture behind those of the other. */
export interface Features {
  /** Stride 16: [n·(size/16)², hidden]. */
  readonly features: Node;
  /** Stride 8, as the decoder needs it: [n·(size/8)², hidden/4]. */
  readonly s1: Node;
  /** Stride 4, as the decoder needs it: [n·(size/4)², hidden/8]. */
  readonly s0: Node;
}

/** Every token of side×side maps twice in both directions. */
function double(g: GraphBuilder, x: Node, side: number): Node {
  const [n, width] = x.type.shape as readonly [number, number];
  const lines = n / side;
  const cells = g.expand(g.reshape(x, [lines, 1, side, 1, width]), [lines, 2, side, 2, width]);
  return g.reshape(cells, [4 * n, width]);
}

/**
 * Backbone and neck (`vision_encoder`), and the two convolutions of the decoder that depend on the picture alone.
 *
 * The neck numbers its convolutions from coarse to fine. Coarse features are added top-down into stride 16 only; strides 4 and 8
 * are lateral, and stride 32 is dropped.
 */
export function imageEncoder(g: GraphBuilder, image: Node, c: VideoModelConfig): Features {
  const v = g.in('vision_encoder');
  const [fine, middle, coarse, top] = (
    c.encoder.kind === 'hiera'
      ? hiera(v.in('backbone'), image, c.encoder)
      : repVit(v.in('backbone.timm_model'), image, c.encoder)
  ) as [Node, Node, Node, Node];
  const lateral = (x: Node, i: number) => pointwise(v.in('neck.convs'), x, String(i), c.hidden);
  const d = g.in('mask_decoder');
  return {
    features: g.tap('features', g.add(lateral(coarse, 1), double(g, lateral(top, 0), gridOf(c) / 2))),
    s1: pointwise(d, lateral(middle, 2), 'conv_s1', c.hidden / 4),
    s0: pointwise(d, lateral(fine, 3), 'conv_s0', c.hidden / 8),
  };
}
