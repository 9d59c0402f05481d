import {
  type ColourTags,
  channelsOf,
  type Picture,
  type PictureFormat,
  type SamplesOf,
  sameSize,
} from '@rotokit/core/values';
import {
  AV_PIX_FMT_GBRAP16LE,
  AV_PIX_FMT_GBRP,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_RGB,
  AVCOL_SPC_UNSPECIFIED,
  type Frame,
} from '../native/libav.js';
import { JpegMaker } from '../write/jpeg-maker.js';
import { rgbFrame } from '../write/sink-frame.js';
import { deepRgba } from './deep-rgba.js';
import { codedSize, type Geometry } from './geometry.js';
import { interleave } from './interleave.js';
import { type FormatFacts, formatFacts } from './layout.js';
import { isUpright, orient } from './orientation.js';
import { Scaler } from './scaler.js';
import { stretch } from './stretch.js';
import { newSamples, unpack } from './unpack.js';

/** CICP transfer characteristics 8 and 13: linear light and sRGB. */
const LINEAR = 8;
const SRGB_TRANSFER = 13;

/**
 * The tags to decode a frame with: what it says, and where it says nothing what players assume. YUV without a matrix is
 * BT.709 from 720 lines on and BT.601 below; stills are BT.601 (JFIF, WebP).
 */
export function coloursOf(frame: Frame, still: boolean): ColourTags {
  const { float } = formatFacts(frame.format);
  const rgb = takenAsIs(frame, still);
  const guess = !still && frame.height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_BT470BG;
  const untagged = frame.colorSpace === AVCOL_SPC_UNSPECIFIED;
  return {
    primaries: frame.colorPrimaries,
    transfer: float && frame.colorTrc === 2 ? LINEAR : frame.colorTrc,
    matrix: rgb ? AVCOL_SPC_RGB : untagged ? guess : frame.colorSpace,
    range: frame.colorRange === AVCOL_RANGE_MPEG || (!rgb && frame.colorRange === 0) ? 'limited' : 'full',
  };
}

/** Whether samples are RGB or full-range grey already. Grey video in limited range needs expanding like any YUV. */
function takenAsIs(frame: Frame, still: boolean): boolean {
  const { rgb, name } = formatFacts(frame.format);
  return rgb !== undefined && (!name.startsWith('gray') || still || frame.colorRange === AVCOL_RANGE_JPEG);
}

/** Turns decoded frames of one clip into pictures: colour, pixel aspect and rotation applied, in plain arrays. */
export class PictureMaker {
  readonly #geometry: Geometry;
  readonly #still: boolean;
  readonly #plain = new Scaler(AV_PIX_FMT_GBRP);
  readonly #deep = new Scaler(AV_PIX_FMT_GBRAP16LE);
  readonly #small = new JpegMaker();

  /** @param still pictures of a sequence, not frames of a movie: other defaults where tags are missing. */
  constructor(geometry: Geometry, still: boolean) {
    this.#geometry = geometry;
    this.#still = still;
  }

  /** The picture of a frame in a format. The frame stays the caller's and may be freed afterwards. */
  async make<F extends PictureFormat>(frame: Frame, format: F): Promise<Picture<F>> {
    const facts = formatFacts(frame.format);
    const { width, height } = this.#geometry.displayed;
    const tags = coloursOf(frame, this.#still);
    const encoded = facts.float && format !== 'rgbaf';
    const transfer = encoded ? SRGB_TRANSFER : tags.transfer;
    const colour: ColourTags = { primaries: tags.primaries, transfer, matrix: AVCOL_SPC_RGB, range: 'full' };
    const direct = takenAsIs(frame, this.#still);
    const samples = direct ? this.#unpacked(frame, format) : await this.#scaled(frame, facts, tags, format);
    return { format, width, height, samples, colour };
  }

  /** A frame as JPEG of at most so many lines. YUV is scaled as YUV; RGB by way of its picture. The frame stays the caller's. */
  async jpeg(frame: Frame, lines: number, quantiser: number): Promise<Uint8Array> {
    const { displayed, orientation } = this.#geometry;
    const height = Math.min(lines, displayed.height);
    const size = { width: Math.max(1, Math.round((displayed.width * height) / displayed.height)), height };
    if (!takenAsIs(frame, this.#still)) {
      const tags = coloursOf(frame, this.#still);
      frame.colorSpace = tags.matrix as Frame['colorSpace'];
      frame.colorRange = tags.range === 'limited' ? AVCOL_RANGE_MPEG : AVCOL_RANGE_JPEG;
      return this.#small.make(frame, size, quantiser, orientation);
    }
    const rgb = rgbFrame({ ...(await this.make(frame, 'rgb8')), channels: 3 }, displayed.width, displayed.height);
    try {
      return await this.#small.make(rgb, size, quantiser);
    } finally {
      rgb.free();
    }
  }

  #unpacked<F extends PictureFormat>(frame: Frame, format: F): SamplesOf[F] {
    const { square, orientation } = this.#geometry;
    const coded = codedSize(frame);
    const n = channelsOf(format);
    let samples = unpack(frame, formatFacts(frame.format).rgb!, format);
    if (!sameSize(coded, square)) {
      const into = newSamples(format, square.width * square.height * n);
      const [from, to] = [[coded.width, coded.height] as const, [square.width, square.height] as const];
      samples = stretch(samples as Float32Array, from, into as Float32Array, to, n) as SamplesOf[F];
    }
    return isUpright(orientation) ? samples : this.#turned(samples, square.width * n, format);
  }

  #turned<F extends PictureFormat>(samples: SamplesOf[F], stride: number, format: F): SamplesOf[F] {
    const { square, orientation } = this.#geometry;
    const n = channelsOf(format);
    const into = newSamples(format, square.width * square.height * n) as Float32Array;
    return orient(samples as Float32Array, stride, square.width, square.height, n, orientation, into) as SamplesOf[F];
  }

  async #scaled<F extends PictureFormat>(frame: Frame, facts: FormatFacts, tags: ColourTags, format: F) {
    frame.colorSpace = tags.matrix as Frame['colorSpace'];
    const { width, height } = this.#geometry.square;
    if (format === 'rgb8') {
      const turn = this.#geometry.orientation;
      return (await this.#plain.convert(frame, width, height, (out) => interleave(out, turn))) as SamplesOf[F];
    }
    const samples = await this.#deep.convert(frame, width, height, (out) => {
      const own = facts.alpha && sameSize(codedSize(frame), this.#geometry.square) ? frame : undefined;
      const rgba = deepRgba(out, facts.alpha ? (own ?? out) : undefined);
      return isUpright(this.#geometry.orientation) ? rgba : this.#turned(rgba, width * 4, 'rgba16');
    });
    if (format === 'rgba16') return samples as SamplesOf[F];
    return Float32Array.from(samples, (v) => v / 65535) as SamplesOf[F];
  }

  /** Frees everything native, after the conversions under way. */
  async close(): Promise<void> {
    await Promise.all([this.#plain.close(), this.#deep.close(), this.#small.close()]);
  }
}
