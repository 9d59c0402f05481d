import type { GraphBuilder } from '../tensor/builder.js';
import { elements, type Shape, sameShape, times } from '../tensor/dim.js';
import type { Node } from '../tensor/node.js';
import type { Rule } from './rewrite.js';

const num = (node: Node, key: string) => node.attributes[key] as number;

/** Rows of a fixed tensor: of the file itself where it is a weight, so that nothing is copied. */
function rowsOf(g: GraphBuilder, node: Node, from: number, to: number): Node {
  if (node.op === 'cast') return g.cast(rowsOf(g, node.sources[0]!, from, to), node.type.dtype);
  if (node.op !== 'weight' || node.attributes.from !== undefined) return g.slice(node, 0, from, to);
  return g.make('weight', [], { ...node.attributes, from, to });
}

const mergeReshapes: Rule = {
  name: 'merge-reshapes',
  why: 'Only the last of several reshapes decides.',
  op: 'reshape',
  apply: (node, { g }) => {
    const inner = node.sources[0]!;
    const source = inner.op === 'reshape' ? inner.sources[0]! : inner;
    if (sameShape(source.type.shape, node.type.shape)) return source;
    return inner.op === 'reshape' ? g.reshape(source, node.type.shape) : undefined;
  },
};

const sliceLinear: Rule = {
  name: 'slice-linear',
  why: 'Columns of a linear layer are the linear layer of those rows of its weight: no pass over the data to split it.',
  op: 'slice',
  apply: (node, { g, fixed }) => {
    const [layer, from, to] = [node.sources[0]!, num(node, 'from'), num(node, 'to')];
    if (layer.op !== 'linear' || num(node, 'axis') !== 1 || !fixed(layer.sources[1]!)) return undefined;
    const [x, w, b] = layer.sources;
    return g.linear(x!, rowsOf(g, w!, from, to), b && rowsOf(g, b, from, to));
  },
};

const lateValues: Rule = {
  name: 'late-values',
  why: 'Attention weights sum to 1, so Wv(Σp·m)+bv = Σp(Wv·m+bv): values stay narrow while they are averaged.',
  op: 'attention',
  apply: (node, { g, single, fixed }) => {
    const [q, k, v] = node.sources as [Node, Node, Node];
    if (num(node, 'heads') !== 1 || v.op !== 'reshape' || !single(v)) return undefined;
    const layer = v.sources[0]!;
    if (layer.op !== 'linear' || !single(layer) || !fixed(layer.sources[1]!)) return undefined;
    const [m, w, b] = layer.sources as [Node, Node, Node | undefined];
    const [narrow, wide] = [m.type.shape[1] as number, v.type.shape[2] as number];
    if (narrow >= wide) return undefined;
    const mean = g.attention(q, k, g.reshape(m, [v.type.shape[0]!, v.type.shape[1]!, narrow]), 1);
    const rows = times(q.type.shape[0]!, q.type.shape[1]!);
    return g.reshape(g.linear(g.reshape(mean, [rows, narrow]), w, b), node.type.shape);
  },
};

const foldLinears: Rule = {
  name: 'fold-linears',
  why: 'Two linear layers in a row are one, whose weight is the product: fewer operations where the middle is wide.',
  op: 'linear',
  apply: (node, { g, single, fixed }) => {
    const [inner, w2, b2] = node.sources as [Node, Node, Node | undefined];
    if (inner.op !== 'linear' || !single(inner) || !fixed(w2) || !fixed(inner.sources[1]!)) return undefined;
    const [x, w1, b1] = inner.sources as [Node, Node, Node | undefined];
    const [entry, middle, exit] = [w1.type.shape[1], w1.type.shape[0], w2.type.shape[0]] as [number, number, number];
    if (entry * exit >= middle * (entry + exit)) return undefined;
    const w = g.matmul(w2, w1);
    const b = b1 ? g.reshape(g.linear(g.reshape(b1, [1, middle]), w2, b2), [exit]) : b2;
    return g.linear(x, w, b);
  },
};

const transposedLinear: Rule = {
  name: 'transposed-linear',
  why: 'The product with its factors exchanged is the transposed map: no pass over the data to turn it.',
  op: 'transpose',
  apply: (node, { g, single }) => {
    const layer = node.sources[0]!;
    if (layer.op !== 'linear' || !single(layer)) return undefined;
    const [x, w, b] = layer.sources;
    return g.columns(x!, w!, b);
  },
};

const convBatchNorm: Rule = {
  name: 'conv-batch-norm',
  why: 'A fixed scale and shift of each channel belongs into the kernel and the bias.',
  op: 'batchNorm',
  apply: (node, { g, single }) => {
    const [conv, scale, shift, mean, variance] = node.sources as [Node, Node, Node, Node, Node];
    if (conv.op !== 'conv' || !single(conv)) return undefined;
    const [x, w, b] = conv.sources as [Node, Node, Node | undefined];
    const factor = g.combine('div', scale, g.map('sqrt', g.add(variance, g.scalar(num(node, 'epsilon')))));
    const kernel = g.mul(w, g.reshape(factor, [w.type.shape[0]!, 1, 1, 1]));
    const from = b ? g.combine('sub', b, mean) : g.combine('sub', g.constant(new Float32Array(1), [1]), mean);
    return g.make('conv', [x, kernel, g.add(shift, g.mul(from, factor))], conv.attributes);
  },
};

/** The middle of a kernel is 1 and the rest 0: the depthwise convolution that changes nothing. */
function identityKernel(g: GraphBuilder, shape: Shape): Node {
  const size = elements(shape) as number;
  const [height, width] = shape.slice(2) as number[];
  const area = height! * width!;
  const data = Float32Array.from({ length: size }, (_, i) => (i % area === (area - 1) / 2 ? 1 : 0));
  return g.constant(data, shape as number[]);
}

const mergeDepthwise: Rule = {
  name: 'merge-depthwise',
  why: 'Parallel depthwise convolutions of one map and the map itself are one convolution (RepVGG, Ding et al. 2021).',
  op: 'combine',
  apply: (node, { g, single }) => {
    if (node.attributes.by !== 'add') return undefined;
    const [a, b] = node.sources as [Node, Node];
    if (a.op !== 'conv' || !single(a) || num(a, 'stride') !== 1 || num(a, 'groups') === 1) return undefined;
    const [x, w, bias] = a.sources as [Node, Node, Node | undefined];
    if (w.type.shape[1] !== 1 || num(a, 'pad') * 2 + 1 !== w.type.shape[2]) return undefined;
    if (b === x)
      return g.make('conv', [x, g.add(w, identityKernel(g, w.type.shape)), ...(bias ? [bias] : [])], a.attributes);
    if (b.op !== 'conv' || b.sources[0] !== x || !single(b) || num(b, 'groups') !== num(a, 'groups')) return undefined;
    const [, w2, bias2] = b.sources as [Node, Node, Node | undefined];
    if (num(b, 'stride') !== 1 || num(b, 'pad') !== 0 || w2.type.shape[2] !== 1 || !bias || !bias2) return undefined;
    const p = num(a, 'pad');
    const kernel = g.add(w, g.pad(w2, [0, 0, p, p], [0, 0, p, p]));
    return g.make('conv', [x, kernel, g.add(bias, bias2)], a.attributes);
  },
};

/** Fewer rows are not worth the rounding. */
const EIGHT_BIT_ROWS = 256;

/** Linear layers over many tokens by 8-bit products: faster where the processor multiplies bytes, and no longer the same numbers. */
export const EIGHT_BIT: readonly Rule[] = [
  {
    name: 'eight-bit',
    why: 'A product of bytes costs a quarter of a product of floats; rounding to steps changes the result by some per cent.',
    op: 'linear',
    apply: (node, { g, fixed }) => {
      const [x, w] = node.sources as [Node, Node];
      const rows = x.type.shape[0]!;
      if (!fixed(w) || fixed(x) || (typeof rows === 'number' && rows < EIGHT_BIT_ROWS)) return undefined;
      return g.make('linear8', node.sources);
    },
  },
];

/** Rewrites that leave every number the same up to rounding and save work. Order does not matter. */
export const FUSIONS: readonly Rule[] = [
  mergeReshapes,
  sliceLinear,
  lateValues,
  foldLinears,
  transposedLinear,
  convBatchNorm,
  mergeDepthwise,
];
