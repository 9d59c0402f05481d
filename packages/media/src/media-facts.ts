import type { ClipInfo } from '@rotokit/core/ports';
import type { Size } from '@rotokit/core/values';

/** What the files of a clip say beyond what working with its pictures needs. */
export interface MediaFacts {
  readonly info: ClipInfo;
  /** libav's name of the container, or `sequence`. */
  readonly container: string;
  readonly coded: Size;
  /** libav's name of the coded pixels: `yuv420p10le`, `gbrapf16le`. */
  readonly pixelFormat: string;
  /** Counterclockwise, as ffprobe prints it: -90 is a phone held upright. Already applied to the pictures. */
  readonly rotation: number;
  readonly mirrored: boolean;
  /** Width over height of a coded pixel. Already applied to the pictures. */
  readonly pixelAspect: number;
  readonly constantRate: boolean;
  readonly interlaced: boolean;
  /** How the frames were counted. */
  readonly countedBy: 'container' | 'packets' | 'decoding' | 'files';
  /** Frames the container claims to have, where it does; it may be wrong. */
  readonly claimedFrames: number | undefined;
}
