import type {
  ColourTags,
  Frame,
  FrameIndex,
  FrameNumber,
  FrameRange,
  FrameRate,
  PictureFormat,
  Size,
  Timecode,
} from '../values/index.js';

/** What is known of a clip once it is open. */
export interface ClipInfo {
  /** The path or pattern it was opened with. */
  readonly path: string;
  /** Displayed size: upright, square pixels. */
  readonly size: Size;
  /** How many frames can be asked for, counted by decoding where the container's table cannot be trusted. */
  readonly frames: number;
  readonly rate: FrameRate;
  /** The number shown for frame 0: 1001 for clips, the file's own number for sequences. */
  readonly first: FrameNumber;
  /** Time code of frame 0 where the file has one: a track, a tag, the header of a sequence's first picture. */
  readonly timecode?: Timecode;
  readonly codec: string;
  readonly bitDepth: number;
  readonly hasAlpha: boolean;
  readonly colour: ColourTags;
  /** Things a user should know: interlaced, variable frame rate, damaged frames, numbers missing from a sequence. */
  readonly notices: readonly string[];
}

/**
 * A clip as an array of pictures. Frame `i` is the same picture however it is reached: by `read` at random, by
 * `frames` forwards or backwards. Left out on purpose: sound, timestamps, thumbnails, writing.
 */
export interface FrameSource {
  readonly info: ClipInfo;
  /**
   * One picture.
   * @throws RotokitError FRAME_OUTSIDE, MEDIA_FRAME_DAMAGED or MEDIA_FRAME_MISSING; the other frames stay readable.
   */
  read<F extends PictureFormat = 'rgb8'>(index: FrameIndex, format?: F): Promise<Frame<F>>;
  /** Pictures of a range in order (`step` -1: from the last back to the first), the next ones prepared meanwhile. */
  frames<F extends PictureFormat = 'rgb8'>(range: FrameRange, options?: FramesOptions<F>): AsyncIterable<Frame<F>>;
  /** Releases the decoder. Frames already handed out stay valid. Called once, by whoever opened. */
  close(): Promise<void>;
}

/** How to walk through a clip. */
export interface FramesOptions<F extends PictureFormat> {
  readonly step?: 1 | -1;
  readonly format?: F;
  /** Ends the walk: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal;
}
