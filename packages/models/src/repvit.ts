import type { GraphBuilder, Node } from '@rotokit/graph';
import type { RepVitConfig } from './config.js';
import { tokensOf } from './layers.js';

/** Batch norm's epsilon, PyTorch's default. */
const EPS_BATCH = 1e-5;

const channelsOf = (map: Node) => map.type.shape[1] as number;

/** A convolution without bias (`c`) and the batch norm behind it (`bn`). `groups` are 1 or the channels. */
function convNorm(
  g: GraphBuilder,
  x: Node,
  name: string,
  o: { out: number; size: number; stride?: number; deep?: boolean },
): Node {
  const l = g.in(name);
  const [width, pad, stride] = [channelsOf(x), (o.size - 1) / 2, o.stride ?? 1];
  const w = l.weight('c.weight', [o.out, o.deep ? 1 : width, o.size, o.size]);
  const y = l.tap('c', g.conv(x, w, undefined, { stride, pad, groups: o.deep ? width : 1 }));
  const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    l.weight(`bn.${part}`, [o.out]),
  ) as [Node, Node, Node, Node];
  return l.tap('', g.batchNorm(y, scale, shift, mean, variance, EPS_BATCH));
}

/** Two 1×1 convolutions with GELU between, twice as wide inside. */
function mlp(g: GraphBuilder, x: Node, name: string): Node {
  const l = g.in(name);
  const width = channelsOf(x);
  const y = g.map('gelu', convNorm(l, x, 'conv1', { out: 2 * width, size: 1 }));
  return convNorm(l, y, 'conv2', { out: width, size: 1 });
}

/** Each channel by a weight in 0…1 that the means of all channels decide (Hu et al. 2018). */
function squeezeExcite(g: GraphBuilder, x: Node): Node {
  const l = g.in('se');
  const [n, width, height, columns] = x.type.shape as readonly [number, number, number, number];
  const inner = Math.max(8, 8 * Math.floor((width / 4 + 4) / 8));
  const mean = g.reshape(g.reduce('mean', g.reshape(x, [n * width, height * columns]), 1), [n, width]);
  const part = (t: Node, name: string, out: number) => {
    const w = l.weight(`${name}.weight`, [out, t.type.shape[1] as number, 1, 1], [out, t.type.shape[1] as number]);
    return g.linear(t, w, l.weight(`${name}.bias`, [out]));
  };
  const gate = g.map('sigmoid', part(g.map('relu', part(mean, 'fc1', inner)), 'fc2', width));
  return g.mul(x, g.reshape(gate, [n, width, 1, 1]));
}

/** Depthwise 3×3, 1×1 and identity side by side; squeeze-excite in every other block; then the channel mixer with a shortcut. */
function block(g: GraphBuilder, x: Node, excites: boolean): Node {
  const width = channelsOf(x);
  const m = g.in('token_mixer');
  const wide = convNorm(m, x, 'conv', { out: width, size: 3, deep: true });
  const point = convNorm(m, x, 'conv1', { out: width, size: 1, deep: true });
  const mixed = m.tap('', g.add(g.add(wide, point), x));
  const y = excites ? squeezeExcite(g, mixed) : mixed;
  return g.tap('', g.add(y, mlp(g, y, 'channel_mixer')));
}

/** Half the side, `out` channels. */
function downsample(g: GraphBuilder, x: Node, out: number): Node {
  const y = block(g.in('pre_block'), x, false);
  const small = convNorm(g, y, 'spatial_downsample', { out: channelsOf(y), size: 3, stride: 2, deep: true });
  const wide = convNorm(g, small, 'channel_downsample', { out, size: 1 });
  return g.tap('', g.add(wide, mlp(g, wide, 'ffn')));
}

/**
 * RepViT (`vision_encoder.backbone.timm_model`): pictures [n, 3, size, size] → the last map of each stage as tokens, finest
 * first: [n·(size/4)², channels 0] … [n·(size/32)², channels 3].
 */
export function repVit(g: GraphBuilder, image: Node, c: RepVitConfig): Node[] {
  const [first] = c.channels;
  const stem = g.map('gelu', convNorm(g, image, 'stem.conv1', { out: first / 2, size: 3, stride: 2 }));
  let x = convNorm(g, stem, 'stem.conv2', { out: first, size: 3, stride: 2 });
  return c.blocks.map((n, stage) => {
    const s = g.in(`stages_${stage}`);
    if (stage > 0) x = downsample(s.in('downsample'), x, c.channels[stage]!);
    for (let i = 0; i < n; i++) x = block(s.in('blocks').in(i), x, i % 2 === 0);
    return tokensOf(g, x);
  });
}
