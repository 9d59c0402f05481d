import type { Box, Size } from '@rotokit/core/values';
import { floatsFromHalves, halvesFromFloats } from '../bytes/half.js';
import type { ExrAttributes } from './attributes.js';

/**
 * One channel of an EXR: its samples exactly as stored, in raster order over the data window. Halves are given as
 * their 16 bits; `halfChannel` and `channelFloats` translate.
 */
export type ExrChannel =
  | { readonly name: string; readonly type: 'half'; readonly values: Uint16Array }
  | { readonly name: string; readonly type: 'float'; readonly values: Float32Array }
  | { readonly name: string; readonly type: 'uint'; readonly values: Uint32Array };

/** How the pixels of an EXR are packed; all are lossless. `zips` packs single lines, `zip` 16 lines together. */
export type ExrCompression = 'none' | 'zips' | 'zip';

/** A scan-line EXR in memory: one part, every channel sampled at every pixel of the data window. */
export interface ExrImage {
  /** The picture as delivered; its box starts at (0, 0). */
  readonly displayWindow: Size;
  /** Where there are pixels, half-open; may be smaller than the display window or leave it. Never empty. */
  readonly dataWindow: Box;
  /** Layers are dots in names: `hero.A`. In a file they are sorted by their bytes, here in any order. */
  readonly channels: readonly ExrChannel[];
  readonly compression: ExrCompression;
  /** Width of a pixel over its height; 1 unless told. */
  readonly pixelAspect?: number;
  /** Everything else the header says, by name. */
  readonly attributes?: ExrAttributes;
}

/** A channel of halves from numbers, each rounded to the nearest half (ties to even). */
export const halfChannel = (name: string, values: ArrayLike<number>): ExrChannel => ({
  name,
  type: 'half',
  values: halvesFromFloats(values),
});

/** The samples of a channel as numbers; exact for half and float, and for uint up to 2^24. */
export const channelFloats = (channel: ExrChannel): Float32Array =>
  channel.type === 'half' ? floatsFromHalves(channel.values) : Float32Array.from(channel.values);

/** Numbers that the file format gives the pixel types. */
export const PIXEL_TYPES = ['uint', 'half', 'float'] as const;
/** Bytes of one sample. */
export const sampleBytes = (type: ExrChannel['type']): 2 | 4 => (type === 'half' ? 2 : 4);

/** Number in the header and scan lines in a chunk of each compression. */
export const COMPRESSIONS = {
  none: { code: 0, lines: 1 },
  zips: { code: 2, lines: 1 },
  zip: { code: 3, lines: 16 },
} as const satisfies Record<ExrCompression, { code: number; lines: number }>;

/** The first four bytes of every EXR, as a little-endian integer. */
export const EXR_MAGIC = 20000630;
