import { type WeightIndex, WeightsError } from '../safetensors/errors.js';
import type { Attributes } from './attributes.js';
import { inferType } from './check.js';
import { canonical, type Dim, type Shape, sameShape, shapeText } from './dim.js';
import { GraphError } from './errors.js';
import { hashBytes } from './hash.js';
import type { ConstantData, Graph, Node } from './node.js';
import type { COMBINATIONS, MAPS, Op, REDUCTIONS } from './ops.js';
import type { DataType, TensorType } from './type.js';

interface State {
  readonly nodes: Map<string, Node>;
  readonly ids: Map<Node, number>;
  readonly inputs: Node[];
  readonly outputs: Map<string, Node>;
  readonly taps: Map<string, Node>;
  readonly weights: WeightIndex;
}

/**
 * Makes graphs. Every method answers a node whose type was checked by the specification of its operation, so no illegal
 * graph can be built; the `GraphError` names the place (`in`), the operation and the shapes.
 */
export class GraphBuilder {
  readonly #state: State;
  readonly #path: string;

  /** `weights` says which tensors there are: a header read from a file, or `anyWeights`. */
  constructor(weights: WeightIndex, path = '', state?: State) {
    const empty = { nodes: new Map(), ids: new Map(), inputs: [], outputs: new Map(), taps: new Map(), weights };
    this.#state = state ?? empty;
    this.#path = path;
  }

  /** The same builder one name deeper: weights and taps made through it carry `name.` in front. */
  in(name: string | number): GraphBuilder {
    return new GraphBuilder(this.#state.weights, this.#name(String(name)), this.#state);
  }

  #name(name: string) {
    return this.#path && name ? `${this.#path}.${name}` : this.#path || name;
  }

  /** Any operation by its name. Equal requests answer the same node. */
  make(op: Op, sources: readonly Node[], attributes: Attributes = {}, data?: ConstantData): Node {
    const { nodes, ids } = this.#state;
    const key = JSON.stringify([op, sources.map((s) => ids.get(s) ?? -1), attributes, data && hashBytes(data)]);
    const known = nodes.get(key);
    if (known) return known;
    if (sources.some((s) => !ids.has(s))) throw new GraphError(this.#path, op, 'a source belongs to another builder');
    const type = inferType(this.#path, op, sources, attributes);
    const node: Node = Object.freeze({
      op,
      sources: Object.freeze([...sources]),
      attributes,
      type,
      ...(data && { data }),
    });
    nodes.set(key, node);
    ids.set(node, ids.size);
    return node;
  }

  /** A tensor given at each run; its name is not prefixed. */
  input(name: string, shape: Shape, dtype: DataType = 'f32'): Node {
    const node = this.make('input', [], { name, dtype, shape: shape.map(canonical) });
    if (!this.#state.inputs.includes(node)) this.#state.inputs.push(node);
    return node;
  }

  /**
   * A tensor of the weights file as f32, in the layout it has there; `view` gives the same numbers other axes. Throws `WeightsError` naming tensor, expected and
   * found where it is missing or has another shape or an element type that is no float.
   */
  weight(name: string, shape: readonly number[], view?: readonly number[]): Node {
    const tensor = this.#name(name);
    const found = this.#state.weights(tensor, shape);
    if (!found)
      throw new WeightsError('WEIGHTS_TENSOR_MISSING', { tensor, expected: shapeText(shape), found: 'nothing' });
    if (!sameShape(found.shape, shape))
      throw new WeightsError('WEIGHTS_SHAPE', { tensor, expected: shapeText(shape), found: shapeText(found.shape) });
    if (found.dtype !== 'f32' && found.dtype !== 'f16' && found.dtype !== 'bf16')
      throw new WeightsError('WEIGHTS_DTYPE', { tensor, expected: 'F32, F16 or BF16', found: found.dtype });
    const node = this.make('weight', [], { tensor, dtype: found.dtype, shape, ...(view && { view }) });
    return found.dtype === 'f32' ? node : this.cast(node, 'f32');
  }

  /** Values that the model itself fixes. The array is kept: do not change it afterwards. */
  constant(data: ConstantData, shape: readonly number[]): Node {
    const dtype: TensorType['dtype'] = data instanceof Float32Array ? 'f32' : 'i64';
    const size = shape.reduce((a, b) => a * b, 1);
    if (size !== data.length)
      throw new GraphError(this.#path, 'constant', `${data.length} values do not fill ${shapeText(shape)}`);
    return this.make('constant', [], { dtype, shape }, data);
  }

  /** One number, with the shape [1]. */
  scalar(value: number): Node {
    return this.constant(Float32Array.of(value), [1]);
  }

  /** Names an intermediate, so that a test can ask for it. Throws `GraphError` where the name is taken by another node. */
  tap(name: string, node: Node): Node {
    const full = this.#name(name);
    const known = this.#state.taps.get(full);
    if (known && known !== node) throw new GraphError(full, node.op, 'the name of this intermediate is taken');
    this.#state.taps.set(full, node);
    return node;
  }

  /** Names a result; the name is not prefixed. */
  output(name: string, node: Node): void {
    if (this.#state.outputs.has(name)) throw new GraphError(name, node.op, 'there is an output of this name');
    this.#state.outputs.set(name, node);
  }

  /** The finished graph. */
  build(name: string): Graph {
    const { inputs, outputs, taps } = this.#state;
    if (outputs.size === 0) throw new GraphError(name, 'build', 'a graph needs an output');
    return Object.freeze({ name, inputs: [...inputs], outputs: new Map(outputs), taps: new Map(taps) });
  }

  /** See `OPS.cast`. */
  cast(x: Node, to: DataType): Node {
    return x.type.dtype === to ? x : this.make('cast', [x], { to });
  }
  /** See `OPS.reshape`. */
  reshape(x: Node, shape: Shape): Node {
    return sameShape(x.type.shape, shape) ? x : this.make('reshape', [x], { shape: shape.map(canonical) });
  }
  /** See `OPS.transpose`. */
  transpose(x: Node, order: readonly number[]): Node {
    return this.make('transpose', [x], { order });
  }
  /** See `OPS.concat`. */
  concat(sources: readonly Node[], axis: number): Node {
    return sources.length === 1 ? sources[0]! : this.make('concat', sources, { axis });
  }
  /** See `OPS.slice`. */
  slice(x: Node, axis: number, from: number, to: number): Node {
    return from === 0 && to === x.type.shape[axis] ? x : this.make('slice', [x], { axis, from, to });
  }
  /** See `OPS.pad`. */
  pad(x: Node, before: readonly number[], after: readonly number[]): Node {
    return [...before, ...after].every((k) => k === 0) ? x : this.make('pad', [x], { before, after });
  }
  /** See `OPS.expand`. */
  expand(x: Node, shape: Shape): Node {
    return sameShape(x.type.shape, shape) ? x : this.make('expand', [x], { shape: shape.map(canonical) });
  }
  /** See `OPS.gather`. */
  gather(table: Node, index: Node): Node {
    return this.make('gather', [table, index]);
  }
  /** See `OPS.map`. */
  map(by: (typeof MAPS)[number], x: Node): Node {
    return this.make('map', [x], { by });
  }
  /** See `OPS.combine`. */
  combine(by: (typeof COMBINATIONS)[number], x: Node, y: Node): Node {
    return this.make('combine', [x, y], { by });
  }
  /** The sum of two tensors. */
  add(x: Node, y: Node): Node {
    return this.combine('add', x, y);
  }
  /** The product of two tensors, number by number. */
  mul(x: Node, y: Node): Node {
    return this.combine('mul', x, y);
  }
  /** See `OPS.where`. */
  where(condition: Node, x: Node, y: Node): Node {
    return this.make('where', [condition, x, y]);
  }
  /** See `OPS.reduce`. */
  reduce(by: (typeof REDUCTIONS)[number], x: Node, axis: number): Node {
    return this.make('reduce', [x], { by, axis });
  }
  /** See `OPS.linear`. */
  linear(x: Node, w: Node, b?: Node): Node {
    return this.make('linear', b ? [x, w, b] : [x, w]);
  }
  /** See `OPS.columns`. */
  columns(x: Node, w: Node, b?: Node): Node {
    return this.make('columns', b ? [x, w, b] : [x, w]);
  }
  /** See `OPS.matmul`. */
  matmul(x: Node, y: Node): Node {
    return this.make('matmul', [x, y]);
  }
  /** See `OPS.conv`. */
  conv(x: Node, w: Node, b: Node | undefined, o: { stride?: number; pad?: number; groups?: number } = {}): Node {
    const { stride = 1, pad = 0, groups = 1 } = o;
    return this.make('conv', b ? [x, w, b] : [x, w], { stride, pad, groups });
  }
  /** See `OPS.attention`. */
  attention(q: Node, k: Node, v: Node, heads: number): Node {
    return this.make('attention', [q, k, v], { heads });
  }
  /** See `OPS.rotary`. */
  rotary(x: Node, cos: Node, sin: Node): Node {
    return this.make('rotary', [x, cos, sin]);
  }
  /** See `OPS.layerNorm`. */
  layerNorm(x: Node, w: Node, b: Node, epsilon: number): Node {
    return this.make('layerNorm', [x, w, b], { epsilon });
  }
  /** See `OPS.batchNorm`. */
  batchNorm(x: Node, scale: Node, shift: Node, mean: Node, variance: Node, epsilon: number): Node {
    return this.make('batchNorm', [x, scale, shift, mean, variance], { epsilon });
  }
  /** See `OPS.resize`. */
  resize(x: Node, by: 'nearest' | 'linear', size: readonly [Dim, Dim], antialias = false): Node {
    return this.make('resize', [x], { by, size, antialias });
  }
}
