import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FrameSink, SinkPicture, SinkReport } from '@rotokit/core/ports';
import { type FrameNumber, RotokitError, reasonOf, type Size } from '@rotokit/core/values';
import { Exclusive } from '../native/exclusive.js';
import { AVCOL_RANGE_JPEG, type Frame } from '../native/libav.js';
import { pixelFormat } from '../picture/layout.js';
import { StillDecoder } from '../sequence/still-decoder.js';
import { discard, partialPath, publish, requireFolder, writing } from './files.js';
import { PictureGate } from './picture-gate.js';
import { allocFrame, bytesOf, putRows } from './sink-frame.js';
import { pngRecipe, StillEncoder } from './still-encoder.js';

/** What a PNG sequence is told when it is created. */
export interface PngOptions {
  /** Every picture must have this size; the first picture's where it is left out. */
  readonly size?: Size;
}

/**
 * Writes numbered PNG files: `matte.####.png` or `matte.%04d.png`, one file for each `write`, in the depth and channels of the
 * samples (8 or 16 bit; grey, RGB, RGBA), exactly. Each file is read back and compared before it gets its name, so
 * whatever stands under a final name is whole.
 * @throws RotokitError WRITE_FAILED when the folder does not exist. @throws RangeError for a path without a number.
 */
export async function createPngSequence(pattern: string, options: PngOptions = {}): Promise<FrameSink> {
  const name = numberedName(basename(pattern));
  await requireFolder(pattern);
  return new PngSequence(pattern, (n) => join(dirname(pattern), name(n)), options.size);
}

/** Turns `####` or `%04d` of a name into numbers. @throws RangeError when the name has neither. */
export function numberedName(name: string): (number: number) => string {
  const m = /^([^#%]*)(#+|%(?:0(\d{1,2}))?d)([^#]*)$/.exec(name);
  if (!m) throw new RangeError(`a sequence is named with #### or %04d in place of its number, got ${name}`);
  const digits = m[2].startsWith('#') ? m[2].length : Number(m[3] ?? 1);
  const sign = (n: number) => (n < 0 ? '-' : '');
  return (n) => m[1] + sign(n) + String(Math.abs(n)).padStart(digits, '0') + m[4];
}

class PngSequence implements FrameSink {
  readonly #pattern: string;
  readonly #pathOf: (number: number) => string;
  readonly #gate: PictureGate;
  readonly #turn = new Exclusive();
  readonly #decoder = new StillDecoder();
  #encoder: StillEncoder | undefined;
  #frames = 0;
  #bytes = 0;
  #state: 'open' | 'closed' | 'aborted' = 'open';

  constructor(pattern: string, pathOf: (number: number) => string, size: Size | undefined) {
    this.#pattern = pattern;
    this.#pathOf = pathOf;
    this.#gate = new PictureGate({ size, consecutive: false });
  }

  write(number: FrameNumber, picture: SinkPicture): Promise<void> {
    return this.#turn.run(async () => {
      this.#requireOpen();
      this.#gate.check(number, picture);
      const path = this.#pathOf(number);
      try {
        await writing(path, () => this.#write(path, picture));
      } catch (error) {
        await discard(path).catch(() => {});
        throw error;
      }
      this.#gate.passed(number, picture);
      this.#frames++;
    });
  }

  async #write(path: string, picture: SinkPicture): Promise<void> {
    const recipe = pngRecipe(picture);
    const frame = pngFrame(picture, recipe.pixels);
    try {
      this.#encoder ??= new StillEncoder(recipe);
      const bytes = await this.#encoder.encode(frame);
      await writeFile(partialPath(path), bytes);
      await this.#verify(path, frame);
      await publish(path);
      this.#bytes += bytes.length;
    } finally {
      frame.free();
    }
  }

  /** @throws RotokitError WRITE_VERIFY_FAILED when the file on disk does not hold the frame's very pixels. */
  async #verify(path: string, frame: Frame): Promise<void> {
    const fail = (reason: string) => new RotokitError('WRITE_VERIFY_FAILED', { path, reason });
    const read = await this.#decoder.decode(await readFile(partialPath(path)), 'png').catch((error: unknown) => {
      throw fail(reasonOf(error));
    });
    try {
      if (read.width !== frame.width || read.height !== frame.height || read.format !== frame.format) {
        throw fail(`it is ${read.width}x${read.height} of another format`);
      }
      const [a, b] = [read.data![0], frame.data![0]];
      const row = Math.min(read.linesize[0], frame.linesize[0], rowBytes(frame));
      for (let y = 0; y < frame.height; y++) {
        const [p, q] = [y * read.linesize[0], y * frame.linesize[0]];
        if (a.compare(b, q, q + row, p, p + row) !== 0) throw fail(`row ${y} differs`);
      }
    } finally {
      read.free();
    }
  }

  close(): Promise<SinkReport> {
    return this.#turn.run(async () => {
      this.#requireOpen();
      if (!this.#frames) throw new RangeError(`${this.#pattern} has no frame: write at least one before close`);
      await this.#end('closed');
      return { path: this.#pattern, frames: this.#frames, bytes: this.#bytes };
    });
  }

  abort(): Promise<void> {
    return this.#turn.run(() => this.#end('aborted'));
  }

  async #end(state: 'closed' | 'aborted'): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = state;
    await this.#encoder?.close();
    await this.#decoder.close();
  }

  #requireOpen(): void {
    if (this.#state !== 'open') throw new TypeError(`${this.#pattern} is ${this.#state}`);
  }
}

const PIXEL_BYTES: Readonly<Record<string, number>> = {
  gray: 1,
  gray16be: 2,
  rgb24: 3,
  rgb48be: 6,
  rgba: 4,
  rgba64be: 8,
};
const bytesByFormat = new Map(Object.entries(PIXEL_BYTES).map(([name, bytes]) => [pixelFormat(name), bytes]));

const rowBytes = (frame: Frame): number => frame.width * bytesByFormat.get(frame.format)!;

/** A picture as the frame that the PNG encoder takes: 16-bit samples turned to big endian. */
function pngFrame(picture: SinkPicture, pixels: string): Frame {
  const { width, height, samples, colour } = picture;
  const frame = allocFrame(width, height, pixelFormat(pixels));
  const tags = { colorRange: AVCOL_RANGE_JPEG, colorPrimaries: colour.primaries, colorTrc: colour.transfer };
  Object.assign(frame, tags);
  const bytes = bytesOf(samples);
  const turned = samples instanceof Uint16Array ? Buffer.from(bytes).swap16() : bytes;
  putRows(frame.data![0], frame.linesize[0], turned, rowBytes(frame), height);
  return frame;
}
