import type { SinkPicture } from '@rotokit/core/ports';
import { Exclusive } from '../native/exclusive.js';
import { CodecContext, check, Dictionary, encoderNamed, type Frame, Packet } from '../native/libav.js';
import { pixelFormat } from '../picture/layout.js';

/** How one kind of picture file is written. */
export interface StillRecipe {
  /** libav's encoder. */
  readonly encoder: string;
  /** libav's pixel format. */
  readonly pixels: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Encodes picture files one at a time, all of the size and format of the first. */
export class StillEncoder {
  readonly #recipe: StillRecipe;
  readonly #turn = new Exclusive();
  #context: CodecContext | undefined;
  #packet: Packet | undefined;

  constructor(recipe: StillRecipe) {
    this.#recipe = recipe;
  }

  /** The bytes of one file. The frame must be in the recipe's pixel format. @throws FFmpegError */
  encode(frame: Frame): Promise<Buffer> {
    return this.#turn.run(async () => {
      const context = (this.#context ??= await this.#open(frame));
      if (frame.width !== context.width || frame.height !== context.height || frame.format !== context.pixelFormat) {
        throw new RangeError('every frame must have the size and format of the first'); // the encoder would not notice
      }
      if (!this.#packet) {
        this.#packet = new Packet();
        this.#packet.alloc();
      }
      check(await context.sendFrame(frame), 'encode');
      check(await context.receivePacket(this.#packet), 'encode');
      const bytes = Buffer.from(this.#packet.data!);
      this.#packet.unref();
      return bytes;
    });
  }

  async #open(frame: Frame): Promise<CodecContext> {
    const codec = encoderNamed(this.#recipe.encoder);
    if (!codec) throw new Error(`the encoder ${this.#recipe.encoder} is not in this build`);
    const context = new CodecContext();
    context.allocContext3(codec);
    const { width, height } = frame;
    // One thread: with frame threads the file would come out when a later picture goes in.
    Object.assign(context, { width, height, pixelFormat: pixelFormat(this.#recipe.pixels), threadCount: 1 });
    Object.assign(context, { timeBase: { num: 1, den: 24 }, colorRange: frame.colorRange });
    try {
      check(await context.open2(codec, Dictionary.fromObject({ ...this.#recipe.options })), 'open encoder');
      return context;
    } catch (error) {
      context.freeContext();
      throw error;
    }
  }

  /** Frees everything native, after the encoding under way. */
  close(): Promise<void> {
    return this.#turn.run(async () => {
      this.#context?.freeContext();
      this.#packet?.free();
      this.#context = undefined;
      this.#packet = undefined;
    });
  }
}

/** The PNG recipe that holds a picture exactly. Filters and levels were chosen by size and time on mattes and footage. */
export function pngRecipe(picture: SinkPicture): StillRecipe {
  const wide = picture.samples instanceof Uint16Array;
  const pixels = { 1: ['gray', 'gray16be'], 3: ['rgb24', 'rgb48be'], 4: ['rgba', 'rgba64be'] }[picture.channels];
  const grey = picture.channels === 1;
  return {
    encoder: 'png',
    pixels: pixels[wide ? 1 : 0],
    options: { compression_level: grey ? '6' : '1', pred: grey ? (wide ? 'up' : 'none') : 'paeth' },
  };
}
