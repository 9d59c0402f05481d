import type { GraphBuilder, Node } from '@rotokit/graph';
import type { PerceiverConfig } from './config.js';
import { asBatch, asTokens, beside, EPS_DEFAULT, repeated } from './layers.js';

/**
 * A linear layer without bias. Both kinds of latents pass the same layers, so their intermediates have no name of their own:
 * nothing here is tapped.
 */
const project = (g: GraphBuilder, x: Node, name: string, out: number) =>
  g.linear(x, g.weight(`${name}.weight`, [out, x.type.shape[1] as number]));

const normed = (g: GraphBuilder, x: Node, name: string) => {
  const l = g.in(name);
  const width = x.type.shape[1] as number;
  return g.layerNorm(x, l.weight('weight', [width]), l.weight('bias', [width]), EPS_DEFAULT);
};

function mlp(g: GraphBuilder, x: Node, name: string, inner: number): Node {
  const l = g.in(name);
  const y = g.map('gelu', project(l, normed(l, x, 'layer_norm'), 'up_proj', inner));
  return g.add(x, project(l, y, 'down_proj', x.type.shape[1] as number));
}

/** What latents read from a memory: they attend within each of `groups` groups of equal size. */
interface Reading {
  readonly memory: Node;
  readonly groups: number;
  /** Memories, one behind the other. */
  readonly maps: number;
  /** Positions of the memory's tokens; the reference adds them to the projected keys and to the projected values. */
  readonly place?: Node;
}

function layer(g: GraphBuilder, latents: Node, { memory, groups, maps, place }: Reading, c: PerceiverConfig): Node {
  const width = latents.type.shape[1] as number;
  const grouped = (x: Node) => g.reshape(x, [groups, (x.type.shape[0] as number) / groups, width]);
  const placed = (x: Node) => grouped(place ? g.add(x, place) : x);
  const attends = (x: Node) => asBatch(g, x, maps);
  const cross = g.in('cross_attention');
  const read = normed(g, memory, 'layer_norm_input');
  const q = grouped(project(cross, normed(g, latents, 'layer_norm_latents'), 'q_proj', width));
  const [k, v] = ['k_proj', 'v_proj'].map((name) => placed(project(cross, read, name, width))) as [Node, Node];
  const seen = g.reshape(g.attention(q, k, v, 1), latents.type.shape);
  const x = mlp(g, g.add(latents, project(cross, seen, 'o_proj', width)), 'mlp', c.mlp);

  const self = g.in('self_attention');
  const y = normed(g, x, 'layer_norm_self');
  const part = (name: string) => project(self, y, name, width);
  // A token that attends to itself alone answers with its own value.
  const alone = groups === x.type.shape[0];
  const own = alone
    ? part('v_proj')
    : asTokens(g, g.attention(attends(part('q_proj')), attends(part('k_proj')), attends(part('v_proj')), 1));
  return mlp(g, g.add(x, project(self, own, 'o_proj', width)), 'self_mlp', c.mlp);
}

/**
 * EdgeTAM's two-dimensional spatial perceiver (`spatial_perceiver`): each memory [side², channels] becomes `latents1d` tokens that
 * read all of it, followed by grid² tokens that read one window each: [maps*(latents1d + grid²), channels].
 */
export function spatialPerceiver(
  g: GraphBuilder,
  { memory, place, maps }: { readonly memory: Node; readonly place: Node; readonly maps: number },
  c: PerceiverConfig,
): Node {
  const [tokens, channels] = memory.type.shape as readonly [number, number];
  const [side, cells] = [Math.sqrt(tokens / maps), c.grid ** 2];
  const window = side / c.grid;
  const cut = g.transpose(g.reshape(memory, [maps * c.grid, window, c.grid, window * channels]), [0, 2, 1, 3]);
  const windows = g.reshape(cut, [tokens, channels]);
  const latents = (name: string, n: number) => repeated(g, g.weight(name, [n, channels]), maps);
  let [global, local] = [latents('latents_1d', c.latents1d), latents('latents_2d', cells)];
  const places = repeated(g, place, maps);
  for (let i = 0; i < c.layers; i++) {
    const l = g.in(`layers.${i}`);
    global = layer(l, global, { memory, groups: maps, maps, place: places }, c);
    local = layer(l, local, { memory: windows, groups: maps * cells, maps }, c);
  }
  return beside(g, normed(g, global, 'layer_norm'), normed(g, local, 'layer_norm'), maps);
}
