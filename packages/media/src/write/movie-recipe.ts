import type { ColourTags, FrameRate, Size } from '@rotokit/core/values';

/** How one kind of movie is written. */
export interface MovieRecipe {
  /** What people call it. */
  readonly name: string;
  /** libav's container. */
  readonly container: string;
  readonly containerOptions: Readonly<Record<string, string>>;
  /** libav's encoder and its pixel format. */
  readonly encoder: string;
  readonly pixels: string;
  readonly options: Readonly<Record<string, string>>;
  /** Metadata of the stream. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly alpha: boolean;
  /** Sides are rounded up to even numbers, the last column and row repeated: 4:2:0 encoders take nothing else. */
  readonly evenSides: boolean;
  /** Encoder threads; 0 is one per core. */
  readonly threads: number;
}

/** What every movie is told when it is created. */
export interface MovieOptions {
  readonly size: Size;
  readonly rate: FrameRate;
}

/**
 * The tags of the movie for pictures with these tags. sRGB pictures are tagged BT.709, as editors and players expect of video
 * and as cameras do; PQ, HLG and wide gamut keep theirs.
 */
export function movieTags(picture: ColourTags): ColourTags {
  const primaries = picture.primaries === 2 ? 1 : picture.primaries;
  const transfer = picture.transfer === 2 || picture.transfer === 13 ? 1 : picture.transfer;
  return { primaries, transfer, matrix: primaries === 9 ? 9 : 1, range: 'limited' };
}
