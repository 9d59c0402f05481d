import { type FrameNumber, isRotokitError, reasonOf } from '@rotokit/core/values';
import type { MediaFacts } from './media-facts.js';
import { AV_FRAME_FLAG_CORRUPT, AV_FRAME_FLAG_INTERLACED, type Frame } from './native/libav.js';
import { openMedia } from './open-clip.js';
import type { OpenOptions } from './open-options.js';

/** Something wrong with one frame. */
export interface FrameProblem {
  readonly frame: FrameNumber;
  /** `damaged`: shown, but not what was filmed. `unreadable`: there is no picture. `missing`: there is no file. */
  readonly kind: 'damaged' | 'unreadable' | 'missing';
  readonly reason: string;
}

/** What decoding every frame once has shown. */
export interface DecodedFacts {
  /** Frames that gave a picture, damaged ones included. */
  readonly readable: number;
  /** In frame order; at most 1000, more are only counted. */
  readonly problems: readonly FrameProblem[];
  readonly problemCount: number;
  /** Frames coded as two fields. */
  readonly interlacedFrames: number;
}

/** Everything known of a clip. */
export interface ClipReport extends MediaFacts {
  /** Undefined when decoding was not asked for. */
  readonly decoded: DecodedFacts | undefined;
}

/** How to inspect a clip. */
export interface InspectOptions extends OpenOptions {
  /** Decode every frame once: true unless told otherwise. Without it only tables and the first frame are read. */
  readonly decode?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each frame with how many are done and how many there are. */
  readonly onFrame?: (done: number, total: number) => void;
}

const MOST_PROBLEMS = 1000;

/**
 * What is in a clip: container, codec, sizes, rotation, rate, colour, and frame by frame what is wrong with it.
 * @throws as `openClip`, and the signal's reason.
 */
export async function inspectClip(path: string, options: InspectOptions = {}): Promise<ClipReport> {
  const { source, native, facts } = await openMedia(path, options);
  try {
    if (options.decode === false) return { ...facts, decoded: undefined };
    const tally = new Tally();
    const { frames, first } = facts.info;
    for (let i = 0; i < frames; i++) {
      options.signal?.throwIfAborted();
      const number = (first + i) as FrameNumber;
      try {
        const frame = await native.frame(i);
        tally.good(number, frame);
        frame.free();
      } catch (error) {
        tally.bad(number, error);
      }
      options.onFrame?.(i + 1, frames);
    }
    return { ...facts, decoded: tally };
  } finally {
    await source.close();
  }
}

class Tally implements DecodedFacts {
  readable = 0;
  problemCount = 0;
  interlacedFrames = 0;
  readonly problems: FrameProblem[] = [];

  good(number: FrameNumber, frame: Frame): void {
    this.readable++;
    if (frame.hasFlags(AV_FRAME_FLAG_INTERLACED)) this.interlacedFrames++;
    if (frame.hasFlags(AV_FRAME_FLAG_CORRUPT) || frame.decodeErrorFlags !== 0) {
      this.#note(number, 'damaged', 'the decoder concealed an error');
    }
  }

  bad(number: FrameNumber, error: unknown): void {
    const missing = isRotokitError(error) && error.code === 'MEDIA_FRAME_MISSING';
    const reason = isRotokitError(error) ? String(error.facts.reason ?? error.message) : reasonOf(error);
    this.#note(number, missing ? 'missing' : 'unreadable', missing ? 'there is no file' : reason);
  }

  #note(frame: FrameNumber, kind: FrameProblem['kind'], reason: string): void {
    this.problemCount++;
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ frame, kind, reason });
  }
}
