import { WeightsError } from '../safetensors/errors.js';
import type { TensorEntry } from '../safetensors/header.js';
import { shapeText } from '../tensor/dim.js';
import { type ConstantData, type Graph, type Node, nodesOf } from '../tensor/node.js';
import { weightName } from '../tensor/print.js';
import type { TensorType } from '../tensor/type.js';
import { ELEMENT, type Emit, LOWERINGS, type OnnxAttribute } from './lower.js';
import { bytes, encode, float, integer, integers, type Message, message, text } from './protobuf.js';

/** The weights that a written graph points into. */
export interface WeightsPlace {
  /** The tensors of the file, from its header. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The file's name as the runtime will look it up: relative to the folder of the graph, or the name its bytes go by. */
  readonly location: string;
}

const OPSET = 21;
const IR_VERSION = 10;
const EXTERNAL = 1;

/** AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20 (FLOAT 1, INT 2, STRING 3, INTS 7). */
function attribute(name: string, a: OnnxAttribute): Message {
  const head = text(1, name);
  if (a.kind === 'int') return [head, integer(3, a.value), integer(20, 2)];
  if (a.kind === 'float') return [head, float(2, a.value), integer(20, 1)];
  if (a.kind === 'string') return [head, text(4, a.value), integer(20, 3)];
  return [head, ...a.value.map((v) => integer(8, v)), integer(20, 7)];
}

/** ValueInfoProto of a tensor: element type and one entry an axis, a number or the text of its length. */
function valueInfo(name: string, { dtype, shape }: TensorType): Message {
  const dims = shape.map((d) => message(1, [typeof d === 'number' ? integer(1, d) : text(2, d)]));
  return [text(1, name), message(2, [message(1, [integer(1, ELEMENT[dtype]), message(2, dims)])])];
}

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9, external_data 13, data_location 14. */
const tensorHead = (name: string, dims: readonly number[], element: number): Message => [
  integers(1, dims),
  integer(2, element),
  text(8, name),
];

function externalTensor(name: string, node: Node, place: WeightsPlace): Message {
  const a = node.attributes;
  const [tensor, shape] = [String(a.tensor), a.shape as readonly number[]];
  const entry = place.tensors.get(tensor);
  if (!entry)
    throw new WeightsError('WEIGHTS_TENSOR_MISSING', { tensor, expected: shapeText(shape), found: 'nothing' });
  const fits = entry.shape.length === shape.length && entry.shape.every((d, i) => d === shape[i]);
  if (!fits)
    throw new WeightsError('WEIGHTS_SHAPE', { tensor, expected: shapeText(shape), found: shapeText(entry.shape) });
  if (entry.dtype !== node.type.dtype)
    throw new WeightsError('WEIGHTS_DTYPE', { tensor, expected: node.type.dtype, found: entry.dtype });
  const view = (a.view ?? shape) as readonly number[];
  const row = entry.length / Math.max(1, view[0] ?? 1);
  const offset = entry.offset + (a.from === undefined ? 0 : (a.from as number) * row);
  const length = a.from === undefined ? entry.length : ((a.to as number) - (a.from as number)) * row;
  const facts = Object.entries({ location: place.location, offset, length });
  return [
    ...tensorHead(name, node.type.shape as number[], ELEMENT[node.type.dtype]),
    ...facts.map(([key, value]) => message(13, [text(1, key), text(2, String(value))])),
    integer(14, EXTERNAL),
  ];
}

const inlineTensor = (name: string, dims: readonly number[], data: ConstantData): Message => [
  ...tensorHead(name, dims, data instanceof Float32Array ? ELEMENT.f32 : ELEMENT.i64),
  bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
];

class Writer {
  readonly nodes: Message[] = [];
  readonly initializers = new Map<string, Message>();
  readonly values = new Map<Node, string>();
  #counter = 0;

  emit(wanted: string): Emit {
    return {
      op: (type, inputs, attributes = {}) => {
        const dot = type.lastIndexOf('.');
        const output = `${wanted}~${this.#counter++}`;
        this.node(type.slice(dot + 1), dot < 0 ? '' : type.slice(0, dot), inputs, output, attributes);
        return output;
      },
      integers: (values) => {
        const name = `[${values.join(',')}]`;
        if (!this.initializers.has(name))
          this.initializers.set(name, inlineTensor(name, [values.length], BigInt64Array.from(values, BigInt)));
        return name;
      },
    };
  }

  node(
    type: string,
    domain: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, OnnxAttribute> = {},
  ) {
    this.nodes.push([
      ...inputs.map((name) => text(1, name)),
      text(2, output),
      text(3, output),
      text(4, type),
      ...Object.entries(attributes).map(([name, a]) => message(5, attribute(name, a))),
      text(7, domain),
    ]);
  }

  add(node: Node, wanted: string, place: WeightsPlace): void {
    const a = node.attributes;
    if (node.op === 'input') this.values.set(node, String(a.name));
    else if (node.op === 'weight') {
      const name = weightName(a);
      this.values.set(node, name);
      this.initializers.set(name, externalTensor(name, node, place));
    } else if (node.op === 'constant') {
      const name = `constant~${this.#counter++}`;
      this.values.set(node, name);
      this.initializers.set(name, inlineTensor(name, node.type.shape as number[], node.data!));
    } else {
      const inputs = node.sources.map((s) => this.values.get(s)!);
      this.values.set(node, LOWERINGS[node.op](this.emit(wanted), node, inputs));
    }
  }
}

/**
 * The graph as an ONNX model (opset 21, IR 10), whose weights stay where they are: each initializer names the weights file,
 * an offset and a length. Throws `WeightsError` where the file lacks a tensor or holds another shape or type.
 */
export function toOnnx(graph: Graph, place: WeightsPlace): Uint8Array {
  const names = new Map([...graph.taps].map(([name, node]) => [node, name]));
  const writer = new Writer();
  for (const node of nodesOf(graph)) writer.add(node, names.get(node) ?? node.op, place);
  for (const [name, node] of graph.outputs) writer.node('Identity', '', [writer.values.get(node)!], name);
  const opset = (domain: string, version: number) => message(8, [text(1, domain), integer(2, version)]);
  return encode([
    integer(1, IR_VERSION),
    text(2, 'rotokit'),
    message(7, [
      ...writer.nodes.map((n) => message(1, n)),
      text(2, graph.name),
      ...[...writer.initializers.values()].map((t) => message(5, t)),
      ...graph.inputs.map((node) => message(11, valueInfo(String(node.attributes.name), node.type))),
      ...[...graph.outputs].map(([name, node]) => message(12, valueInfo(name, node.type))),
    ]),
    opset('', OPSET),
    opset('com.microsoft', 1),
  ]);
}
