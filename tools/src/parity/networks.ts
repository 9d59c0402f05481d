import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inference, Network, Tensor } from '@rotokit/core/ports';
import { type Graph, headerLength, readHeader, type TensorEntry, toOnnx, type WeightsHeader } from '@rotokit/graph';
import { randomTensor, randomWeights, type VideoModelConfig } from '@rotokit/models';

/** A weights file of random numbers on disk, with its header. */
export interface RandomFile {
  readonly path: string;
  readonly header: WeightsHeader;
  remove(): Promise<void>;
}

/** Adds a number to every value of one tensor of a file. */
async function add(path: string, { offset, length }: TensorEntry, by: number): Promise<void> {
  const file = await open(path, 'r+');
  const data = new Float32Array(length / 4);
  await file.read(new Uint8Array(data.buffer), 0, length, offset);
  await file.write(new Uint8Array(data.map((v) => v + by).buffer), 0, length, offset);
  await file.close();
}

/** Writes random weights for a model to a new temporary folder, with numbers added to some tensors; whoever asks removes it. */
export async function randomFile(
  config: VideoModelConfig,
  changes: Readonly<Record<string, number>> = {},
): Promise<RandomFile> {
  const folder = await mkdtemp(join(tmpdir(), 'rotokit-models-'));
  const path = join(folder, 'model.safetensors');
  const file = await open(path, 'w');
  let [bytes, first] = [0, new Uint8Array()];
  for (const piece of randomWeights(config)) {
    if (bytes === 0) first = piece.slice();
    await file.appendFile(piece);
    bytes += piece.length;
  }
  await file.close();
  const header = readHeader(first.subarray(8, 8 + headerLength(first, bytes)), bytes);
  for (const [name, by] of Object.entries(changes)) await add(path, header.tensors.get(name)!, by);
  return { path, header, remove: () => rm(folder, { recursive: true }) };
}

/** Opens a graph over such a file. */
export const load = (ort: Inference, graph: Graph, file: RandomFile, prepack = false): Promise<Network> =>
  ort.load(
    toOnnx(graph, { tensors: file.header.tensors, location: 'model.safetensors' }),
    [{ location: 'model.safetensors', path: file.path }],
    { prepack },
  );

/** A tensor of floats. */
export const f32 = (data: Float32Array, shape: readonly number[]): Tensor<'float32'> => ({
  type: 'float32',
  shape,
  data,
});
/** A row of whole numbers. */
export const i64 = (...values: number[]): Tensor<'int64'> => ({
  type: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/** The input that tools/parity makes under the same name. */
export const given = (name: string, ...shape: number[]) => f32(randomTensor(`input.${name}`, shape), shape);
