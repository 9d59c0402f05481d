import { Exclusive } from '../native/exclusive.js';
import {
  AV_FRAME_FLAG_INTERLACED,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_RGB,
  check,
  Frame,
  SoftwareScaleContext,
} from '../native/libav.js';

/**
 * Bilinear, with chroma interpolated to every pixel and exact rounding: at most 3/255 from libjpeg's own RGB, where
 * swscale's fast path (nearest chroma) is off by up to 38 at coloured edges.
 */
const FLAGS = 'bilinear+full_chroma_int+accurate_rnd';

/**
 * Any picture libav decodes, to packed RGB of any size: dynamic swscale, the one path of it that honours the colour
 * tags. `getContext` and `Scaler` always take BT.601.
 */
export class Scaler {
  readonly #format: Frame['format'];
  readonly #turn = new Exclusive();
  #context: SoftwareScaleContext | undefined;
  #out: Frame | undefined;

  /** @param format the RGB pixel format to make. */
  constructor(format: Frame['format']) {
    this.#format = format;
  }

  /**
   * Scales and hands the result to `use` while it is valid: libav's rows, `linesize[0]` bytes apart. The source keeps
   * primaries and transfer; only matrix, range and size change. @throws FFmpegError
   */
  convert<T>(source: Frame, width: number, height: number, use: (out: Frame) => T): Promise<T> {
    return this.#turn.run(async () => {
      // A wrong or unallocated frame here is heap corruption, not an error.
      if (!(source.width > 0 && source.height > 0 && source.data?.[0])) throw new Error('the frame has no pixels');
      const out = this.#target(width, height);
      // Other tags on the target and swscale maps wide gamut and HDR to BT.709 unasked, after seconds of set-up.
      out.colorPrimaries = source.colorPrimaries;
      out.colorTrc = source.colorTrc;
      // An interlaced source needs an interlaced target, else "Invalid argument".
      if (source.hasFlags(AV_FRAME_FLAG_INTERLACED)) out.setFlags(AV_FRAME_FLAG_INTERLACED);
      else out.clearFlags(AV_FRAME_FLAG_INTERLACED);
      check(await this.#ready().scaleFrame(out, source), 'convert to RGB');
      return use(out);
    });
  }

  #ready(): SoftwareScaleContext {
    if (!this.#context) {
      const context = new SoftwareScaleContext();
      context.allocContext(); // and never getContext()
      check(context.setOption('sws_flags', FLAGS), 'set scaler flags');
      check(context.setOption('threads', '2'), 'set scaler threads');
      this.#context = context;
    }
    return this.#context;
  }

  #target(width: number, height: number): Frame {
    if (this.#out?.width === width && this.#out.height === height) return this.#out;
    this.#out?.free();
    this.#out = undefined;
    const out = new Frame();
    out.alloc();
    Object.assign(out, {
      width,
      height,
      format: this.#format,
      colorSpace: AVCOL_SPC_RGB,
      colorRange: AVCOL_RANGE_JPEG,
    });
    try {
      check(out.allocBuffer(), 'allocate an RGB frame');
    } catch (error) {
      out.free();
      throw error;
    }
    this.#out = out;
    return out;
  }

  /** Frees everything native, after the conversions under way. */
  close(): Promise<void> {
    return this.#turn.run(async () => {
      this.#out?.free();
      this.#context?.freeContext();
      this.#out = undefined;
      this.#context = undefined;
    });
  }
}
