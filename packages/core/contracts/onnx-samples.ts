import type { ElementType } from '@rotokit/core/ports';

/** Enough of the ONNX format (onnx.proto, IR 10) to write the graphs of the contract of `Inference`, and no more. */
const utf8 = new TextEncoder();

function varint(n: number | bigint): number[] {
  const out: number[] = [];
  let rest = BigInt(n);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest ? low | 128 : low);
  } while (rest);
  return out;
}

type Bytes = readonly number[] | Uint8Array;

const field = (id: number, payload: Bytes | string): number[] => {
  const bytes = typeof payload === 'string' ? utf8.encode(payload) : payload;
  return [...varint((id << 3) | 2), ...varint(bytes.length), ...bytes];
};

const int = (id: number, n: number | bigint): number[] => [...varint(id << 3), ...varint(n)];

/** The number of each element type in ONNX (TensorProto.DataType). */
const ONNX_TYPE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

type Dim = number | string;

const slot = (name: string, type: ElementType, dims: readonly Dim[]) => {
  const shape = dims.flatMap((d) => field(1, typeof d === 'string' ? field(2, d) : int(1, d)));
  return [...field(1, name), ...field(2, field(1, [...int(1, ONNX_TYPE[type]), ...field(2, shape)]))];
};

const node = (op: string, inputs: readonly string[], output: string, attributes: Bytes = []) => [
  ...inputs.flatMap((i) => field(1, i)),
  ...field(2, output),
  ...field(4, op),
  ...attributes,
];

const intAttribute = (name: string, value: number) => field(5, [...field(1, name), ...int(3, value), ...int(20, 2)]);

const external = (name: string, dims: readonly number[], where: Readonly<Record<string, string | number>>) => [
  ...dims.flatMap((d) => int(1, d)),
  ...int(2, 1),
  ...field(8, name),
  ...Object.entries(where).flatMap(([k, v]) => field(13, [...field(1, k), ...field(2, String(v))])),
  ...int(14, 1),
];

const model = (graph: readonly number[]) =>
  new Uint8Array([...int(1, 10), ...field(7, graph), ...field(8, [...field(1, ''), ...int(2, 21)])]);

/** The weights of `linearGraph`: 3 bytes of something else, W as 2 rows of 3, b. Little-endian float32. */
export function linearWeights(): Uint8Array {
  const bytes = new Uint8Array(3 + 8 * 4);
  bytes.set(new Uint8Array(new Float32Array([1, 2, 3, -4, 0.5, 6, 10, -20]).buffer), 3);
  return bytes;
}

/**
 * `y = x Wᵀ + b` and `z = relu(y)` for x of [n, 3], with W [2, 3] and b [2] as external data in the file `location`, at odd offsets.
 */
export function linearGraph(location: string): Uint8Array {
  return model([
    ...field(1, node('Gemm', ['x', 'W', 'b'], 'y', intAttribute('transB', 1))),
    ...field(1, node('Relu', ['y'], 'z')),
    ...field(2, 'linear'),
    ...field(5, external('W', [2, 3], { location, offset: 3, length: 24 })),
    ...field(5, external('b', [2], { location, offset: 27, length: 8 })),
    ...field(11, slot('x', 'float32', ['n', 3])),
    ...field(12, slot('y', 'float32', ['n', 2])),
    ...field(12, slot('z', 'float32', ['n', 2])),
  ]);
}

/** Hands back each input, one of every element type and of shape [2, n], under its name with `_out`. */
export function echoGraph(types: readonly ElementType[]): Uint8Array {
  return model([
    ...types.flatMap((t) => field(1, node('Identity', [t], `${t}_out`))),
    ...field(2, 'echo'),
    ...types.flatMap((t) => field(11, slot(t, t, [2, 'n']))),
    ...types.flatMap((t) => field(12, slot(`${t}_out`, t, [2, 'n']))),
  ]);
}

/** A graph of one operator that no runtime has. */
export function strangeGraph(): Uint8Array {
  return model([
    ...field(1, node('Frobnicate', ['x'], 'y')),
    ...field(2, 'strange'),
    ...field(11, slot('x', 'float32', [1])),
    ...field(12, slot('y', 'float32', [1])),
  ]);
}

/**
 * `layers` linear layers of `width` x `width` one after another over one file of float32 weights, layer after layer: a network of any weight, for
 * measuring how opening treats memory. Input `x` and output `y` are [n, width].
 */
export function stackGraph(location: string, layers: number, width: number): Uint8Array {
  const length = width * width * 4;
  const each = [...Array(layers).keys()];
  return model([
    ...each.flatMap((i) =>
      field(
        1,
        node('Gemm', [i ? `h${i}` : 'x', `W${i}`], i === layers - 1 ? 'y' : `h${i + 1}`, intAttribute('transB', 1)),
      ),
    ),
    ...field(2, 'stack'),
    ...each.flatMap((i) => field(5, external(`W${i}`, [width, width], { location, offset: i * length, length }))),
    ...field(11, slot('x', 'float32', ['n', width])),
    ...field(12, slot('y', 'float32', ['n', width])),
  ]);
}
