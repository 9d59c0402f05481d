import type { FrameRate, Timecode } from '@rotokit/core/values';

/** A sequence of pictures on disk: `prefix` + number + `suffix`, below `folder`. */
export interface PictureSequence {
  /** What is in it: an object's name, or `mattes`. */
  readonly name: string;
  /** Relative to the timeline's file, with forward slashes and one at the end; '' for beside it. */
  readonly folder: string;
  readonly prefix: string;
  readonly suffix: string;
  /** The number in the first file's name, and with how many digits. */
  readonly start: number;
  readonly padding: number;
}

/** A marked frame, as shown. */
export interface TimelineMarker {
  readonly frame: number;
  readonly name: string;
  readonly comment: string;
  /** `#rrggbb`; red where it is left out. Timelines know few colours by name and get the nearest. */
  readonly colour?: string;
}

/** A shot as a timeline tells it: its plate, what was made for it, and where it lies in time. */
export interface TimelineShot {
  readonly shot: string;
  readonly rate: FrameRate;
  /** Frames as shown, both included. */
  readonly first: number;
  readonly last: number;
  /** Path or address of the plate. */
  readonly plate: string;
  /** The plate's own first frame and its length, as shown. */
  readonly available: { readonly first: number; readonly frames: number };
  /** Time code of the plate's first frame, where it has one: its times are counted by it, else by the frames shown. */
  readonly timecode?: Timecode;
  readonly sequences: readonly PictureSequence[];
  /** Frames that somebody should look at, or marked. */
  readonly markers: readonly TimelineMarker[];
}
