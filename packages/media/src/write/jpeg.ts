import { type Picture, RotokitError, reasonOf, type Size } from '@rotokit/core/values';
import { AVCOL_RANGE_JPEG, check, SoftwareScaleContext } from '../native/libav.js';
import { pixelFormat } from '../picture/layout.js';
import { allocFrame, rgbFrame } from './sink-frame.js';
import { StillEncoder } from './still-encoder.js';

/** How a JPEG for looking at is made. */
export interface JpegOptions {
  /** Size of the JPEG; the picture's own unless told. */
  readonly size?: Size;
  /** libav's quantiser, 2 (best) to 31; 3 unless told. */
  readonly quantiser?: number;
}

/** BT.601, the matrix that JFIF readers assume (ITU-T T.871). */
const JFIF_MATRIX = 5;

/**
 * A picture as the bytes of a baseline JPEG (JFIF, 4:2:0), scaled when a size is given: for proxies and thumbnails, never for delivery.
 * @throws RangeError for a size or a quantiser out of range. @throws RotokitError WRITE_FAILED when the encoder refuses.
 */
export async function encodeJpeg(picture: Picture<'rgb8'>, options: JpegOptions = {}): Promise<Uint8Array> {
  const { size = picture, quantiser = 3 } = options;
  if (!(quantiser >= 2 && quantiser <= 31)) throw new RangeError(`quantiser must be 2 to 31, got ${quantiser}`);
  for (const side of [size.width, size.height])
    if (!Number.isSafeInteger(side) || side < 1 || side > 65500)
      throw new RangeError(`a JPEG has sides of 1 to 65500 pixels, got ${size.width}x${size.height}`);
  const q = String(quantiser);
  const encoder = new StillEncoder({ encoder: 'mjpeg', pixels: 'yuvj420p', options: { qmin: q, qmax: q } });
  const source = rgbFrame({ ...picture, channels: 3 }, picture.width, picture.height);
  const target = allocFrame(size.width, size.height, pixelFormat('yuvj420p'));
  const scaler = new SoftwareScaleContext();
  try {
    Object.assign(target, { colorSpace: JFIF_MATRIX, colorRange: AVCOL_RANGE_JPEG });
    scaler.allocContext();
    check(scaler.setOption('sws_flags', size.height < picture.height ? 'area' : 'bicubic'), 'set scaler flags');
    check(await scaler.scaleFrame(target, source), 'convert to YUV');
    return await encoder.encode(target);
  } catch (error) {
    throw new RotokitError('WRITE_FAILED', { path: 'a JPEG in memory', reason: reasonOf(error) }, error);
  } finally {
    scaler.freeContext();
    target.free();
    source.free();
    await encoder.close();
  }
}
