import type { Dim } from '../tensor/dim.js';
import { GraphError } from '../tensor/errors.js';
import type { Node } from '../tensor/node.js';
import type { Op } from '../tensor/ops.js';

/** An attribute of an ONNX node; the kind decides the field it is written to and is never guessed from the digits. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string };

/** Collects the ONNX nodes of one graph node; values are known by name, an absent optional input is the empty name. */
export interface Emit {
  readonly op: (type: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>) => string;
  /** A small tensor of whole numbers that an operator takes as an input. */
  readonly integers: (values: readonly number[]) => string;
}

/** The standard domain is the empty prefix; ONNX Runtime's own operators carry theirs. */
const RUNTIME = 'com.microsoft.';

const int = (value: number): OnnxAttribute => ({ kind: 'int', value });
const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });
const float = (value: number): OnnxAttribute => ({ kind: 'float', value });
const string = (value: string): OnnxAttribute => ({ kind: 'string', value });

/** A shape as an input of `Reshape`: one unknown length may be left to the runtime as -1. */
function lengths(node: Node, shape: readonly Dim[]): number[] {
  const numbers = shape.map((d) => (typeof d === 'number' ? d : -1));
  if (numbers.filter((d) => d < 0).length > 1)
    throw new GraphError('onnx', node.op, `more than one unknown length in [${shape.join(', ')}]`);
  return numbers;
}

const upper = (name: unknown) => String(name)[0]!.toUpperCase() + String(name).slice(1);
const pairs = (n: number) => [n, n];
const num = (node: Node, key: string) => node.attributes[key] as number;
const list = (node: Node, key: string) => node.attributes[key] as readonly number[];

/** ONNX's numbers of element types (TensorProto.DataType). */
export const ELEMENT = { f32: 1, i64: 7, bool: 9, f16: 10, bf16: 16 } as const;

const RESIZE: Readonly<Record<string, Record<string, OnnxAttribute>>> = {
  nearest: {
    mode: string('nearest'),
    coordinate_transformation_mode: string('asymmetric'),
    nearest_mode: string('floor'),
  },
  linear: { mode: string('linear'), coordinate_transformation_mode: string('half_pixel') },
  cubic: { mode: string('cubic'), coordinate_transformation_mode: string('half_pixel'), cubic_coeff_a: float(-0.75) },
};

type Lowering = (e: Emit, node: Node, inputs: readonly string[]) => string;

/** ONNX's number of the 8-bit integer type. */
const INT8 = 3;
/**
 * Steps of a weight on either side of 0. Two products of 8 bits by 7 fit the 16 bits in which processors without VNNI add
 * them; with 127 steps they would be cut off there, and results would depend on the machine.
 */
const STEPS = 63;

/** The weight is rounded in the graph: the runtime does it once when it opens the model, and the file stays as it is. */
const eightBit: Lowering = (e, node, [x, w, b]) => {
  const rows = node.sources[1]!.type.shape[0] as number;
  const largest = e.op('ReduceMax', [e.op('Abs', [w!]), e.integers([1])], { keepdims: int(0) });
  const scale = e.op('Div', [largest, e.op('Cast', [e.integers([STEPS])], { to: int(ELEMENT.f32) })]);
  const zero = e.op('Expand', [e.op('Cast', [e.integers([0])], { to: int(INT8) }), e.integers([rows])]);
  const whole = e.op('Transpose', [e.op('QuantizeLinear', [w!, scale, zero], { axis: int(0) })], {
    perm: ints([1, 0]),
  });
  return e.op(`${RUNTIME}DynamicQuantizeMatMul`, [x!, whole, scale, '', ...(b ? [b] : [])]);
};

const attend: Lowering = (e, node, s) =>
  e.op(`${RUNTIME}MultiHeadAttention`, s, { num_heads: int(num(node, 'heads')) });

/** How each operation is written in ONNX (opset 21) and, for attention and rotation, in ONNX Runtime's own operators. */
export const LOWERINGS: Readonly<Record<Exclude<Op, 'input' | 'weight' | 'constant'>, Lowering>> = {
  cast: (e, node, s) => e.op('Cast', s, { to: int(ELEMENT[node.type.dtype]) }),
  reshape: (e, node, s) => e.op('Reshape', [s[0]!, e.integers(lengths(node, node.type.shape))]),
  transpose: (e, node, s) => e.op('Transpose', s, { perm: ints(list(node, 'order')) }),
  concat: (e, node, s) => e.op('Concat', s, { axis: int(num(node, 'axis')) }),
  slice: (e, node, s) =>
    e.op('Slice', [s[0]!, ...(['from', 'to', 'axis'] as const).map((key) => e.integers([num(node, key)]))]),
  pad: (e, node, s) => e.op('Pad', [s[0]!, e.integers([...list(node, 'before'), ...list(node, 'after')])]),
  expand: (e, node, s) => {
    const source = node.sources[0]!.type.shape;
    const shape = node.type.shape.map((d, i) => (d === source[i - node.type.shape.length + source.length] ? 1 : d));
    if (shape.some((d) => typeof d === 'string'))
      throw new GraphError('onnx', 'expand', 'stretches to an unknown length');
    return e.op('Expand', [s[0]!, e.integers(shape as number[])]);
  },
  gather: (e, _, s) => e.op('Gather', s, { axis: int(0) }),
  map: (e, node, s) => e.op(upper(node.attributes.by), s),
  combine: (e, node, s) => e.op(upper(node.attributes.by), s),
  where: (e, _, s) => e.op('Where', s),
  reduce: (e, node, s) => e.op(`Reduce${upper(node.attributes.by)}`, [s[0]!, e.integers([num(node, 'axis')])]),
  linear: (e, _, s) => e.op('Gemm', s, { transB: int(1) }),
  linear8: eightBit,
  columns: (e, node, s) => {
    const rows = node.type.shape[0] as number;
    const bias = s[2] ? [e.op('Reshape', [s[2], e.integers([rows, 1])])] : [];
    return e.op('Gemm', [s[1]!, s[0]!, ...bias], { transB: int(1) });
  },
  matmul: (e, _, s) => e.op('MatMul', s),
  conv: (e, node, s) =>
    e.op('Conv', s, {
      strides: ints(pairs(num(node, 'stride'))),
      pads: ints([...pairs(num(node, 'pad')), ...pairs(num(node, 'pad'))]),
      group: int(num(node, 'groups')),
    }),
  attention: attend,
  rotary: (e, _, s) =>
    e.op(`${RUNTIME}RotaryEmbedding`, [s[0]!, e.integers([0]), s[1]!, s[2]!], { interleaved: int(1) }),
  layerNorm: (e, node, s) => e.op('LayerNormalization', s, { epsilon: float(num(node, 'epsilon')) }),
  batchNorm: (e, node, s) => e.op('BatchNormalization', s, { epsilon: float(num(node, 'epsilon')) }),
  resize: (e, node, s) => {
    const sizes = e.integers(lengths(node, node.type.shape));
    const antialias = node.attributes.antialias ? { antialias: int(1) } : {};
    return e.op('Resize', [s[0]!, '', '', sizes], { ...RESIZE[node.attributes.by as string], ...antialias });
  },
};
