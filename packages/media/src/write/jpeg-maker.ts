import type { Size } from '@rotokit/core/values';
import { Exclusive } from '../native/exclusive.js';
import {
  AV_FRAME_FLAG_INTERLACED,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT470BG,
  check,
  type Frame,
  SoftwareScaleContext,
} from '../native/libav.js';
import { pixelFormat } from '../picture/layout.js';
import { isUpright, type Orientation, orient, UPRIGHT } from '../picture/orientation.js';
import { allocFrame } from './sink-frame.js';
import { StillEncoder } from './still-encoder.js';

/** Sides that a baseline JPEG can have. */
const LONGEST = 65500;

/** What stays from one JPEG to the next of the same size and quality. */
interface Bench {
  readonly key: string;
  readonly scaler: SoftwareScaleContext;
  readonly encoder: StillEncoder;
  /** As the scaler leaves it, before it is turned. */
  readonly scaled: Frame;
  readonly turned: Frame;
}

/**
 * Frames of any pixel format as baseline JPEG (JFIF, 4:2:0), scaled from YUV to YUV where they are YUV. Scaler and encoder are kept while size and
 * quality stay the same. One picture at a time.
 */
export class JpegMaker {
  readonly #turn = new Exclusive();
  #bench: Bench | undefined;

  /**
   * The bytes of a JPEG of `size`, which is that of the turned picture. The frame's matrix and range must be set; it stays the caller's.
   * @throws RangeError for a size or a quantiser that no JPEG has. @throws FFmpegError
   */
  make(frame: Frame, size: Size, quantiser: number, turn: Orientation = UPRIGHT): Promise<Uint8Array> {
    checkQuantiser(quantiser);
    for (const side of [size.width, size.height])
      if (!Number.isSafeInteger(side) || side < 1 || side > LONGEST)
        throw new RangeError(`a JPEG has sides of 1 to ${LONGEST} pixels, got ${size.width}x${size.height}`);
    return this.#turn.run(async () => {
      if (!(frame.width > 0 && frame.height > 0 && frame.data?.[0])) throw new Error('the frame has no pixels');
      const { scaler, scaled, turned, encoder } = await this.#ready(frame, size, quantiser, turn);
      // The same primaries and transfer on both sides: only matrix, range and size may change.
      Object.assign(scaled, { colorPrimaries: frame.colorPrimaries, colorTrc: frame.colorTrc });
      if (frame.hasFlags(AV_FRAME_FLAG_INTERLACED)) scaled.setFlags(AV_FRAME_FLAG_INTERLACED);
      else scaled.clearFlags(AV_FRAME_FLAG_INTERLACED);
      check(await scaler.scaleFrame(scaled, frame), 'convert to YUV');
      if (turned !== scaled) turnPlanes(scaled, turned, turn);
      return encoder.encode(turned);
    });
  }

  async #ready(frame: Frame, size: Size, quantiser: number, turn: Orientation): Promise<Bench> {
    const { width, height } = size;
    const [w, h] = turn.transpose ? [height, width] : [width, height];
    // Area: every pixel counts where the picture shrinks.
    const flags = h < frame.height || w < frame.width ? 'area' : 'bicubic';
    const upright = isUpright(turn);
    const key = [w, h, flags, quantiser, upright].join();
    if (this.#bench?.key === key) return this.#bench;
    await this.#clear();
    const scaler = new SoftwareScaleContext();
    scaler.allocContext();
    check(scaler.setOption('sws_flags', flags), 'set scaler flags');
    const scaled = target(w, h);
    const turned = upright ? scaled : target(width, height);
    const q = String(quantiser);
    // Huffman tables of its own for each picture would take a fifth more time and save 3 % of the bytes.
    const options = { qmin: q, qmax: q, huffman: 'default' };
    const encoder = new StillEncoder({ encoder: 'mjpeg', pixels: 'yuvj420p', options });
    this.#bench = { key, scaler, encoder, scaled, turned };
    return this.#bench;
  }

  async #clear(): Promise<void> {
    const bench = this.#bench;
    this.#bench = undefined;
    if (!bench) return;
    bench.scaler.freeContext();
    bench.scaled.free();
    if (bench.turned !== bench.scaled) bench.turned.free();
    await bench.encoder.close();
  }

  /** Frees everything native, after the pictures under way. */
  close(): Promise<void> {
    return this.#turn.run(() => this.#clear());
  }
}

/** @throws RangeError for a quantiser that libav's JPEG does not have. */
export function checkQuantiser(quantiser: number): void {
  if (!(quantiser >= 2 && quantiser <= 31)) throw new RangeError(`quantiser must be 2 to 31, got ${quantiser}`);
}

/** BT.601 in full range, which readers of JFIF assume (ITU-T T.871). */
function target(width: number, height: number): Frame {
  const frame = allocFrame(width, height, pixelFormat('yuvj420p'));
  return Object.assign(frame, { colorSpace: AVCOL_SPC_BT470BG, colorRange: AVCOL_RANGE_JPEG });
}

function turnPlanes(from: Frame, to: Frame, turn: Orientation): void {
  for (const [n, plane] of [0, 1, 2].entries()) {
    const half = (side: number) => (n ? (side + 1) >> 1 : side);
    const [w, h] = [half(from.width), half(from.height)];
    const [tw, th] = [half(to.width), half(to.height)];
    const samples = orient<Uint8Array>(from.data![plane], from.linesize[plane], w, h, 1, turn, new Uint8Array(w * h));
    for (let y = 0; y < th; y++) to.data![plane].set(samples.subarray(y * tw, (y + 1) * tw), y * to.linesize[plane]);
  }
}
