import { type FrameRate, MASK_HALF, maskTrim, type Size, type SoftMask } from '@rotokit/core/values';
import { rleCounts, rleFacts, rleText } from './rle.js';

/** One object on one frame as data sets hold it: everything at or above half of its mask. */
export interface RunMask {
  /** COCO's text of run lengths. */
  readonly rle: string;
  readonly area: number;
  /** x, y, width, height. */
  readonly bbox: readonly [number, number, number, number];
}

/** One frame of a data set, objects in their order; `null` where an object is absent. Small enough to keep for every frame. */
export interface RunFrame {
  /** The frame's number as shown. */
  readonly number: number;
  readonly objects: readonly (RunMask | null)[];
}

/** The runs of a mask, or null where nothing of it reaches half. */
export function runMask(mask: SoftMask): RunMask | null {
  if (!mask.values.some((v) => v >= MASK_HALF)) return null;
  const counts = rleCounts(mask);
  return { rle: rleText(counts), ...rleFacts(mask.size.height, counts) };
}

/** What a data set says of the clip and its objects. */
export interface DatasetFacts {
  readonly shot: string;
  readonly size: Size;
  readonly rate: FrameRate;
  /** Names, in the order of every frame's objects. */
  readonly objects: readonly string[];
  /** What the picture of a frame is called. */
  picture(number: number): string;
}

/** One object of a data set that was read. Masks are made when they are asked for. */
export interface DatasetTrack {
  readonly name: string;
  /** Frames it is on, counted from 0 at the first of the data set, ascending. */
  readonly frames: readonly number[];
  /** Its mask on one of its frames: 65535 inside. @throws RotokitError MEDIA_UNREADABLE when the mask is damaged. */
  mask(frame: number): SoftMask;
}

/** A data set that was read. */
export interface Dataset {
  readonly size: Size;
  /** How many frames it has, also those without any object. */
  readonly frames: number;
  readonly tracks: readonly DatasetTrack[];
}

/** A mask without the soft edge: 65535 at and above half, 0 below, in the smallest window. */
export function binaryMask(mask: SoftMask): SoftMask {
  return maskTrim({ ...mask, values: mask.values.map((v) => (v >= MASK_HALF ? 65535 : 0)) });
}
