import type { GraphBuilder, Node } from '@rotokit/graph';
import type { VideoModelConfig } from './config.js';
import { gridOf } from './config.js';
import { attention, EPS_DEFAULT, EPS_VISION, headMlp, linear, norm } from './layers.js';
import { cellCentres, fourier } from './positions.js';

/** Mask tokens: 0 is the answer to an unambiguous prompt, 1 to 3 are whole, part and subpart. */
const MASKS = 4;

/** All that the decoder offers; choosing among the candidates is left to the tracker. */
export interface Candidates {
  /** Logits at a quarter of the input's side: [4, 4·grid, 4·grid]. */
  readonly masks: Node;
  /** Predicted IoU of each candidate: [4]. */
  readonly ious: Node;
  /** Object pointer of each candidate, as if the object were there: [4, hidden]. */
  readonly pointers: Node;
  /** Logit of "the object is in the picture": [1]. */
  readonly objectScore: Node;
}

/** Tokens and picture attend to each other, twice. Norms stand behind the sums. */
function twoWayBlock(
  g: GraphBuilder,
  index: number,
  [queries, keys]: readonly [Node, Node],
  place: readonly [Node, Node],
  c: VideoModelConfig,
) {
  const l = g.in(`layers.${index}`);
  const { heads, mlp } = c.decoder;
  const [tokenPlace, imagePlace] = place;
  const narrow = { width: c.hidden / 2, heads };
  const n = (x: Node, i: number) => norm(l, x, `layer_norm${i}`, EPS_DEFAULT);

  // The first block has no positions yet, and its answer replaces the tokens.
  const q0 = index === 0 ? queries : g.add(queries, tokenPlace);
  const self = attention(l, 'self_attn', [q0, q0, queries], { width: c.hidden, heads });
  const q1 = n(index === 0 ? self : g.add(queries, self), 1);

  const image = g.add(keys, imagePlace);
  const seen = attention(l, 'cross_attn_token_to_image', [g.add(q1, tokenPlace), image, keys], narrow);
  const q2 = n(g.add(q1, seen), 2);

  const q3 = n(
    g.add(q2, linear(l.in('mlp'), g.map('relu', linear(l.in('mlp'), q2, 'proj_in', mlp)), 'proj_out', c.hidden)),
    3,
  );
  const told = attention(l, 'cross_attn_image_to_token', [image, g.add(q3, tokenPlace), q3], narrow);
  return [q3, n(g.add(keys, told), 4)] as const;
}

/** A transposed 2×2 convolution of stride 2 as the linear layer that it is: every token becomes four. */
function upscale(g: GraphBuilder, x: Node, name: string, side: number, out: number): Node {
  const l = g.in(name);
  const width = x.type.shape[1] as number;
  const kernel = g.transpose(l.weight('weight', [width, out, 2, 2]), [2, 3, 1, 0]); // [2, 2, out, width]
  const bias = l.weight('bias', [out]);
  const four = g.linear(x, g.reshape(kernel, [4 * out, width]), g.concat([bias, bias, bias, bias], 0));
  const lines = g.transpose(g.reshape(four, [side, side, 2, 2 * out]), [0, 2, 1, 3]);
  return l.tap('', g.reshape(lines, [4 * side * side, out]));
}

/**
 * The mask decoder (`mask_decoder`) and the pointer projection behind it. `image` are the features with the mask prompt
 * added, [grid², hidden]; `prompts` are the prompt tokens, [n, hidden]; `s1` and `s0` as the encoder gives them.
 */
export function maskDecoder(
  g: GraphBuilder,
  { image, prompts, s1, s0 }: { readonly image: Node; readonly prompts: Node; readonly s1: Node; readonly s0: Node },
  c: VideoModelConfig,
): Candidates {
  const d = g.in('mask_decoder');
  const row = (name: string, n: number) => d.weight(`${name}.weight`, [n, c.hidden]);
  const own = [row('obj_score_token', 1), row('iou_token', 1), row('mask_tokens', MASKS)];
  const tokens = g.concat([...own, prompts], 0); // [n+6, hidden]
  const imagePlace = fourier(
    g,
    cellCentres(g, gridOf(c)),
    g.weight('shared_image_embedding.positional_embedding', [2, c.hidden / 2]),
  );

  const t = d.in('transformer');
  let state: readonly [Node, Node] = [tokens, image];
  for (const i of [0, 1]) state = twoWayBlock(t, i, state, [tokens, imagePlace], c);
  const [queries, keys] = state;
  const last = [g.add(queries, tokens), g.add(keys, imagePlace), keys] as const;
  const seen = attention(t, 'final_attn_token_to_image', last, { width: c.hidden / 2, heads: c.decoder.heads });
  const out = norm(t, g.add(queries, seen), 'layer_norm_final_attn', EPS_DEFAULT);
  return heads(g, { out: firstRows(g, out, 2 + MASKS), keys, s1, s0 }, c);
}

/** The first rows of tokens whose number is known at run time only. */
const firstRows = (g: GraphBuilder, x: Node, n: number) =>
  g.gather(
    x,
    g.constant(
      BigInt64Array.from({ length: n }, (_, i) => BigInt(i)),
      [n],
    ),
  );

function heads(
  g: GraphBuilder,
  { out, keys, s1, s0 }: { out: Node; keys: Node; s1: Node; s0: Node },
  c: VideoModelConfig,
): Candidates {
  const d = g.in('mask_decoder');
  const [side, width] = [gridOf(c), c.hidden];
  const up1 = g.add(upscale(d, keys, 'upscale_conv1', side, width / 4), s1); // [(2·side)², width/4]
  const up2 = g.map('gelu', norm(d, up1, 'upscale_layer_norm', EPS_VISION));
  const map = g.map('gelu', g.add(upscale(d, up2, 'upscale_conv2', 2 * side, width / 8), s0)); // [(4·side)², width/8]

  const token = (i: number) => g.slice(out, 0, i, i + 1);
  const filters = Array.from({ length: MASKS }, (_, i) =>
    headMlp(d, token(2 + i), `output_hypernetworks_mlps.${i}`, { width, out: width / 8 }),
  );
  const masks = g.linear(g.concat(filters, 0), map); // [4, (4·side)²]
  const ious = g.map('sigmoid', headMlp(d, token(1), 'iou_prediction_head', { width, out: MASKS }));
  return {
    masks: g.reshape(masks, [MASKS, 4 * side, 4 * side]),
    ious: g.reshape(ious, [MASKS]),
    pointers: headMlp(g, g.slice(out, 0, 2, 2 + MASKS), 'object_pointer_proj', { width, out: width }),
    objectScore: g.reshape(headMlp(d, token(0), 'pred_obj_score_head', { width, out: 1 }), [1]),
  };
}
