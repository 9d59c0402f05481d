import { RotokitError, reasonOf } from '@rotokit/core/values';
import { Exclusive } from '../native/exclusive.js';
import { type Frame, ticksOfFrame } from '../native/libav.js';
import type { VideoStream } from '../native/video-stream.js';
import { FrameRing } from '../source/frame-ring.js';
import type { NativeFrames } from '../source/native-frames.js';
import type { FrameTable } from './frame-table.js';

/** Going on decoding over this many frames is cheaper than a seek, whatever the groups of pictures. */
const NEAR = 4;
/** How many ever earlier keys are tried before a frame counts as unreadable; the last try is from the start. */
const TRIES = 6;

/** Frames of a movie by index: seek to the key before, decode up to the frame, keep what was decoded on the way. */
export class ClipFrames implements NativeFrames {
  readonly #path: string;
  readonly #first: number;
  readonly #stream: VideoStream;
  readonly #table: FrameTable;
  readonly #index: ReadonlyMap<bigint, number>;
  readonly #ring: FrameRing;
  readonly #turn = new Exclusive();
  /** Index of the frame the decoder gave last; -1 when that is not known. */
  #at = -1;
  /** Time of the key last sought: frames shown before it may lack what they refer to. */
  #cleanFrom = 0n;

  /** Takes the stream over and closes it. `first` is the number shown for frame 0, for messages. */
  constructor(path: string, first: number, stream: VideoStream, table: FrameTable, ringBytes: number) {
    this.#path = path;
    this.#first = first;
    this.#stream = stream;
    this.#table = table;
    this.#index = new Map(table.pts.map((t, i) => [t, i]));
    this.#ring = new FrameRing(ringBytes);
  }

  frame(index: number): Promise<Frame> {
    return this.#turn.run(async () => this.#ring.get(index) ?? this.#decode(index));
  }

  close(): Promise<void> {
    return this.#turn.run(async () => {
      this.#ring.clear();
      await this.#stream.close();
    });
  }

  async #decode(index: number): Promise<Frame> {
    const target = this.#table.pts[index];
    const key = this.#keyBefore(target);
    try {
      const on = this.#at >= 0 && index > this.#at;
      const near = on && (index - this.#at <= NEAR || this.#keyBefore(this.#table.pts[this.#at]) === key);
      if (!near) await this.#seek(key);
      let fromStart = !near && key < 0;
      for (let tries = 0, k = key; ; ) {
        const found = await this.#decodeTo(target);
        if (found) return found;
        // Passed it, or the stream ended.
        if (fromStart || ++tries > TRIES) break;
        k = tries > TRIES - 2 ? -1 : Math.max(-1, k - tries);
        fromStart = k < 0;
        await this.#seek(k);
      }
    } catch (error) {
      this.#at = -1;
      throw this.#damaged(index, reasonOf(error), error);
    }
    this.#at = -1;
    throw this.#damaged(index, 'its data are missing or broken');
  }

  /** Decodes until the frame shown at `target`; undefined when it does not come. */
  async #decodeTo(target: bigint): Promise<Frame | undefined> {
    while (await this.#stream.readFrame()) {
      const frame = this.#stream.frame;
      const time = ticksOfFrame(frame);
      const at = this.#index.get(time);
      if (at !== undefined && time >= this.#cleanFrom) {
        this.#at = at;
        this.#ring.put(at, frame);
      }
      if (time === target) return frame.clone() ?? undefined;
      if (time > target) return undefined;
    }
    return undefined;
  }

  async #seek(k: number): Promise<void> {
    const key = this.#table.keys[k];
    this.#at = -1;
    this.#cleanFrom = key?.pts ?? this.#table.pts[0];
    await this.#stream.seek(key, this.#table.pts[0]);
  }

  /** Position of the last key shown at or before a time; -1 when there is none. */
  #keyBefore(time: bigint): number {
    const { keys } = this.#table;
    let [low, high] = [0, keys.length];
    while (low < high) {
      const mid = (low + high) >> 1;
      if (keys[mid].pts <= time) low = mid + 1;
      else high = mid;
    }
    return low - 1;
  }

  #damaged(index: number, reason: string, cause?: unknown): RotokitError {
    return new RotokitError('MEDIA_FRAME_DAMAGED', { path: this.#path, frame: this.#first + index, reason }, cause);
  }
}
