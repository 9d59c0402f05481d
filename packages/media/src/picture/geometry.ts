import type { Size } from '@rotokit/core/values';
import type { Frame, Rational } from '../native/libav.js';
import type { Orientation } from './orientation.js';

/** From coded pixels to the displayed picture. */
export interface Geometry {
  readonly coded: Size;
  /** Width over height of a coded pixel, as the file says. */
  readonly pixelAspect: number;
  /** The coded picture with square pixels, before it is turned. */
  readonly square: Size;
  readonly orientation: Orientation;
  readonly displayed: Size;
}

/**
 * Pixels this close to square are left alone. Encoders write 1280:1281 so that 854x480 is 16:9 to the letter; obeying would
 * resample the whole picture to lose one column.
 */
const SQUARE_WITHIN = 0.005;

/**
 * The displayed size of a picture. Pixels that are not square make it wider or higher, never smaller, as browsers do.
 */
export function geometry(coded: Size, aspect: Pick<Rational, 'num' | 'den'>, orientation: Orientation): Geometry {
  const sane = aspect.num > 0 && aspect.den > 0;
  const pixelAspect = sane ? aspect.num / aspect.den : 1;
  const apply = Math.abs(pixelAspect - 1) > SQUARE_WITHIN && pixelAspect <= 16 && pixelAspect >= 1 / 16;
  const square = {
    width: apply && pixelAspect > 1 ? Math.round(coded.width * pixelAspect) : coded.width,
    height: apply && pixelAspect < 1 ? Math.round(coded.height / pixelAspect) : coded.height,
  };
  const displayed = orientation.transpose ? { width: square.height, height: square.width } : square;
  return { coded, pixelAspect, square, orientation, displayed };
}

/** The size of a frame's pixels as decoded. */
export const codedSize = (frame: Frame): Size => ({ width: frame.width, height: frame.height });
