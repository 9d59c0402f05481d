import type { FrameSource, Store } from '@rotokit/core/ports';
import { FeatureCache } from '@rotokit/core/resources';
import { encodeMask, type Frame, type FrameIndex, RotokitError, type SoftMask } from '@rotokit/core/values';
import { encodeJpeg } from '@rotokit/media';
import { PictureQueue, type Urgency } from './queue.js';
import { thumbnail } from './thumbnail.js';

/** Bytes of JPEG and of coded masks that are kept. */
const CACHE_BYTES = 96e6;
/** Frames decoded at a time. */
const DECODING = 2;

/** There is no such mask: nothing to keep. */
class NoMask extends Error {}

/** Pictures and masks of a project for looking at, cached. They are read beside the project's process and never wait for it. */
export class Pictures {
  readonly #source: FrameSource;
  readonly #store: Store;
  readonly #cache = new FeatureCache<Uint8Array>({ bytes: CACHE_BYTES });
  readonly #queue = new PictureQueue(DECODING);

  constructor(source: FrameSource, store: Store) {
    this.#source = source;
    this.#store = store;
  }

  /** What the cache of pictures and masks holds, and how often it helped. */
  get cached(): { readonly bytes: number; readonly limit: number; readonly hits: number; readonly misses: number } {
    const { bytes, hits, joined, misses } = this.#cache.statistics;
    return { bytes, limit: CACHE_BYTES, hits: hits + joined, misses };
  }

  /** A frame exactly as engines see it: interleaved 8-bit RGB, rows from the top. @throws RotokitError FRAME_OUTSIDE, MEDIA_*. */
  async raw(shown: number, signal: AbortSignal): Promise<Frame<'rgb8'>> {
    return this.#queue.run('shown', signal, () => this.#source.read(this.#index(shown)));
  }

  /** A frame as JPEG, at most `height` lines. */
  jpeg(shown: number, height: number, signal: AbortSignal): Promise<Uint8Array> {
    const lines = Math.min(height, this.#source.info.size.height);
    return this.#kept(`jpeg/${lines}/${this.#index(shown)}`, 'shown', signal, async () => {
      const { picture } = await this.#source.read(this.#index(shown));
      const width = Math.max(1, Math.round((picture.width * lines) / picture.height));
      return encodeJpeg(picture, { size: { width, height: lines }, quantiser: lines < 200 ? 5 : 4 });
    });
  }

  /** The mask of an object on a frame under its version, coded as in `core/values/mask-codec`; undefined when there is none. */
  async mask(object: string, shown: number, version: string): Promise<Uint8Array | undefined> {
    const key = `mask/${object}/${shown}/${version}`;
    const size = (bytes: Uint8Array) => bytes.length;
    const read = async () => {
      const mask = await this.#mask(object, shown, version);
      if (!mask) throw new NoMask();
      return encodeMask(mask);
    };
    return this.#cache.getOrCompute(key, size, read).catch((error: unknown) => {
      if (error instanceof NoMask) return undefined;
      throw error;
    });
  }

  /** A small JPEG of what surrounds an object on a frame, the object outlined. */
  thumbnail(object: string, shown: number, version: string, colour: string, signal: AbortSignal): Promise<Uint8Array> {
    return this.#kept(`thumb/${object}/${shown}/${version}/${colour}`, 'aside', signal, async () => {
      const { picture } = await this.#source.read(this.#index(shown));
      return thumbnail(picture, await this.#mask(object, shown, version), colour);
    });
  }

  #kept(key: string, urgency: Urgency, signal: AbortSignal, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    return this.#cache.getOrCompute(
      key,
      (bytes) => bytes.length,
      (s) => this.#queue.run(urgency, s, make),
      signal,
    );
  }

  /** An anchor's version is the key of its mask, which is never used twice; a tracked mask's key is its place. */
  async #mask(object: string, shown: number, version: string): Promise<SoftMask | undefined> {
    const index = this.#index(shown);
    const anchor = version.startsWith(`anchor/${object}/${index}/`);
    return this.#store.mask(anchor ? version : `tracked/${object}/${index}`);
  }

  #index(shown: number): FrameIndex {
    const { first, frames } = this.#source.info;
    const index = shown - first;
    if (!Number.isSafeInteger(index) || index < 0 || index >= frames)
      throw new RotokitError('FRAME_OUTSIDE', { frame: shown, first, last: first + frames - 1 });
    return index as FrameIndex;
  }
}
