import type { Attributes } from './attributes.js';
import { elements, over, plus, type Shape, sameShape, shapeText, times } from './dim.js';
import type { DataType, TensorType } from './type.js';

/**
 * The executable specification of one operation: how many sources it takes and which type follows from them.
 * `infer` throws the broken rule as a plain sentence; whoever calls it adds the place.
 */
export interface OpSpec {
  /** What it computes, in one line. */
  readonly meaning: string;
  /** Fewest and most sources. */
  readonly sources: readonly [number, number];
  readonly infer: (sources: readonly TensorType[], attributes: Attributes) => TensorType;
}

/** The sentence is made only where the rule is broken: every node of every graph comes through here. */
const rule = (holds: boolean, text: string | (() => string)) => {
  if (!holds) throw new RangeError(typeof text === 'string' ? text : text());
};
const num = (a: Attributes, key: string) => {
  rule(typeof a[key] === 'number', () => `needs the number ${key}`);
  return a[key] as number;
};
const list = (a: Attributes, key: string) => {
  rule(Array.isArray(a[key]), () => `needs the list ${key}`);
  return a[key] as readonly (number | string)[];
};
const f32 = (shape: Shape): TensorType => ({ dtype: 'f32', shape });
const floats = (types: readonly TensorType[]) =>
  types.forEach((t, i) => void rule(t.dtype === 'f32', () => `source ${i} is ${t.dtype}, must be f32`));
const rank = (t: TensorType, n: number, what: string) =>
  rule(t.shape.length === n, () => `${what} has the shape ${shapeText(t.shape)}, must have ${n} axes`);
const axisOf = (t: TensorType, a: Attributes) => {
  const axis = num(a, 'axis');
  rule(
    Number.isInteger(axis) && axis >= 0 && axis < t.shape.length,
    () => `there is no axis ${axis} in ${shapeText(t.shape)}`,
  );
  return axis;
};
const replaced = (shape: Shape, axis: number, d: number | string): Shape =>
  shape.map((old, i) => (i === axis ? d : old));
const whole = (d: number | string, what: string): number => {
  rule(typeof d === 'number', () => `${what} is ${d}, must be known`);
  return d as number;
};

/** Shapes aligned at their last axis; a length of 1 stretches. */
export function broadcast(a: Shape, b: Shape): Shape {
  const n = Math.max(a.length, b.length);
  return Array.from({ length: n }, (_, i) => {
    const [x, y] = [a[i - n + a.length] ?? 1, b[i - n + b.length] ?? 1];
    rule(x === y || x === 1 || y === 1, () => `${shapeText(a)} and ${shapeText(b)} do not fit`);
    return x === 1 ? y : x;
  });
}

const input: OpSpec = {
  meaning: 'a tensor given at each run',
  sources: [0, 0],
  infer: (_, a) => ({ dtype: (a.dtype ?? 'f32') as DataType, shape: list(a, 'shape') }),
};
const weight: OpSpec = {
  meaning: 'a tensor of the weights file, seen as `view` where that is given, or the rows `from` to `to` of it',
  sources: [0, 0],
  infer: (_, a) => {
    const shape = a.view === undefined ? list(a, 'shape') : list(a, 'view');
    rule(typeof a.tensor === 'string', 'needs the name of a tensor');
    const same = elements(list(a, 'shape')) === elements(shape);
    rule(same, () => `${shapeText(list(a, 'shape'))} cannot be seen as ${shapeText(shape)}`);
    if (a.from === undefined) return { dtype: a.dtype as DataType, shape };
    const [from, to, rows] = [num(a, 'from'), num(a, 'to'), whole(shape[0] ?? 0, 'the number of rows')];
    rule(0 <= from && from < to && to <= rows, () => `there are no rows ${from} to ${to} of ${rows}`);
    return { dtype: a.dtype as DataType, shape: replaced(shape, 0, to - from) };
  },
};
const constant: OpSpec = {
  meaning: 'values that the model itself fixes, such as a table of positions',
  sources: [0, 0],
  infer: (_, a) => ({ dtype: a.dtype as DataType, shape: list(a, 'shape') }),
};
const cast: OpSpec = {
  meaning: 'the same numbers as another element type',
  sources: [1, 1],
  infer: ([x], a) => ({ dtype: a.to as DataType, shape: x!.shape }),
};
const reshape: OpSpec = {
  meaning: 'the same elements in the same order on other axes',
  sources: [1, 1],
  infer: ([x], a) => {
    const shape = list(a, 'shape');
    const [before, after] = [elements(x!.shape), elements(shape)];
    rule(before === after, () => `${shapeText(x!.shape)} holds ${before} elements, ${shapeText(shape)} holds ${after}`);
    return { dtype: x!.dtype, shape };
  },
};
const transpose: OpSpec = {
  meaning: 'axis i of the result is axis `order[i]` of the source',
  sources: [1, 1],
  infer: ([x], a) => {
    const order = list(a, 'order') as readonly number[];
    const sorted = [...order].sort((p, q) => p - q);
    rule(
      order.length === x!.shape.length && sorted.every((axis, i) => axis === i),
      () => `the order ${order} does not name each axis of ${shapeText(x!.shape)} once`,
    );
    return { dtype: x!.dtype, shape: order.map((axis) => x!.shape[axis]!) };
  },
};
const concat: OpSpec = {
  meaning: 'sources one behind the other along `axis`',
  sources: [1, 64],
  infer: (sources, a) => {
    const [first, ...rest] = sources as [TensorType, ...TensorType[]];
    const axis = axisOf(first, a);
    let length = first.shape[axis]!;
    for (const t of rest) {
      const fits = t.dtype === first.dtype && sameShape(replaced(t.shape, axis, 0), replaced(first.shape, axis, 0));
      rule(fits, () => `${shapeText(t.shape)} does not continue ${shapeText(first.shape)} along axis ${axis}`);
      length = plus(length, t.shape[axis]!);
    }
    return { dtype: first.dtype, shape: replaced(first.shape, axis, length) };
  },
};
const slice: OpSpec = {
  meaning: 'positions `from` to `to` (not included) of `axis`',
  sources: [1, 1],
  infer: ([x], a) => {
    const [axis, from, to] = [axisOf(x!, a), num(a, 'from'), num(a, 'to')];
    const length = whole(x!.shape[axis]!, `the length of axis ${axis}`);
    rule(0 <= from && from < to && to <= length, () => `there are no positions ${from} to ${to} of ${length}`);
    return { dtype: x!.dtype, shape: replaced(x!.shape, axis, to - from) };
  },
};
const pad: OpSpec = {
  meaning: 'zeros in front (`before`) and behind (`after`), a count for each axis',
  sources: [1, 1],
  infer: ([x], a) => {
    const [before, after] = [list(a, 'before') as readonly number[], list(a, 'after') as readonly number[]];
    const n = x!.shape.length;
    rule(before.length === n && after.length === n, () => `needs ${n} counts before and after`);
    rule(
      [...before, ...after].every((k) => Number.isInteger(k) && k >= 0),
      'counts are whole and not negative',
    );
    return { dtype: x!.dtype, shape: x!.shape.map((d, i) => plus(d, before[i]! + after[i]!)) };
  },
};
const expand: OpSpec = {
  meaning: 'axes of length 1 repeated to `shape`',
  sources: [1, 1],
  infer: ([x], a) => {
    const shape = list(a, 'shape');
    rule(
      sameShape(broadcast(x!.shape, shape), shape),
      () => `${shapeText(x!.shape)} does not stretch to ${shapeText(shape)}`,
    );
    return { dtype: x!.dtype, shape };
  },
};
const gather: OpSpec = {
  meaning: 'rows of the first source by the whole numbers of the second',
  sources: [2, 2],
  infer: ([table, index]) => {
    rule(index!.dtype === 'i64', () => `the numbers of rows are ${index!.dtype}, must be i64`);
    return { dtype: table!.dtype, shape: [...index!.shape, ...table!.shape.slice(1)] };
  },
};

/** Functions of one number that `map` knows; `gelu` is the exact one, with the error function. */
export const MAPS = ['relu', 'gelu', 'sigmoid', 'sin', 'cos', 'sqrt'] as const;
/** Functions of two numbers that `combine` knows; the comparisons answer truth values. */
export const COMBINATIONS = ['add', 'sub', 'mul', 'div', 'greater', 'equal'] as const;
/** What `reduce` may keep of an axis. */
export const REDUCTIONS = ['max', 'mean'] as const;

const known = (a: Attributes, key: string, names: readonly string[]) =>
  rule(names.includes(a[key] as string), () => `${key} ${JSON.stringify(a[key])} is none of ${names.join(', ')}`);

const map: OpSpec = {
  meaning: `each number by itself: ${MAPS.join(', ')}`,
  sources: [1, 1],
  infer: (sources, a) => {
    floats(sources);
    known(a, 'by', MAPS);
    return sources[0]!;
  },
};
const combine: OpSpec = {
  meaning: `two tensors number by number: ${COMBINATIONS.join(', ')}`,
  sources: [2, 2],
  infer: ([x, y], a) => {
    known(a, 'by', COMBINATIONS);
    rule(x!.dtype === y!.dtype, () => `${x!.dtype} and ${y!.dtype} do not mix`);
    const truth = a.by === 'greater' || a.by === 'equal';
    return { dtype: truth ? 'bool' : x!.dtype, shape: broadcast(x!.shape, y!.shape) };
  },
};
const where: OpSpec = {
  meaning: 'the second source where the first is true, else the third',
  sources: [3, 3],
  infer: ([c, x, y]) => {
    rule(c!.dtype === 'bool', () => `the condition is ${c!.dtype}, must be bool`);
    rule(x!.dtype === y!.dtype, () => `${x!.dtype} and ${y!.dtype} do not mix`);
    return { dtype: x!.dtype, shape: broadcast(c!.shape, broadcast(x!.shape, y!.shape)) };
  },
};
const reduce: OpSpec = {
  meaning: `one number of each run along \`axis\`: ${REDUCTIONS.join(', ')}; the axis stays with length 1`,
  sources: [1, 1],
  infer: (sources, a) => {
    floats(sources);
    known(a, 'by', REDUCTIONS);
    return f32(replaced(sources[0]!.shape, axisOf(sources[0]!, a), 1));
  },
};
const bias = (b: TensorType | undefined, length: number | string) =>
  rule(!b || sameShape(b.shape, [length]), () => `the bias is ${b && shapeText(b.shape)}, must be [${length}]`);
const linear: OpSpec = {
  meaning: 'rows of the first source times the transposed second, plus the third',
  sources: [2, 3],
  infer: (sources) => {
    floats(sources);
    const [x, w, b] = sources as [TensorType, TensorType, TensorType | undefined];
    rank(x, 2, 'the first source');
    rank(w, 2, 'the weight');
    rule(x.shape[1] === w.shape[1], () => `rows of ${x.shape[1]} meet a weight of ${shapeText(w.shape)}`);
    bias(b, w.shape[0]!);
    return f32([x.shape[0]!, w.shape[0]!]);
  },
};
const linear8: OpSpec = {
  meaning: '`linear` by products of whole numbers: the first source in 255 steps, each row of the weight in 127',
  sources: [2, 3],
  infer: (sources, a) => linear.infer(sources, a),
};
const columns: OpSpec = {
  meaning: '`linear` with the result transposed: one row per output channel, as maps are stored',
  sources: [2, 3],
  infer: (sources, a) => f32([...linear.infer(sources, a).shape].reverse()),
};
const matmul: OpSpec = {
  meaning: 'matrix product of the last two axes',
  sources: [2, 2],
  infer: (sources) => {
    floats(sources);
    const [x, y] = sources as [TensorType, TensorType];
    const [n, k] = x.shape.slice(-2);
    const [k2, m] = y.shape.slice(-2);
    rule(m !== undefined && k === k2, () => `${shapeText(x.shape)} times ${shapeText(y.shape)} is no product`);
    return f32([...broadcast(x.shape.slice(0, -2), y.shape.slice(0, -2)), n!, m!]);
  },
};
const conv: OpSpec = {
  meaning: 'convolution of [batch, channels, height, width], equal `stride` and `pad` on all sides, in `groups`',
  sources: [2, 3],
  infer: (sources, a) => {
    floats(sources);
    const [x, w, b] = sources as [TensorType, TensorType, TensorType | undefined];
    rank(x, 4, 'the map');
    rank(w, 4, 'the kernel');
    const [stride, padding, groups] = [num(a, 'stride'), num(a, 'pad'), num(a, 'groups')];
    const fits = times(w.shape[1]!, groups) === x.shape[1];
    rule(fits, () => `a map of ${x.shape[1]} channels meets a kernel ${shapeText(w.shape)} in ${groups} groups`);
    bias(b, w.shape[0]!);
    const size = (axis: number) => {
      const length = whole(x.shape[axis]!, 'the size of the map') + 2 * padding - whole(w.shape[axis]!, 'the kernel');
      return Math.floor(length / stride) + 1;
    };
    return f32([x.shape[0]!, w.shape[0]!, size(2), size(3)]);
  },
};
const attention: OpSpec = {
  meaning: 'softmax(q·k / sqrt(width of a head))·v for each of `heads`; sources are [batch, tokens, heads*width]',
  sources: [3, 3],
  infer: (sources, a) => {
    floats(sources);
    const [q, k, v] = sources as [TensorType, TensorType, TensorType];
    for (const [t, what] of [
      [q, 'q'],
      [k, 'k'],
      [v, 'v'],
    ] as const)
      rank(t, 3, what);
    const heads = num(a, 'heads');
    const widths = q.shape[2] === k.shape[2] && over(q.shape[2]!, heads) !== undefined && over(v.shape[2]!, heads);
    rule(
      !!widths,
      () => `${heads} heads do not divide q ${shapeText(q.shape)}, k ${shapeText(k.shape)}, v ${shapeText(v.shape)}`,
    );
    const tokens = k.shape[1] === v.shape[1] && q.shape[0] === k.shape[0] && q.shape[0] === v.shape[0];
    rule(tokens, () => `k ${shapeText(k.shape)} and v ${shapeText(v.shape)} do not belong to q ${shapeText(q.shape)}`);
    return f32([q.shape[0]!, q.shape[1]!, v.shape[2]!]);
  },
};
const rotary: OpSpec = {
  meaning: 'neighbouring numbers of a row turned as a pair, by the angles whose cosines and sines are given per token',
  sources: [3, 3],
  infer: (sources) => {
    floats(sources);
    const [x, cos, sin] = sources as [TensorType, TensorType, TensorType];
    rank(x, 3, 'the first source');
    const table = [x.shape[1]!, over(x.shape[2]!, 2) ?? 0];
    const fits = sameShape(cos.shape, table) && sameShape(sin.shape, table);
    rule(fits, () => `the tables are ${shapeText(cos.shape)} and ${shapeText(sin.shape)}, must be ${shapeText(table)}`);
    return x;
  },
};
const layerNorm: OpSpec = {
  meaning:
    'each run of the last axis to mean 0 and variance 1 (plus `epsilon`), times the second source, plus the third',
  sources: [3, 3],
  infer: (sources, a) => {
    floats(sources);
    num(a, 'epsilon');
    const [x, w, b] = sources as [TensorType, TensorType, TensorType];
    const last = [x.shape.at(-1)!];
    rule(sameShape(w.shape, last), () => `the scale is ${shapeText(w.shape)}, must be ${shapeText(last)}`);
    bias(b, last[0]!);
    return x;
  },
};
const batchNorm: OpSpec = {
  meaning: 'each channel of a map by fixed scale, shift, mean and variance (plus `epsilon`)',
  sources: [5, 5],
  infer: (sources, a) => {
    floats(sources);
    num(a, 'epsilon');
    const [x, ...rest] = sources as [TensorType, ...TensorType[]];
    rank(x, 4, 'the map');
    for (const t of rest) rule(sameShape(t.shape, [x.shape[1]!]), () => `${shapeText(t.shape)} is not [${x.shape[1]}]`);
    return x;
  },
};
const resize: OpSpec = {
  meaning: 'a map at another `size`: nearest or linear between pixel centres, antialiased or not',
  sources: [1, 1],
  infer: (sources, a) => {
    floats(sources);
    rank(sources[0]!, 4, 'the map');
    known(a, 'by', ['nearest', 'linear']);
    const size = list(a, 'size');
    rule(size.length === 2, () => `size needs height and width, not ${size}`);
    return f32([...sources[0]!.shape.slice(0, 2), ...size]);
  },
};

/** The operations a graph is made of, each with its executable specification. */
export const OPS = {
  input,
  weight,
  constant,
  cast,
  reshape,
  transpose,
  concat,
  slice,
  pad,
  expand,
  gather,
  map,
  combine,
  where,
  reduce,
  linear,
  linear8,
  columns,
  matmul,
  conv,
  attention,
  rotary,
  layerNorm,
  batchNorm,
  resize,
} as const satisfies Record<string, OpSpec>;

/** The name of an operation. */
export type Op = keyof typeof OPS;
