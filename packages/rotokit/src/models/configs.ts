import type { WeightsHeader } from '@rotokit/graph';
import { EDGETAM, SAM2_BASE_PLUS, SAM2_LARGE, SAM2_SMALL, SAM2_TINY, type VideoModelConfig } from '@rotokit/models';
import { z } from 'zod';

/** The models that this version can run, by the names that `rotokit models` knows, best first. */
export const MODEL_CONFIGS: Readonly<Record<string, VideoModelConfig>> = {
  'sam2.1-large': SAM2_LARGE,
  'sam2.1-base-plus': SAM2_BASE_PLUS,
  'sam2.1-small': SAM2_SMALL,
  'sam2.1-tiny': SAM2_TINY,
  edgetam: EDGETAM,
};

/** The key of a weights file's metadata under which it says what it is, for models of other sizes: a configuration as JSON. */
export const CONFIG_KEY = 'rotokit.config';

const count = z.number().int().positive();
const four = z.tuple([count, count, count, count]);
const CONFIG = z.object({
  name: z.string().regex(/^[\w.-]{1,64}$/),
  imageSize: count.multipleOf(32).max(4096),
  encoder: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('hiera'),
      dim: count,
      heads: count,
      blocks: four,
      windows: four,
      globalBlocks: z.array(z.number().int().nonnegative()),
      background: count,
    }),
    z.object({ kind: z.literal('repvit'), channels: four, blocks: four }),
  ]),
  hidden: count,
  decoder: z.object({ heads: count, mlp: count }),
  attention: z.object({ layers: count, mlp: count, mlpNames: z.tuple([z.string(), z.string()]) }),
  memory: z.object({
    channels: count,
    fuserMlp: count,
    slots: count.min(2),
    marksOcclusion: z.boolean(),
    timesPointers: z.boolean(),
    rounds: z.boolean(),
    perceiver: z.object({ latents1d: count, grid: count, layers: count, mlp: count }).optional(),
  }),
});

/** The configuration of an installed model: the file's own word, else what its name stands for. Throws an `Error` that says what is wrong with it. */
export function configFor(name: string, { metadata }: WeightsHeader): VideoModelConfig {
  const own = metadata[CONFIG_KEY];
  if (own === undefined) return MODEL_CONFIGS[name] as VideoModelConfig;
  let parsed: unknown;
  try {
    parsed = JSON.parse(own);
  } catch {
    throw new Error(`${CONFIG_KEY} of the weights is not JSON`);
  }
  const read = CONFIG.safeParse(parsed);
  if (read.success) return read.data as VideoModelConfig;
  const [issue] = read.error.issues;
  throw new Error(`${CONFIG_KEY} of the weights: ${issue?.path.join('.')}: ${issue?.message}`);
}
