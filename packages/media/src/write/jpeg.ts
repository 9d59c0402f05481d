import { type Picture, RotokitError, reasonOf, type Size } from '@rotokit/core/values';
import { JpegMaker } from './jpeg-maker.js';
import { rgbFrame } from './sink-frame.js';

/** How a JPEG for looking at is made. */
export interface JpegOptions {
  /** Size of the JPEG; the picture's own unless told. */
  readonly size?: Size;
  /** libav's quantiser, 2 (best) to 31; 3 unless told. */
  readonly quantiser?: number;
}

/**
 * A picture as the bytes of a baseline JPEG (JFIF, 4:2:0), scaled when a size is given: for thumbnails, never for delivery. Frames of a clip come sooner by
 * `jpeg` of the open clip.
 * @throws RangeError for a size or a quantiser out of range. @throws RotokitError WRITE_FAILED when the encoder refuses.
 */
export async function encodeJpeg(picture: Picture<'rgb8'>, options: JpegOptions = {}): Promise<Uint8Array> {
  const { size = picture, quantiser = 3 } = options;
  const maker = new JpegMaker();
  const source = rgbFrame({ ...picture, channels: 3 }, picture.width, picture.height);
  try {
    return await maker.make(source, size, quantiser);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new RotokitError('WRITE_FAILED', { path: 'a JPEG in memory', reason: reasonOf(error) }, error);
  } finally {
    source.free();
    await maker.close();
  }
}
