import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelHub } from '@rotokit/core/ports';
import { randomWeights, type VideoModelConfig } from '@rotokit/models';
import { MODEL_CONFIGS } from '../../models/configs.js';

/** Models that can be timed, by the names that `rotokit models` knows. */
export const TIMED_MODELS: Readonly<Record<string, VideoModelConfig>> = MODEL_CONFIGS;

/** The configuration of a name. @throws RangeError for an unknown one. */
export function timedModel(name: string): VideoModelConfig {
  const config = Object.hasOwn(TIMED_MODELS, name) ? TIMED_MODELS[name] : undefined;
  if (!config) throw new RangeError(`model: ${name} is none of ${Object.keys(TIMED_MODELS).join(', ')}`);
  return config;
}

/** Weights to time with. */
export interface TimedWeights {
  readonly path: string;
  readonly kind: 'official' | 'random' | 'given';
  /** Removes what was written for this. */
  remove(): Promise<void>;
}

/** The `given` file; else the weights that were pulled; else random numbers of the same shapes in a temporary file: the same work, other pictures. */
export async function weightsToTime(name: string, hub: ModelHub, given?: string): Promise<TimedWeights> {
  if (given) return { path: given, kind: 'given', remove: async () => undefined };
  const pulled = (await hub.find(name))?.files.find((f) => f.name.endsWith('.safetensors'));
  if (pulled) return { path: pulled.path, kind: 'official', remove: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'rotokit-bench-'));
  const path = join(folder, 'model.safetensors');
  const file = await open(path, 'w');
  try {
    for (const piece of randomWeights(timedModel(name))) await file.appendFile(piece);
  } finally {
    await file.close();
  }
  return { path, kind: 'random', remove: () => rm(folder, { recursive: true }) };
}
