/** A TIFF picture: interleaved samples in raster order, 8 or 16 bits by the type of the array, or floats. */
export interface TiffImage {
  readonly width: number;
  readonly height: number;
  /** Grey, grey with alpha, RGB or RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly samples: Uint8Array | Uint16Array | Float32Array;
  /** What the last of 2 or 4 samples is: alpha that colour was multiplied by, or that it was not. `straight` unless told. */
  readonly alpha?: 'straight' | 'premultiplied';
}

/** Numbers of the tags that are used here (TIFF 6.0, section 8). */
export const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  software: 305,
  predictor: 317,
  tileWidth: 322,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

/** Numbers of the compressions (TIFF 6.0; 8 is Adobe's deflate, 32946 its older number). */
export const COMPRESSION = { none: 1, lzw: 5, deflate: 8, packBits: 32773, oldDeflate: 32946 } as const;
