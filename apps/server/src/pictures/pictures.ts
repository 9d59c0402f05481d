import type { Store } from '@rotokit/core/ports';
import { type CacheStatistics, FeatureCache } from '@rotokit/core/resources';
import { encodeMask, type Frame, type FrameIndex, RotokitError, type SoftMask } from '@rotokit/core/values';
import type { ProxyOptions, ProxySource } from '@rotokit/media';
import type { Calm } from './calm.js';
import type { Proxies } from './proxies.js';
import { PROXY } from './proxy-maker.js';
import { PictureQueue, type Urgency } from './queue.js';
import { thumbnail } from './thumbnail.js';

/** Most bytes of exact frames that are on their way to a page at a time; one is always allowed. */
const SENDING_BYTES = 64e6;
/** Frames decoded at a time. */
const DECODING = 2;

/** JPEGs are bytes already. */
const AS_IT_IS = { encode: (bytes: Uint8Array) => bytes, decode: (bytes: Uint8Array) => bytes };

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
}

/** There is no such mask: nothing to keep. */
class NoMask extends Error {}

/** A frame, and what to call once it has gone out. */
export interface SentFrame {
  readonly frame: Frame<'rgb8'>;
  sent(): void;
}

/** What pictures are made from. */
export interface PicturesParts {
  readonly source: ProxySource;
  readonly store: Store;
  readonly proxies: Proxies;
  readonly calm: Calm;
  /** Most bytes of JPEG and of coded masks that are kept in memory. */
  readonly kept: number;
}

/** Pictures and masks of a project for looking at, cached. They are read beside the project's process and never wait for it. */
export class Pictures {
  readonly #source: ProxySource;
  readonly #store: Store;
  readonly #proxies: Proxies;
  readonly #calm: Calm;
  readonly #cache: FeatureCache<Uint8Array>;
  readonly #playing: FeatureCache<Uint8Array>;
  readonly #kept: number;
  readonly #queue = new PictureQueue(DECODING);
  readonly #sending: PictureQueue;

  constructor({ source, store, proxies, calm, kept }: PicturesParts) {
    const { width, height } = source.info.size;
    this.#sending = new PictureQueue(Math.max(1, Math.floor(SENDING_BYTES / (3 * width * height))));
    this.#kept = kept;
    this.#cache = new FeatureCache<Uint8Array>({ bytes: (2 / 3) * kept });
    this.#source = source;
    this.#store = store;
    this.#proxies = proxies;
    this.#calm = calm;
    const disk = proxies.store && { store: proxies.store, codec: AS_IT_IS };
    this.#playing = new FeatureCache<Uint8Array>({ bytes: kept / 3, ...(disk ? { disk } : {}) });
  }

  /** What the cache of pictures and masks holds, and how often it helped. */
  get cached(): { readonly bytes: number; readonly limit: number; readonly hits: number; readonly misses: number } {
    const both = [this.#cache.statistics, this.#playing.statistics];
    const sum = (of: (s: CacheStatistics) => number) => both.reduce((n, s) => n + of(s), 0);
    return {
      bytes: sum((s) => s.bytes),
      limit: this.#kept,
      hits: sum((s) => s.hits + s.diskHits + s.joined),
      misses: sum((s) => s.misses),
    };
  }

  /**
   * A frame exactly as engines see it: interleaved 8-bit RGB, rows from the top. It counts as on its way until `sent` is called or the signal fires, and large
   * ones wait for one another. @throws RotokitError FRAME_OUTSIDE, MEDIA_*.
   */
  raw(shown: number, signal: AbortSignal): Promise<SentFrame> {
    const index = this.#index(shown);
    this.#proxies.aim(index);
    return new Promise((resolve, reject) => {
      const send = async () => {
        const frame = await this.#needed('shown', signal, () => this.#source.read(index));
        await new Promise<void>((sent) => {
          signal.addEventListener('abort', () => sent(), { once: true });
          resolve({ frame, sent });
        });
      };
      this.#sending.run('shown', signal, send).catch(reject);
    });
  }

  /** A frame as JPEG, at most `height` lines: those for playing from disk where they are there. */
  async jpeg(shown: number, height: number, signal: AbortSignal): Promise<Uint8Array> {
    const index = this.#index(shown);
    const most = this.#source.info.size.height;
    const lines = Math.min(height, most);
    const make = (options: ProxyOptions) => (s: AbortSignal) =>
      this.#needed('shown', s, () => this.#source.jpeg(index, options));
    const size = (bytes: Uint8Array) => bytes.length;
    if (lines === Math.min(PROXY.lines, most))
      return this.#playing.getOrCompute(this.#proxies.key(index), size, make(PROXY), signal);
    const small = make({ lines, quantiser: lines < 200 ? 5 : 4 });
    return this.#cache.getOrCompute(`jpeg/${lines}/${index}`, size, small, signal);
  }

  /**
   * Pictures for playing that are ready, from a frame on, one after the other: the length of each (uint32, little-endian; 0 where it is not ready or the clip
   * has ended) and its bytes. Nothing is decoded. @throws RotokitError FRAME_OUTSIDE.
   */
  async pack(shown: number, count: number): Promise<Uint8Array> {
    const index = this.#index(shown);
    const one = async (i: number): Promise<Uint8Array> => {
      const key = this.#proxies.key(i);
      return this.#playing.get(key) ?? (await this.#proxies.store?.get(key)) ?? new Uint8Array();
    };
    const all = await Promise.all(Array.from({ length: count }, (_, i) => one(index + i)));
    return Buffer.concat(all.flatMap((bytes) => [lengthOf(bytes), bytes]));
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
    return this.#keeping(`thumb/${object}/${shown}/${version}/${colour}`, 'aside', signal, async () => {
      const { picture } = await this.#source.read(this.#index(shown));
      return thumbnail(picture, await this.#mask(object, shown, version), colour);
    });
  }

  #keeping(key: string, urgency: Urgency, signal: AbortSignal, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    return this.#cache.getOrCompute(
      key,
      (bytes) => bytes.length,
      (s) => this.#needed(urgency, s, make),
      signal,
    );
  }

  /** Does what somebody waits for, in its turn; what nobody waits for steps aside meanwhile. */
  async #needed<T>(urgency: Urgency, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const release = this.#calm.hold();
    try {
      return await this.#queue.run(urgency, signal, work);
    } finally {
      release();
    }
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
