import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inference, Network, Tensor } from '@rotokit/core/ports';
import { type Graph, headerLength, readHeader, toOnnx, type WeightsHeader } from '@rotokit/graph';
import { randomTensor, randomWeights, type VideoModelConfig } from '../../src/index.js';

/** A weights file of random numbers on disk, with its header. */
export interface RandomFile {
  readonly path: string;
  readonly header: WeightsHeader;
  remove(): Promise<void>;
}

export async function randomFile(config: VideoModelConfig): Promise<RandomFile> {
  const folder = await mkdtemp(join(tmpdir(), 'rotokit-models-'));
  const path = join(folder, 'model.safetensors');
  const file = await open(path, 'w');
  let [bytes, first] = [0, new Uint8Array()];
  for (const piece of randomWeights(config)) {
    if (bytes === 0) first = piece.slice();
    await file.write(piece);
    bytes += piece.length;
  }
  await file.close();
  const header = readHeader(first.subarray(8, 8 + headerLength(first, bytes)), bytes);
  return { path, header, remove: () => rm(folder, { recursive: true }) };
}

export const load = (ort: Inference, graph: Graph, file: RandomFile): Promise<Network> =>
  ort.load(toOnnx(graph, { tensors: file.header.tensors, location: 'model.safetensors' }), [
    { location: 'model.safetensors', path: file.path },
  ]);

export const f32 = (data: Float32Array, shape: readonly number[]): Tensor<'float32'> => ({
  type: 'float32',
  shape,
  data,
});
export const i64 = (...values: number[]): Tensor<'int64'> => ({
  type: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/** The input that tools/parity makes under the same name. */
export const given = (name: string, ...shape: number[]) => f32(randomTensor(`input.${name}`, shape), shape);
