import { type Dim, type GraphBuilder, type Node, over, times } from '@rotokit/graph';

/** Epsilon of layer norms that follow the vision papers: Hiera, maps, memory encoder, mask embedding. */
export const EPS_VISION = 1e-6;
/** Epsilon of layer norms that keep PyTorch's default: the decoder's transformer, memory attention, the perceiver. */
export const EPS_DEFAULT = 1e-5;

const rows = (x: Node) => x.type.shape[1] as number;

/** `name`.weight [out, in] and `name`.bias over tokens [n, in] → [n, out]; the result is tapped under the layer's name. */
export function linear(g: GraphBuilder, x: Node, name: string, out: number, o: { bias?: boolean } = {}): Node {
  const l = g.in(name);
  const bias = o.bias === false ? undefined : l.weight('bias', [out]);
  return l.tap('', g.linear(x, l.weight('weight', [out, rows(x)]), bias));
}

/** A 1×1 convolution of the file as the linear layer over tokens that it is. */
export function pointwise(g: GraphBuilder, x: Node, name: string, out: number): Node {
  const l = g.in(name);
  const width = rows(x);
  const w = l.weight('weight', [out, width, 1, 1], [out, width]);
  return l.tap('', g.linear(x, w, l.weight('bias', [out])));
}

/** Layer norm of the last axis with the scale and shift of `name`. */
export function norm(g: GraphBuilder, x: Node, name: string, epsilon: number): Node {
  const l = g.in(name);
  const width = x.type.shape.at(-1) as number;
  return l.tap('', g.layerNorm(x, l.weight('weight', [width]), l.weight('bias', [width]), epsilon));
}

/** `proj_in`, `layers.0`, … and `proj_out` with ReLU between: the small networks of the heads. */
export function headMlp(
  g: GraphBuilder,
  x: Node,
  name: string,
  o: { width: number; out: number; inner?: number },
): Node {
  const l = g.in(name);
  let y = g.map('relu', linear(l, x, 'proj_in', o.width));
  for (let i = 0; i < (o.inner ?? 1); i++) y = g.map('relu', linear(l, y, `layers.${i}`, o.width));
  return linear(l, y, 'proj_out', o.out);
}

/** The weights' names are the model's own: `q_proj`, `k_proj`, `v_proj`, `o_proj` under `name`. All are tokens [n, width]. */
export function attention(
  g: GraphBuilder,
  name: string,
  [q, k, v]: readonly [Node, Node, Node],
  o: { width: number; heads: number; bias?: boolean },
): Node {
  const l = g.in(name);
  const one = (x: Node, part: string) => asBatch(g, linear(l, x, part, o.width, o));
  const y = g.attention(one(q, 'q_proj'), one(k, 'k_proj'), one(v, 'v_proj'), o.heads);
  return linear(l, asTokens(g, y), 'o_proj', rows(q), o);
}

/** Tokens [batch*n, width] as [batch, n, width], where the tokens of one attend to each other alone. */
export function asBatch(g: GraphBuilder, x: Node, batch = 1): Node {
  const [tokens, width] = x.type.shape as readonly [Dim, Dim];
  return g.reshape(x, [batch, over(tokens, batch)!, width]);
}

/** The other way round: [batch, n, width] as tokens [batch*n, width]. */
export function asTokens(g: GraphBuilder, x: Node): Node {
  const [batch, tokens, width] = x.type.shape as readonly [Dim, Dim, Dim];
  return g.reshape(x, [times(batch, tokens), width]);
}

/** A map [n, channels, height, width] as tokens [n*height*width, channels], row by row, one picture behind the other. */
export function tokensOf(g: GraphBuilder, map: Node): Node {
  const [n, channels, height, width] = map.type.shape as readonly [number, number, number, number];
  if (n === 1) return g.transpose(g.reshape(map, [channels, height * width]), [1, 0]);
  const turned = g.transpose(g.reshape(map, [n, channels, height * width]), [0, 2, 1]);
  return g.reshape(turned, [n * height * width, channels]);
}

/** Tokens [n*size*size, channels] as a map [n, channels, size, size]. */
export function mapOf(g: GraphBuilder, tokens: Node, size: number): Node {
  const [rows, channels] = tokens.type.shape as readonly [number, number];
  const n = rows / size ** 2;
  const turned =
    n === 1 ? g.transpose(tokens, [1, 0]) : g.transpose(g.reshape(tokens, [n, size * size, channels]), [0, 2, 1]);
  return g.reshape(turned, [n, channels, size, size]);
}

/** Tokens [n, width] over again, `times` times: [times*n, width]. */
export function repeated(g: GraphBuilder, x: Node, times: number): Node {
  return times === 1 ? x : asTokens(g, g.expand(asBatch(g, x), [times, ...x.type.shape]));
}

/** Two kinds of tokens of each of a batch, one kind behind the other: [batch*(n + m), width]. */
export function beside(g: GraphBuilder, x: Node, y: Node, batch: number): Node {
  if (batch === 1) return g.concat([x, y], 0);
  return asTokens(g, g.concat([asBatch(g, x, batch), asBatch(g, y, batch)], 1));
}

/** A row [1, width] for each of `n` tokens. */
export const repeatRow = (g: GraphBuilder, row: Node, n: Dim): Node => g.expand(row, [n, ...row.type.shape.slice(1)]);
