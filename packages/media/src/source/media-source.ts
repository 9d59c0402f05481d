import type { ClipInfo, FramesOptions } from '@rotokit/core/ports';
import { prefetch } from '@rotokit/core/resources';
import {
  type Frame,
  type FrameIndex,
  type FrameRange,
  frameIndex,
  framesOf,
  type PictureFormat,
  RotokitError,
  reasonOf,
} from '@rotokit/core/values';
import { AV_FRAME_FLAG_CORRUPT, type Frame as NativeFrame } from '../native/libav.js';
import type { FullOpenOptions } from '../open-options.js';
import type { PictureMaker } from '../picture/picture-maker.js';
import { checkQuantiser } from '../write/jpeg-maker.js';
import { Foresight } from './foresight.js';
import { HeldFrames } from './held-frames.js';
import type { NativeFrames } from './native-frames.js';
import type { ProxyOptions, ProxySource } from './proxy-source.js';

/** The part of the opening options that walking and reading need. */
export type SourceOptions = Pick<FullOpenOptions, 'ahead' | 'unreadable'>;

/** A clip or sequence as an array of pictures: decoded frames in, plain pictures out, the next ones prepared. */
export class MediaSource implements ProxySource {
  readonly info: ClipInfo;
  readonly #frames: NativeFrames;
  readonly #maker: PictureMaker;
  readonly #ahead: number;
  readonly #foresight: Foresight;
  #closing: Promise<void> | undefined;

  /** Takes `frames` and `maker` over and closes them. */
  constructor(info: ClipInfo, frames: NativeFrames, maker: PictureMaker, options: SourceOptions) {
    this.info = info;
    this.#frames = options.unreadable === 'hold' ? new HeldFrames(frames, info.frames) : frames;
    this.#maker = maker;
    this.#ahead = options.ahead;
    this.#foresight = new Foresight(info.frames, (index, format) => this.#make(index, format));
  }

  async read<F extends PictureFormat = 'rgb8'>(index: FrameIndex, format?: F): Promise<Frame<F>> {
    this.#check(index);
    return this.#foresight.read(index, format ?? ('rgb8' as F));
  }

  async *frames<F extends PictureFormat = 'rgb8'>(
    range: FrameRange,
    options: FramesOptions<F> = {},
  ): AsyncGenerator<Frame<F>, void, undefined> {
    const { step = 1, format = 'rgb8' as F, signal } = options;
    if (range.end > range.start) {
      this.#check(range.start);
      this.#check((range.end - 1) as FrameIndex);
    }
    const make = (index: FrameIndex) => this.#make(index, format);
    yield* prefetch(framesOf(range, step), make, { ahead: this.#ahead, ...(signal ? { signal } : {}) });
  }

  async jpeg(index: FrameIndex, { lines, quantiser = 4 }: ProxyOptions): Promise<Uint8Array> {
    this.#check(index);
    checkQuantiser(quantiser);
    if (!(Number.isSafeInteger(lines) && lines >= 1))
      throw new RangeError(`lines must be a whole number from 1, got ${lines}`);
    return this.#withFrame(index, (native) => this.#maker.jpeg(native, lines, quantiser));
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#foresight.settled();
      await this.#frames.close();
      await this.#maker.close();
    })();
    return this.#closing;
  }

  #make<F extends PictureFormat>(index: FrameIndex, format: F): Promise<Frame<F>> {
    return this.#withFrame(index, async (native) => {
      const damaged = native.hasFlags(AV_FRAME_FLAG_CORRUPT) || native.decodeErrorFlags !== 0;
      return { index, picture: await this.#maker.make(native, format), damaged };
    });
  }

  /** Decodes a frame, makes something of it and frees it. */
  async #withFrame<T>(index: FrameIndex, make: (native: NativeFrame) => Promise<T>): Promise<T> {
    if (this.#closing) throw new TypeError(`${this.info.path} is closed`);
    const native = await this.#frames.frame(index);
    try {
      return await make(native);
    } catch (error) {
      const facts = { path: this.info.path, frame: this.info.first + index, reason: reasonOf(error) };
      throw new RotokitError('MEDIA_FRAME_DAMAGED', facts, error);
    } finally {
      native.free();
    }
  }

  #check(index: FrameIndex): void {
    const { first, frames } = this.info;
    if (frameIndex(index) >= frames) {
      throw new RotokitError('FRAME_OUTSIDE', { frame: first + index, first, last: first + frames - 1 });
    }
  }
}
