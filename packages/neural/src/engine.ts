import type { Engine, EngineSession, FrameSource, Inference, Past } from '@rotokit/core/ports';
import type { Precision } from '@rotokit/core/resources';
import type { PromptKind } from '@rotokit/core/values';
import type { Part, VideoModelConfig } from '@rotokit/models';
import type { MemoryPolicy } from './memory/policy.js';
import { sam2Policy } from './memory/sam2.js';
import type { BankView } from './memory/view.js';
import { type FeatureCache, FeatureStore, recentFeatures } from './model/features.js';
import { type ModelWeights, openModel, writeGraphs } from './model/open-model.js';
import type { VideoModel } from './model/video-model.js';
import { type CorrectionTrail, NeuralSession } from './session.js';
import { KeptMemories, keptPrecision, type MemoriesOptions } from './tracking/memories.js';
import { TIDYING, type Tidying } from './tracking/tidy.js';

/** Which model, on which runtime, remembering how. */
export interface NeuralOptions {
  /** As people type it: `sam2.1-tiny`. */
  readonly name: string;
  readonly config: VideoModelConfig;
  readonly weights: ModelWeights & {
    /** Sha256 of the file: part of what makes a result reproducible. */
    readonly digest: string;
  };
  /** Opens the runtime; each session opens its own and closes it. */
  inference(): Promise<Inference>;
  /** What decides the digits beside the weights: runtime, version, device. */
  readonly runtime?: Readonly<Record<string, string | number>>;
  /** `sam2` unless given. */
  readonly policy?: MemoryPolicy;
  /** Features of pictures for all sessions, the caller's to empty; unless given, each session has its own, of twelve pictures (245 MB at 1024 pixels). */
  readonly cache?: FeatureCache;
  /** In place of `cache`: where a session keeps what it computes, features and memories, opened and closed with it. Unless given, all in memory. */
  storage?(): SessionStorage | Promise<SessionStorage>;
  /** How memories are kept; `float32`, which loses nothing, unless given. Part of the provenance where masks depend on it. */
  readonly precision?: Precision;
  /** What is kept and made anew for corrections: memories of 16 frames and logits of 240, and 2 frames remembered anew, unless given. */
  readonly trail?: Partial<CorrectionTrail>;
  /** Small holes to fill and islands to take away, in cells of the logits: holes up to 8 unless given. Part of the provenance. */
  readonly tidying?: Partial<Tidying>;
  /** Prepare weights for long runs: see `LoadOptions`. */
  readonly prepack?: boolean;
  /** Frames of a walk whose features are made ready while one is worked on: 1 unless given; 0 for as little memory as possible. */
  readonly ahead?: number;
  /** Told after each frame what was looked at for each object. */
  readonly observe?: (view: BankView) => void;
}

/** Where a session keeps what it computes. Opened with the session and closed with it. */
export interface SessionStorage {
  readonly features: FeatureCache;
  readonly memories: MemoriesOptions;
  /** Called once, after everything that uses it was closed. */
  close(): Promise<void>;
}

/** What the models of this package understand. */
export const NEURAL_PROMPTS: ReadonlySet<PromptKind> = new Set<PromptKind>(['point', 'box', 'brush', 'mask']);

const CACHED_PICTURES = 12;
const inMemory = (model: VideoModel, cache?: FeatureCache): SessionStorage => ({
  features: cache ?? recentFeatures(CACHED_PICTURES * model.featureBytes),
  memories: { bytes: Number.POSITIVE_INFINITY },
  close: async () => {},
});

/** What is kept for corrections unless told otherwise. */
export const TRAIL: CorrectionTrail = { memories: 16, logits: 240, rebuilt: 2 };

/** SAM 2.1 or EdgeTAM as an engine (docs/neural-tracking.md). @throws WeightsError when the weights are not those of the configuration. */
export function neuralEngine(options: NeuralOptions): Engine {
  const { name, config, weights, runtime = {}, policy = sam2Policy(), precision = 'float32' } = options;
  const trail = { ...TRAIL, ...options.trail };
  for (const [key, value] of Object.entries(trail))
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`trail.${key} must be 0 or more, got ${value}`);
  const { ahead = 1 } = options;
  if (!Number.isInteger(ahead) || ahead < 0) throw new RangeError(`ahead must be 0 or more, got ${ahead}`);
  const tidying = { ...TIDYING, ...options.tidying };
  for (const [key, value] of Object.entries(tidying))
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`tidying.${key} must be 0 or more, got ${value}`);
  let graphs: ReadonlyMap<Part, Uint8Array> | undefined;
  let sessions = 0;
  const settings = Object.entries(policy.settings).map(([key, value]) => [`policy.${key}`, value]);
  return {
    name,
    provenance: {
      ...{ engine: name, model: config.name, weights: weights.digest, policy: policy.name },
      ...Object.fromEntries(settings),
      ...{ holes: tidying.holes, islands: tidying.islands },
      ...(keptPrecision(config, precision) === keptPrecision(config, 'float32') ? {} : { memories: precision }),
      ...runtime,
    },
    accepts: NEURAL_PROMPTS,
    async open(source: FrameSource, past?: Past): Promise<EngineSession> {
      graphs ??= writeGraphs(config, weights);
      const inference = await options.inference();
      try {
        const model = await openModel(inference, config, graphs, weights, options.prepack);
        const storage = (await options.storage?.()) ?? inMemory(model, options.cache);
        const prefix = `${name}/${weights.digest}/${source.info.path}#${++sessions}`;
        return new NeuralSession({
          engine: name,
          source,
          inference,
          model,
          storage,
          features: new FeatureStore(model, storage.features, prefix),
          memories: new KeptMemories(config, storage.memories, precision),
          policy,
          trail,
          past,
          tidying,
          observe: options.observe,
          ahead,
        });
      } catch (error) {
        await inference.close();
        throw error;
      }
    },
  };
}
