import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelHub } from '@rotokit/core/ports';
import {
  EDGETAM,
  randomWeights,
  SAM2_BASE_PLUS,
  SAM2_LARGE,
  SAM2_SMALL,
  SAM2_TINY,
  type VideoModelConfig,
} from '@rotokit/models';

/** Models that can be timed, by the names that `rotokit models` knows. */
export const TIMED_MODELS: Readonly<Record<string, VideoModelConfig>> = {
  'sam2.1-tiny': SAM2_TINY,
  'sam2.1-small': SAM2_SMALL,
  'sam2.1-base-plus': SAM2_BASE_PLUS,
  'sam2.1-large': SAM2_LARGE,
  edgetam: EDGETAM,
};

/** The configuration of a name. @throws RangeError for an unknown one. */
export function timedModel(name: string): VideoModelConfig {
  const config = Object.hasOwn(TIMED_MODELS, name) ? TIMED_MODELS[name] : undefined;
  if (!config) throw new RangeError(`model: ${name} is none of ${Object.keys(TIMED_MODELS).join(', ')}`);
  return config;
}

/** Weights to time with. */
export interface TimedWeights {
  readonly path: string;
  readonly kind: 'official' | 'random';
  /** Removes what was written for this. */
  remove(): Promise<void>;
}

/** The weights that were pulled; else random numbers of the same shapes in a temporary file: the same work, other pictures. */
export async function weightsToTime(name: string, hub: ModelHub): Promise<TimedWeights> {
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
