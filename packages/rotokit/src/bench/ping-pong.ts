import type { ClipInfo, FrameSource, FramesOptions } from '@rotokit/core/ports';
import { type Frame, type FrameIndex, type FrameRange, framesOf, type PictureFormat } from '@rotokit/core/values';

/** A clip played forwards and backwards until it is `frames` long: footage of any length without a cut. */
export class PingPongSource implements FrameSource {
  readonly info: ClipInfo;
  readonly #source: FrameSource;

  constructor(source: FrameSource, frames: number) {
    this.#source = source;
    this.info = { ...source.info, frames };
  }

  async read<F extends PictureFormat = 'rgb8'>(index: FrameIndex, format?: F): Promise<Frame<F>> {
    const frame = await this.#source.read<F>(this.#inside(index), format);
    return { ...frame, index };
  }

  async *frames<F extends PictureFormat = 'rgb8'>(
    range: FrameRange,
    options: FramesOptions<F> = {},
  ): AsyncGenerator<Frame<F>> {
    for (const index of framesOf(range, options.step)) {
      options.signal?.throwIfAborted();
      yield await this.read<F>(index, options.format);
    }
  }

  /** The clip inside stays its opener's to close. */
  async close(): Promise<void> {}

  #inside(index: FrameIndex): FrameIndex {
    const last = this.#source.info.frames - 1;
    if (last === 0) return 0 as FrameIndex;
    const at = index % (2 * last);
    return (at <= last ? at : 2 * last - at) as FrameIndex;
  }
}
