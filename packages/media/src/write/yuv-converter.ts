import type { SinkPicture } from '@rotokit/core/ports';
import type { ColourTags, Size } from '@rotokit/core/values';
import { AVCOL_RANGE_MPEG, check, type Frame, SoftwareScaleContext } from '../native/libav.js';
import { formatFacts, pixelFormat } from '../picture/layout.js';
import { allocFrame, rgbFrame } from './sink-frame.js';

/** Pictures to YUV frames for an encoder: matrix and limited range as tagged, alpha to the bit. One call at a time. */
export class YuvConverter {
  readonly size: Size;
  readonly #format: Frame['format'];
  readonly #tags: ColourTags;
  #context: SoftwareScaleContext | undefined;

  /** @param pixels libav's name of the encoder's pixel format. */
  constructor(pixels: string, size: Size, tags: ColourTags) {
    this.size = size;
    this.#format = pixelFormat(pixels);
    this.#tags = tags;
  }

  /** A frame of its own, since encoders keep what they are given; the caller frees it. @throws FFmpegError */
  async convert(picture: SinkPicture): Promise<Frame> {
    const { width, height } = this.size;
    const { primaries: colorPrimaries, transfer: colorTrc, matrix: colorSpace } = this.#tags;
    const source = rgbFrame(picture, width, height);
    let target: Frame | undefined;
    try {
      target = allocFrame(width, height, this.#format);
      // The same primaries and transfer on both sides: only matrix and range may change.
      Object.assign(source, { colorPrimaries, colorTrc });
      Object.assign(target, { colorPrimaries, colorTrc, colorSpace, colorRange: AVCOL_RANGE_MPEG });
      check(await this.#ready().scaleFrame(target, source), 'convert to YUV');
      if (formatFacts(this.#format).alpha) putAlpha(picture, target);
      return target;
    } catch (error) {
      target?.free();
      throw error;
    } finally {
      source.free();
    }
  }

  #ready(): SoftwareScaleContext {
    if (!this.#context) {
      const context = new SoftwareScaleContext();
      context.allocContext();
      check(context.setOption('sws_flags', 'bicubic+accurate_rnd+full_chroma_int+full_chroma_inp'), 'set scaler flags');
      check(context.setOption('threads', '2'), 'set scaler threads');
      this.#context = context;
    }
    return this.#context;
  }

  /** Frees everything native. */
  close(): void {
    this.#context?.freeContext();
    this.#context = undefined;
  }
}

/** The alpha plane, rounded to its depth: swscale's shift would leave opaque a little short of opaque. */
function putAlpha(picture: SinkPicture, frame: Frame): void {
  const { width, height, samples, channels } = picture;
  const plane = frame.data![3];
  const top = 2 ** formatFacts(frame.format).bitDepth - 1;
  const wide = top > 255;
  const into = wide ? new Uint16Array(plane.buffer, plane.byteOffset, plane.length >> 1) : plane;
  const stride = frame.linesize[3] / (wide ? 2 : 1);
  const factor = top / (samples instanceof Uint16Array ? 65535 : 255);
  for (let y = 0; y < frame.height; y++) {
    const row = Math.min(y, height - 1) * width;
    for (let x = 0; x < frame.width; x++) {
      const p = (row + Math.min(x, width - 1)) * channels + 3;
      into[y * stride + x] = channels === 4 ? (samples[p] * factor + 0.5) | 0 : top;
    }
  }
}
