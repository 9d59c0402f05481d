/** Interleaved samples in raster order: 8-bit ones as bytes, 16-bit ones as numbers 0..65535. */
export type PngSamples = Uint8Array | Uint16Array;

/** Grey, grey with alpha, RGB or RGBA. Alpha is straight, as PNG wants it. */
export interface PngPixels {
  readonly kind: 'pixels';
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** `channels * width * height` samples; the array type says whether they have 8 or 16 bits. */
  readonly samples: PngSamples;
}

/** A picture of numbers with a table of colours: DAVIS annotations, label maps. */
export interface PngIndexed {
  readonly kind: 'indexed';
  readonly width: number;
  readonly height: number;
  /** One number per pixel. */
  readonly indices: Uint8Array;
  /** Red, green, blue of every number, 1 to 256 entries one after another. */
  readonly palette: Uint8Array;
  /** Opacity of the first entries, where the file says so. */
  readonly alphas?: Uint8Array;
}

/** What a PNG can hold. */
export type PngImage = PngPixels | PngIndexed;

/** The first eight bytes of every PNG. */
export const PNG_SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

/** Samples per pixel of a PNG colour type (PNG specification, third edition, 11.2.1). */
export const CHANNELS_OF_TYPE: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** The colour type of a count of samples. */
export const TYPE_OF_CHANNELS = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;
