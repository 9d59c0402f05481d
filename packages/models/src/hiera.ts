import type { GraphBuilder, Node } from '@rotokit/graph';
import type { HieraConfig } from './config.js';
import { EPS_VISION, linear, norm, tokensOf } from './layers.js';
import { cubicMatrix } from './positions.js';

/** Windows of the first stage, to which the fine position table belongs. */
const FINE = 8;

/** Square maps as tokens, one behind the other: [n·side², dim], row by row. */
interface TokenMap {
  readonly x: Node;
  readonly side: number;
}

interface Block {
  readonly dim: number;
  readonly heads: number;
  /** Side of the windows, 0 for the whole picture. */
  readonly window: number;
  /** Whether queries are pooled 2×2, which halves the map. */
  readonly pools: boolean;
}

/** The largest of each 2×2 cells of tokens that lie in squares of `side`. */
function pool(g: GraphBuilder, x: Node, side: number): Node {
  const [n, dim] = x.type.shape as readonly number[];
  const lines = g.reduce('max', g.reshape(x, [n! / side / 2, 2, side * dim!]), 1);
  const cells = g.reduce('max', g.reshape(lines, [n! / 4, 2, dim!]), 1);
  return g.reshape(cells, [n! / 4, dim!]);
}

/** The axis of pictures, which is there only where there are several. */
const several = (maps: number) => (maps === 1 ? [] : [maps]);

/** Cuts maps into windows, row by row, with zeros at the right and bottom where they do not divide them: [n·window², dim]. */
function cut(g: GraphBuilder, { x, side }: TokenMap, window: number): Node {
  const [tokens, dim] = x.type.shape as readonly [number, number];
  const maps = several(tokens / side ** 2);
  const n = Math.ceil(side / window);
  const rest = n * window - side;
  const none = maps.map(() => 0);
  const padded = g.pad(g.reshape(x, [...maps, side, side, dim]), [...none, 0, 0, 0], [...none, rest, rest, 0]);
  const lines = n * (maps[0] ?? 1);
  const split = g.reshape(padded, [lines, window, n, window * dim]);
  return g.reshape(g.transpose(split, [0, 2, 1, 3]), [lines * n * window * window, dim]);
}

/** Puts windows back into maps of `side`, without the padding. */
function join(g: GraphBuilder, x: Node, side: number, window: number): Node {
  const [tokens, dim] = x.type.shape as readonly [number, number];
  const n = Math.ceil(side / window);
  const lines = tokens / (n * window * window);
  const turned = g.transpose(g.reshape(x, [lines, n, window, window * dim]), [0, 2, 1, 3]);
  const maps = several(lines / n);
  const map = g.reshape(turned, [...maps, n * window, n * window, dim]);
  const cropped = g.slice(g.slice(map, maps.length, 0, side), maps.length + 1, 0, side);
  return g.reshape(cropped, [(lines / n) * side * side, dim]);
}

function attend(g: GraphBuilder, y: Node, side: number, b: Block): Node {
  const a = g.in('attn');
  const window = b.window || side;
  const x = b.window ? cut(g, { x: y, side }, window) : y;
  const qkv = linear(a, x, 'qkv', 3 * b.dim); // [n, 3·dim]
  const [q, k, v] = [0, 1, 2].map((i) => g.slice(qkv, 1, i * b.dim, (i + 1) * b.dim)) as [Node, Node, Node];
  const pooled = b.pools ? pool(g, q, window) : q;
  const windows = (x.type.shape[0] as number) / window ** 2;
  const batch = (t: Node) => g.reshape(t, [windows, (t.type.shape[0] as number) / windows, b.dim]);
  const out = g.attention(batch(pooled), batch(k), batch(v), b.heads);
  const half = b.pools ? 2 : 1;
  const flat = g.reshape(out, [pooled.type.shape[0]!, b.dim]);
  const map = b.window ? join(g, flat, side / half, window / half) : flat;
  // Behind the windows, not inside: the padding is gone and need not be multiplied.
  return g.linear(map, a.weight('proj.weight', [b.dim, b.dim]), a.weight('proj.bias', [b.dim]));
}

function block(g: GraphBuilder, { x, side }: TokenMap, b: Block): TokenMap {
  const y = norm(g, x, 'layer_norm1', EPS_VISION);
  const wide = x.type.shape[1] === b.dim ? x : pool(g, linear(g, y, 'proj', b.dim), side);
  const h = g.add(wide, attend(g, y, side, b));
  const mlp = g.in('mlp');
  const z = g.map('gelu', linear(mlp, norm(g, h, 'layer_norm2', EPS_VISION), 'proj_in', 4 * b.dim));
  return { x: g.tap('', g.add(h, linear(mlp, z, 'proj_out', b.dim))), side: b.pools ? side / 2 : side };
}

/**
 * Adds `pos_embed` stretched over the map and `pos_embed_window` repeated over it: [maps, dim, side, side] → the same. Both are the same
 * for every picture, but only the first is kept unfolded: repeated, the second would fill as much memory again.
 */
function placed(g: GraphBuilder, patches: Node, c: HieraConfig, side: number): Node {
  const [coarse, dim, n] = [c.background, c.dim, side / FINE];
  const rows = g.constant(cubicMatrix(coarse, side), [side, coarse]);
  const background = g.weight('pos_embed', [1, dim, coarse, coarse], [dim, coarse, coarse]);
  const smooth = g.matmul(rows, g.matmul(background, g.transpose(rows, [1, 0]))); // [dim, side, side]
  const window = g.weight('pos_embed_window', [1, dim, FINE, FINE], [dim, 1, FINE, 1, FINE]);
  const band = g.reshape(g.expand(window, [dim, 1, FINE, n, FINE]), [dim, 1, FINE, side]);
  const maps = several(patches.type.shape[0] as number);
  const coarsely = g.add(g.reshape(patches, [...maps, dim, side, side]), smooth);
  return g.reshape(g.add(g.reshape(coarsely, [...maps, dim, n, FINE, side]), band), patches.type.shape);
}

/** All blocks in order. The first of stages 2 to 4 pools, and takes its window from the stage before. */
function blocksOf(c: HieraConfig): { readonly stage: number; readonly last: boolean; readonly spec: Block }[] {
  const all = c.blocks.flatMap((n, stage) => Array.from({ length: n }, (_, i) => ({ stage, i, last: i === n - 1 })));
  return all.map(({ stage, i, last }, index) => {
    const pools = stage > 0 && i === 0;
    const window = c.globalBlocks.includes(index) ? 0 : c.windows[pools ? stage - 1 : stage]!;
    return { stage, last, spec: { dim: c.dim * 2 ** stage, heads: c.heads * 2 ** stage, window, pools } };
  });
}

/**
 * Hiera (`vision_encoder.backbone`): pictures [n, 3, size, size] → the last map of each stage as tokens, finest first:
 * [n·(size/4)², dim], [n·(size/8)², 2·dim], [n·(size/16)², 4·dim], [n·(size/32)², 8·dim].
 *
 * Padded tokens of windows are not masked: they take part as keys and values, equal to the bias of `qkv`.
 */
export function hiera(g: GraphBuilder, image: Node, c: HieraConfig): Node[] {
  const side = (image.type.shape[2] as number) / 4;
  const p = g.in('patch_embed.projection');
  const patches = p.tap(
    '',
    g.conv(image, p.weight('weight', [c.dim, 3, 7, 7]), p.weight('bias', [c.dim]), { stride: 4, pad: 3 }),
  );
  let map: TokenMap = { x: tokensOf(g, placed(g, patches, c, side)), side }; // [side², dim]
  const stages: Node[] = [];
  for (const [index, { last, spec }] of blocksOf(c).entries()) {
    map = block(g.in('blocks').in(index), map, spec);
    if (last) stages.push(map.x);
  }
  return stages;
}
