import { type Box, floatsFromHalves, halvesFromFloats, type Size } from '@rotokit/core/values';
import type { ExrAttributes } from './attributes.js';

/** Arrays that hold the samples of each pixel type; halves are given as their 16 bits. */
export interface ExrSamples {
  readonly half: Uint16Array;
  readonly float: Float32Array;
  readonly uint: Uint32Array;
}

/** Name and pixel type of a channel. Layers are dots in names: `hero.A`. */
export interface ExrLayout {
  readonly name: string;
  readonly type: keyof ExrSamples;
}

/**
 * One channel of an EXR: its samples exactly as stored, in raster order over the data window. Halves are given as
 * their 16 bits; `halfChannel` and `channelFloats` translate.
 */
export type ExrChannel =
  | { readonly name: string; readonly type: 'half'; readonly values: Uint16Array }
  | { readonly name: string; readonly type: 'float'; readonly values: Float32Array }
  | { readonly name: string; readonly type: 'uint'; readonly values: Uint32Array };

/**
 * How the pixels of an EXR are packed. `rle` and `zips` pack single lines, `zip` and `pxr24` 16 and `piz` 32 lines together, or a tile. All are lossless but `pxr24`, which keeps 24 bits of a
 * float. `piz` and `pxr24` are read, and not written.
 */
export type ExrCompression = 'none' | 'rle' | 'zips' | 'zip' | 'piz' | 'pxr24';

/** What can be written. */
export type ExrPacking = Exclude<ExrCompression, 'piz' | 'pxr24'>;

/** What the header of a part says. */
export interface ExrHeader {
  /** What the part is called; needed where a file has several, and unique among them. */
  readonly name?: string;
  /** The picture as delivered; its box starts at (0, 0). */
  readonly displayWindow: Size;
  /** Where there are pixels, half-open; may be smaller than the display window or leave it. Never empty. */
  readonly dataWindow: Box;
  readonly compression: ExrCompression;
  /** Width of a pixel over its height; 1 unless told. */
  readonly pixelAspect?: number;
  /** Everything else the header says, by name. */
  readonly attributes?: ExrAttributes;
}

/** A part in memory, every channel sampled at every pixel of the data window. */
export interface ExrImage extends ExrHeader {
  /** In a file they are sorted by the bytes of their names, here in any order. */
  readonly channels: readonly ExrChannel[];
}

/**
 * A scan-line part whose samples are made while it is written, some lines at a time: a 4K Cryptomatte of six ranks
 * would take 425 MB as a whole.
 */
export interface ExrLines extends ExrHeader {
  readonly layout: readonly ExrLayout[];
  /** Samples of the lines from `y0` up to but excluding `y1` of the data window, one array for each entry of `layout`. */
  lines(y0: number, y1: number): readonly ExrSamples[keyof ExrSamples][];
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
export const sampleBytes = (type: ExrLayout['type']): 2 | 4 => (type === 'half' ? 2 : 4);

/** Number in the header and scan lines in a chunk of each compression. */
export const COMPRESSIONS = {
  none: { code: 0, lines: 1 },
  rle: { code: 1, lines: 1 },
  zips: { code: 2, lines: 1 },
  zip: { code: 3, lines: 16 },
  piz: { code: 4, lines: 32 },
  pxr24: { code: 5, lines: 16 },
} as const satisfies Record<ExrCompression, { code: number; lines: number }>;

/** The first four bytes of every EXR, as a little-endian integer. */
export const EXR_MAGIC = 20000630;

/** Bits of the version field (OpenEXR File Layout, "Version Field"). */
export const VERSION_BITS = { tiled: 0x200, longNames: 0x400, deep: 0x800, parts: 0x1000 } as const;
