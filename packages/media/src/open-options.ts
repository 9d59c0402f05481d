import { type FrameNumber, type FrameRate, frameNumber, frameRate } from '@rotokit/core/values';

/** How to open a clip. Everything has a default for someone in a hurry. */
export interface OpenOptions {
  /** Number shown for the first frame of a movie: 1001. Sequences keep their files' numbers. */
  readonly first?: number;
  /** Rate of an image sequence, which has none of its own: 24. Movies keep theirs. */
  readonly rate?: FrameRate;
  /** Most pixels a picture may have, checked before anything is allocated: 134,217,728 (16384x8192). */
  readonly pixelLimit?: number;
  /** Most bytes of decoded frames to keep for steps back and repeated reads: 96 MiB. */
  readonly ringBytes?: number;
  /** Decoder threads; 0, the default, is one per core. */
  readonly threads?: number;
  /** How many pictures a walk prepares ahead of its reader: 2. */
  readonly ahead?: number;
  /**
   * What to do where a frame cannot be read or has no file: `refuse`, the default, throws MEDIA_FRAME_DAMAGED or
   * MEDIA_FRAME_MISSING; `hold` repeats the frame before (at the start the next one), marked as damaged.
   */
  readonly unreadable?: 'refuse' | 'hold';
}

/** Options with every default filled in. */
export interface FullOpenOptions {
  readonly first: FrameNumber;
  readonly rate: FrameRate;
  readonly pixelLimit: number;
  readonly ringBytes: number;
  readonly threads: number;
  readonly ahead: number;
  readonly unreadable: 'refuse' | 'hold';
}

/** Fills in and checks. @throws RangeError naming the option, its rule and its value. */
export function fullOpenOptions(o: OpenOptions): FullOpenOptions {
  const whole = (name: keyof OpenOptions, value: number, least: number) => {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`options.${name} must be a whole number of at least ${least}, got ${value}`);
    }
    return value;
  };
  const unreadable = o.unreadable ?? 'refuse';
  if (unreadable !== 'refuse' && unreadable !== 'hold') {
    throw new RangeError(`options.unreadable must be 'refuse' or 'hold', got ${unreadable}`);
  }
  return {
    unreadable,
    first: frameNumber(o.first ?? 1001),
    rate: frameRate(o.rate?.num ?? 24, o.rate?.den ?? 1),
    pixelLimit: whole('pixelLimit', o.pixelLimit ?? 2 ** 27, 1),
    ringBytes: whole('ringBytes', o.ringBytes ?? 96 * 2 ** 20, 0),
    threads: whole('threads', o.threads ?? 0, 0),
    ahead: whole('ahead', o.ahead ?? 2, 0),
  };
}
