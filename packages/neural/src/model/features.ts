import type { Tensor } from '@rotokit/core/ports';
import { FeatureCache as Cache } from '@rotokit/core/resources';
import type { PictureFeatures, VideoModel } from './video-model.js';

/**
 * Where features wait for being asked for again: a cache of `core/resources`, or anything that does as much. Every value is a record of
 * named tensors, so that `tensorCodec('float32')` puts it on disk and back, bit for bit.
 */
export type FeatureCache = Pick<Cache, 'getOrCompute'>;

/** A cache in memory that drops what was not asked for the longest. What is larger than `limit` is computed and not kept. */
export const recentFeatures = (limit: number): FeatureCache => new Cache({ bytes: limit });

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

  /** A frame that is to be worked on; nothing is computed yet. */
  frame(frame: number, picture: PictureOf): FrameFeatures {
    return new FrameFeatures(this, frame, picture);
  }

  /** What the encoder makes of a frame. */
  of(frame: number, picture: PictureOf): Promise<PictureFeatures> {
    const bytes = (this.#model.featureBytes * 4) / 5;
    return this.#cache.getOrCompute(`${this.#prefix}/${frame}/features`, bytes, async () =>
      this.#model.encode(await picture()),
    );
  }

  /** The same on its way to memory attention. */
  async oriented(frame: number, { features }: PictureFeatures): Promise<Tensor> {
    const bytes = this.#model.featureBytes / 5;
    const orient = async () => ({ oriented: await this.#model.orient(features) });
    return (await this.#cache.getOrCompute(`${this.#prefix}/${frame}/oriented`, bytes, orient)).oriented;
  }
}

/** One frame while it is worked on: encoded once for all objects, also where the cache is too small to keep a frame or nobody keeps anything. */
export class FrameFeatures {
  readonly #store: FeatureStore;
  readonly #frame: number;
  readonly #picture: PictureOf;
  #features: Promise<PictureFeatures> | undefined;
  #oriented: Promise<Tensor> | undefined;

  constructor(store: FeatureStore, frame: number, picture: PictureOf) {
    this.#store = store;
    this.#frame = frame;
    this.#picture = picture;
  }

  /** What the encoder makes of it. */
  features(): Promise<PictureFeatures> {
    this.#features ??= this.#store.of(this.#frame, this.#picture);
    return this.#features;
  }

  /** The same on its way to memory attention. */
  oriented(): Promise<Tensor> {
    this.#oriented ??= this.features().then((features) => this.#store.oriented(this.#frame, features));
    return this.#oriented;
  }

  /** Begins to make both ready for someone who asks later. What fails is told then. */
  begin(): void {
    this.oriented().catch(() => {});
  }
}
