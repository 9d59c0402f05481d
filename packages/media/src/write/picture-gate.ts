import type { SinkPicture } from '@rotokit/core/ports';
import { type FrameNumber, frameNumber, type Size } from '@rotokit/core/values';

/** What one sink takes: everything else is the caller's mistake. */
export interface GateRules {
  /** The size announced when the sink was created; the first picture's where none was. */
  readonly size?: Size | undefined;
  /** Numbers must follow each other without a gap: a movie has no place to note one. */
  readonly consecutive: boolean;
}

/**
 * Lets through pictures that fit each other. Encoders do not look: a frame of another size or format than the first is
 * written silently wrong, or crashes.
 */
export class PictureGate {
  readonly #rules: GateRules;
  #first: SinkPicture | undefined;
  #last: FrameNumber | undefined;

  constructor(rules: GateRules) {
    this.#rules = rules;
  }

  /** @throws TypeError or RangeError naming what does not fit, its rule and its value. */
  check(number: FrameNumber, picture: SinkPicture): void {
    frameNumber(number);
    const first = this.#first ?? picture;
    checkShape(picture, this.#rules.size ?? first);
    if (picture.channels !== first.channels || picture.samples.constructor !== first.samples.constructor) {
      throw new RangeError(`every picture must be like the first (${kindOf(first)}), got ${kindOf(picture)}`);
    }
    const last = this.#last;
    if (last !== undefined && (number <= last || (this.#rules.consecutive && number !== last + 1))) {
      throw new RangeError(`frame ${number} must come ${this.#rules.consecutive ? 'right ' : ''}after ${last}`);
    }
  }

  /** Notes that a checked picture was written, so that a failed one may be tried again. */
  passed(number: FrameNumber, { width, height, channels, samples, colour }: SinkPicture): void {
    this.#first ??= { width, height, channels, colour, samples: samples.subarray(0, 0) };
    this.#last = number;
  }
}

const kindOf = (p: SinkPicture) => `${p.channels} channels of ${p.samples instanceof Uint8Array ? 8 : 16} bits`;

function checkShape(picture: SinkPicture, size: Size): void {
  const { width, height, channels, samples } = picture;
  if (!(samples instanceof Uint8Array) && !(samples instanceof Uint16Array)) {
    throw new TypeError('picture.samples must be a Uint8Array or a Uint16Array');
  }
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(`picture.channels must be 1, 3 or 4, got ${channels}`);
  }
  if (width !== size.width || height !== size.height) {
    throw new RangeError(`every picture must be ${size.width}x${size.height}, got ${width}x${height}`);
  }
  if (samples.length !== width * height * channels) {
    throw new RangeError(`picture.samples must hold ${width * height * channels} values, got ${samples.length}`);
  }
}
