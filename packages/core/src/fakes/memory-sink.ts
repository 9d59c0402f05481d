import type { FrameSink, SinkPicture, SinkReport } from '../ports/index.js';
import { type FrameNumber, RotokitError } from '../values/index.js';

/** A picture that was written, with its number. */
export interface WrittenPicture {
  readonly number: FrameNumber;
  readonly picture: SinkPicture;
}

/** A movie in memory: what was written, and how it ended. */
export class MemorySink implements FrameSink {
  /** Copies of what was written, in order; empty again after `abort`. */
  readonly written: WrittenPicture[] = [];
  /** `open` while it is written, then `closed` or `aborted`. */
  state: 'open' | 'closed' | 'aborted' = 'open';
  readonly #path: string;
  readonly #room: number;

  /** @param room how many frames fit before writing fails with WRITE_FAILED, as on a full disk. */
  constructor(path = 'memory', room = Number.POSITIVE_INFINITY) {
    this.#path = path;
    this.#room = room;
  }

  async write(number: FrameNumber, picture: SinkPicture): Promise<void> {
    if (this.state !== 'open') throw new TypeError(`${this.#path} is ${this.state}`);
    const { width, height, channels, samples } = picture;
    if (samples.length !== width * height * channels) {
      throw new RangeError(`picture.samples must hold ${width * height * channels} values, got ${samples.length}`);
    }
    const last = this.written.at(-1);
    if (last && number <= last.number) throw new RangeError(`frame ${number} must come after ${last.number}`);
    const first = this.written[0]?.picture;
    if (first && (first.width !== width || first.height !== height || first.channels !== channels)) {
      throw new RangeError(
        `every picture must be ${first.width}x${first.height} with ${first.channels} channels, got ${width}x${height} with ${channels}`,
      );
    }
    if (this.written.length >= this.#room) {
      throw new RotokitError('WRITE_FAILED', { path: this.#path, reason: 'no space left' });
    }
    this.written.push({ number, picture: { ...picture, samples: samples.slice() } });
  }

  async close(): Promise<SinkReport> {
    if (this.state !== 'open') throw new TypeError(`${this.#path} is ${this.state}`);
    if (!this.written.length) throw new RangeError(`${this.#path} has no frame: write at least one before close`);
    this.state = 'closed';
    const bytes = this.written.reduce((n, w) => n + w.picture.samples.byteLength, 0);
    return { path: this.#path, frames: this.written.length, bytes };
  }

  async abort(): Promise<void> {
    if (this.state !== 'open') return;
    this.state = 'aborted';
    this.written.length = 0;
  }
}
