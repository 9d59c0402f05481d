import { RotokitError } from '@rotokit/core/values';

/** What a layer of the fusion network is, in the order of the forward pass. */
export interface LayerShape {
  readonly name: string;
  readonly kind: 'depthwise' | 'pointwise' | 'strided' | 'linear';
  readonly inputs: number;
  readonly outputs: number;
}

/** A layer with its numbers: weights [out][in/groups][kh][kw] and one bias per output. */
export interface Layer extends LayerShape {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

const block = (name: string, c: number): LayerShape[] => [
  { name: `${name}.dw`, kind: 'depthwise', inputs: c, outputs: c },
  { name: `${name}.pw`, kind: 'pointwise', inputs: c, outputs: c },
];
const pointwise = (name: string, inputs: number, outputs: number): LayerShape[] => [
  { name, kind: 'pointwise', inputs, outputs },
];
const strided = (name: string, inputs: number, outputs: number): LayerShape[] => [
  { name, kind: 'strided', inputs, outputs },
];

/** The layers of the U-Net (16-32-48-64 channels) over a number of input maps, in forward order. */
export function fusionLayers(inputs: number): readonly LayerShape[] {
  return [
    ...pointwise('i', inputs, 16),
    ...block('e0.0', 16),
    ...block('e0.1', 16),
    ...strided('d1', 16, 32),
    ...block('e1.0', 32),
    ...block('e1.1', 32),
    ...strided('d2', 32, 48),
    ...block('e2.0', 48),
    ...block('e2.1', 48),
    ...strided('d3', 48, 64),
    ...block('e3.0', 64),
    ...block('e3.1', 64),
    ...block('e3.2', 64),
    ...pointwise('u2', 64, 48),
    ...block('f2', 48),
    ...pointwise('u1', 48, 32),
    ...block('f1', 32),
    ...pointwise('u0', 32, 16),
    ...block('f0.0', 16),
    ...block('f0.1', 16),
    { name: 'o', kind: 'linear', inputs: 16, outputs: 1 },
    { name: 'sk', kind: 'linear', inputs, outputs: 1 },
  ];
}

const taps = (shape: LayerShape) =>
  shape.kind === 'depthwise' ? 9 : shape.kind === 'strided' ? 9 * shape.inputs : shape.inputs;

/** How many numbers the weights of a network over `inputs` maps are. */
export function fusionWeightCount(inputs: number): number {
  return fusionLayers(inputs).reduce((sum, shape) => sum + shape.outputs * (taps(shape) + 1), 0);
}

const HEADER = 16;
const MAGIC = 'RFUS';

/**
 * Reads a weights file: `RFUS`, then little-endian u32 version (1), u32 inputs, u32 count, and count float16 values,
 * layer by layer: weights, then biases. Batch norms are already folded in.
 * Throws `ENGINE_UNAVAILABLE` when it is not such a file.
 */
export function readFusionWeights(file: Uint8Array): { readonly inputs: number; readonly layers: readonly Layer[] } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const refuse = (reason: string) =>
    new RotokitError('ENGINE_UNAVAILABLE', { engine: 'embedded', reason: `its network weights ${reason}` });
  if (file.length < HEADER || MAGIC !== String.fromCharCode(...file.subarray(0, 4))) {
    throw refuse(`do not begin with ${MAGIC}`);
  }
  const [version, inputs, count] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  if (version !== 1) throw refuse(`have version ${version}, this one reads 1`);
  if (inputs < 1 || inputs > 64) throw refuse(`are for ${inputs} maps, not 1 to 64`);
  const expected = fusionWeightCount(inputs);
  if (count !== expected) throw refuse(`are ${count} numbers, ${inputs} maps need ${expected}`);
  if (file.length !== HEADER + 2 * count) throw refuse(`are ${file.length} bytes long, not ${HEADER + 2 * count}`);
  let at = HEADER;
  const take = (n: number) => Float32Array.from({ length: n }, () => fromHalf(view.getUint16((at += 2) - 2, true)));
  const layers = fusionLayers(inputs).map((shape) => {
    const weights = take(shape.outputs * taps(shape));
    return { ...shape, weights, bias: take(shape.outputs) };
  });
  return { inputs, layers };
}

/** Value of an IEEE 754 binary16. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
