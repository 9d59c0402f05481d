import type { ClipInfo, FrameSource, FramesOptions } from '@rotokit/core/ports';
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
import { AV_FRAME_FLAG_CORRUPT } from '../native/libav.js';
import type { FullOpenOptions } from '../open-options.js';
import type { PictureMaker } from '../picture/picture-maker.js';
import { Foresight } from './foresight.js';
import { HeldFrames } from './held-frames.js';
import type { NativeFrames } from './native-frames.js';

/** The part of the opening options that walking and reading need. */
export type SourceOptions = Pick<FullOpenOptions, 'ahead' | 'unreadable'>;

/** A clip or sequence as an array of pictures: decoded frames in, plain pictures out, the next ones prepared. */
export class MediaSource implements FrameSource {
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

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#foresight.settled();
      await this.#frames.close();
      await this.#maker.close();
    })();
    return this.#closing;
  }

  async #make<F extends PictureFormat>(index: FrameIndex, format: F): Promise<Frame<F>> {
    if (this.#closing) throw new TypeError(`${this.info.path} is closed`);
    const native = await this.#frames.frame(index);
    try {
      const damaged = native.hasFlags(AV_FRAME_FLAG_CORRUPT) || native.decodeErrorFlags !== 0;
      return { index, picture: await this.#maker.make(native, format), damaged };
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
