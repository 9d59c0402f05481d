import type { ColourTags, FrameNumber } from '../values/index.js';

/** A picture to be written: straight (not premultiplied) samples, interleaved, in raster order. */
export interface SinkPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly samples: Uint8Array | Uint16Array;
  readonly colour: ColourTags;
}

/** What a finished sink left behind. */
export interface SinkReport {
  readonly path: string;
  readonly frames: number;
  readonly bytes: number;
}

/**
 * A movie or a sequence being written, frame by frame in order. `write` resolves when the sink is ready for the next
 * frame, so a slow disk slows its caller and never fills memory. Left out on purpose: sound, editing, appending.
 */
export interface FrameSink {
  /** @throws RotokitError WRITE_FAILED. @throws RangeError when size or channels differ from the first frame's. */
  write(number: FrameNumber, picture: SinkPicture): Promise<void>;
  /** Finishes the file, reads it back, and only then gives it its final name. */
  close(): Promise<SinkReport>;
  /** Gives up: nothing stays under the final name. Harmless after `close`. */
  abort(): Promise<void>;
}
