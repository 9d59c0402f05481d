import type { Inference, Network, WeightFile } from '@rotokit/core/ports';
import { toOnnx, type WeightsHeader, weightsOf } from '@rotokit/graph';
import { fastGraph, PARTS, type Part, type VideoModelConfig } from '@rotokit/models';
import { VideoModel } from './video-model.js';

/** Weights as the engine takes them: the header that was read, and where the bytes are. */
export interface ModelWeights {
  readonly header: WeightsHeader;
  /** Path of the file, or its bytes where there are no files. */
  readonly file: { readonly path: string } | { readonly bytes: Uint8Array };
}

/** The name that graphs have for the weights file. */
const LOCATION = 'weights';

/** The graphs of a model over its weights, ready to be opened any number of times. @throws WeightsError. */
export function writeGraphs(config: VideoModelConfig, { header }: ModelWeights): ReadonlyMap<Part, Uint8Array> {
  const index = weightsOf(header);
  const place = { tensors: header.tensors, location: LOCATION };
  return new Map(PARTS.map((part) => [part, toOnnx(fastGraph(part, config, index), place)]));
}

/**
 * Opens all graphs of a model. Those that opened before one was refused are closed again.
 * @throws RotokitError INFERENCE_REFUSED.
 */
export async function openModel(
  inference: Inference,
  config: VideoModelConfig,
  graphs: ReadonlyMap<Part, Uint8Array>,
  weights: ModelWeights,
  prepack = false,
): Promise<VideoModel> {
  const files: readonly WeightFile[] = [{ location: LOCATION, ...weights.file }];
  const networks = new Map<Part, Network>();
  try {
    for (const [part, graph] of graphs) networks.set(part, await inference.load(graph, files, { prepack }));
  } catch (error) {
    await Promise.allSettled([...networks.values()].map((n) => n.close()));
    throw error;
  }
  return new VideoModel(config, Object.fromEntries(networks) as Record<Part, Network>);
}
