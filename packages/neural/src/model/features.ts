import type { Tensor } from '@rotokit/core/ports';
import type { PictureFeatures, VideoModel } from './video-model.js';

/**
 * Where features wait for being asked for again. One computation serves concurrent callers; what is dropped is computed anew.
 * `bytes` is what the result takes.
 */
export interface FeatureCache {
  getOrCompute<T>(key: string, bytes: number, compute: () => Promise<T>): Promise<T>;
}

/** A cache in memory that drops what was not asked for the longest. What is larger than `limit` is computed and not kept. */
export function recentFeatures(limit: number): FeatureCache & { clear(): void } {
  const held = new Map<string, { readonly bytes: number; readonly value: Promise<unknown> }>();
  let total = 0;
  const drop = (key: string) => {
    total -= held.get(key)?.bytes ?? 0;
    held.delete(key);
  };
  return {
    async getOrCompute<T>(key: string, bytes: number, compute: () => Promise<T>): Promise<T> {
      const known = held.get(key);
      if (known) {
        held.delete(key);
        held.set(key, known);
        return known.value as Promise<T>;
      }
      if (bytes > limit) return compute();
      const entry = { bytes, value: compute() };
      held.set(key, entry);
      total += bytes;
      for (const old of held.keys()) {
        if (total <= limit) break;
        if (old !== key) drop(old);
      }
      return entry.value.catch((error: unknown) => {
        if (held.get(key) === entry) drop(key);
        throw error;
      });
    },
    clear() {
      held.clear();
      total = 0;
    },
  };
}

/** Makes the picture of a frame, [3, size, size] and normalised. */
export type PictureOf = () => Promise<Float32Array> | Float32Array;

/** Features of pictures by frame: computed when first asked for, then from the cache. The prefix tells clips and models apart. */
export class FeatureStore {
  readonly #model: VideoModel;
  readonly #cache: FeatureCache;
  readonly #prefix: string;

  constructor(model: VideoModel, cache: FeatureCache, prefix: string) {
    this.#model = model;
    this.#cache = cache;
    this.#prefix = prefix;
  }

  /** What the encoder makes of a frame. */
  of(frame: number, picture: PictureOf): Promise<PictureFeatures> {
    const bytes = (this.#model.featureBytes * 4) / 5;
    return this.#cache.getOrCompute(`${this.#prefix}/${frame}/features`, bytes, async () =>
      this.#model.encode(await picture()),
    );
  }

  /** The same on its way to memory attention. */
  oriented(frame: number, { features }: PictureFeatures): Promise<Tensor> {
    const bytes = this.#model.featureBytes / 5;
    return this.#cache.getOrCompute(`${this.#prefix}/${frame}/oriented`, bytes, () => this.#model.orient(features));
  }
}
