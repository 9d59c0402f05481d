import { readFile, stat } from 'node:fs/promises';
import { RotokitError, reasonOf, type Size } from '@rotokit/core/values';
import type { Frame } from '../native/libav.js';
import { FrameRing } from '../source/frame-ring.js';
import type { NativeFrames } from '../source/native-frames.js';
import type { SequenceFiles } from './sequence-files.js';
import { StillDecoder } from './still-decoder.js';
import { stillHeader } from './still-header.js';

/** Files larger than this are not pictures of a sequence; reading one whole would be the first mistake. */
const LARGEST_FILE = 2 ** 31 - 1;

/** Frames of an image sequence: every file on its own, two at a time. */
export class SequenceFrames implements NativeFrames {
  readonly #files: SequenceFiles;
  readonly #pixelLimit: number;
  readonly #ring: FrameRing;
  readonly #decoders = [new StillDecoder(), new StillDecoder()];
  readonly #pending = new Set<Promise<unknown>>();
  #next = 0;
  #size: Size | undefined;

  constructor(files: SequenceFiles, pixelLimit: number, ringBytes: number) {
    this.#files = files;
    this.#pixelLimit = pixelLimit;
    this.#ring = new FrameRing(ringBytes);
  }

  /** From now on pictures of another coded size are refused: an object's mask has one size. */
  requireSize(size: Size): void {
    this.#size = size;
  }

  async frame(index: number): Promise<Frame> {
    const held = this.#ring.get(index);
    if (held) return held;
    const decoding = this.#decode(this.#files.numbers[0] + index);
    this.#pending.add(decoding);
    try {
      const frame = await decoding;
      this.#ring.put(index, frame);
      return frame;
    } finally {
      this.#pending.delete(decoding);
    }
  }

  async #decode(number: number): Promise<Frame> {
    const path = this.#files.paths.get(number);
    if (!path) throw new RotokitError('MEDIA_FRAME_MISSING', { path: this.#files.pattern, frame: number });
    try {
      const bytes = await readPicture(path);
      const header = stillHeader(bytes);
      if (!header) throw new Error('it is not a picture file of a known kind');
      const { width, height } = header.size ?? { width: 0, height: 0 };
      if (width * height > this.#pixelLimit) {
        throw new RotokitError('MEDIA_TOO_LARGE', { path, width, height, limit: this.#pixelLimit });
      }
      this.#next = 1 - this.#next;
      const frame = await this.#decoders[this.#next].decode(bytes, header.decoder);
      return this.#checked(frame);
    } catch (error) {
      if (error instanceof RotokitError) throw error;
      throw new RotokitError('MEDIA_FRAME_DAMAGED', { path, frame: number, reason: reasonOf(error) }, error);
    }
  }

  #checked(frame: Frame): Frame {
    const { width, height } = frame;
    const size = this.#size;
    if (!size || (size.width === width && size.height === height)) return frame;
    frame.free();
    throw new Error(`it is ${width}x${height}, the sequence is ${size.width}x${size.height}`);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#pending);
    this.#ring.clear();
    await Promise.all(this.#decoders.map((d) => d.close()));
  }
}

async function readPicture(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > LARGEST_FILE) throw new Error(`it has ${size} bytes`);
  if (size === 0) throw new Error('the file is empty');
  return readFile(path);
}
