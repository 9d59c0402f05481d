import type { FrameIndex } from './time.js';

/** CICP code points (ITU-T H.273) of how sample values mean colour. 2 means unspecified. */
export interface ColourTags {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly range: 'full' | 'limited';
}

/** sRGB as display-referred full-range RGB: BT.709 primaries, IEC 61966-2-1 transfer, identity matrix. */
export const SRGB: ColourTags = { primaries: 1, transfer: 13, matrix: 0, range: 'full' };

/**
 * Interleaved sample layouts. `rgb8`: what engines see, display-referred, 0..255. `rgba16`: every bit the clip has
 * (8-, 10- and 12-bit sources scaled to 0..65535), alpha 65535 where the clip has none. `rgbaf`: floats as stored, for EXR.
 */
export type PictureFormat = 'rgb8' | 'rgba16' | 'rgbaf';

/** The array type that holds the samples of a format. */
export interface SamplesOf {
  rgb8: Uint8Array;
  rgba16: Uint16Array;
  rgbaf: Float32Array;
}

/** Samples in raster order without row padding: `channels * width * height` values. */
export interface Picture<F extends PictureFormat = PictureFormat> {
  readonly format: F;
  readonly width: number;
  readonly height: number;
  readonly samples: SamplesOf[F];
  readonly colour: ColourTags;
}

/** One picture of a clip, upright and with square pixels. */
export interface Frame<F extends PictureFormat = PictureFormat> {
  readonly index: FrameIndex;
  readonly picture: Picture<F>;
  /** The decoder concealed an error in this frame: it shows something, but not what was filmed. */
  readonly damaged: boolean;
}

/** Samples per pixel of a format. */
export const channelsOf = (format: PictureFormat): 3 | 4 => (format === 'rgb8' ? 3 : 4);
