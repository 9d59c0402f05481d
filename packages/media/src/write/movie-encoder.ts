import type { SinkPicture } from '@rotokit/core/ports';
import type { ColourTags } from '@rotokit/core/values';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AVCOL_RANGE_MPEG,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_GLOBALHEADER,
  AVIO_FLAG_WRITE,
  CodecContext,
  check,
  Dictionary,
  encoderNamed,
  FormatContext,
  IOContext,
  Packet,
  type Stream,
} from '../native/libav.js';
import { pixelFormat } from '../picture/layout.js';
import { type MovieOptions, type MovieRecipe, movieTags } from './movie-recipe.js';
import { YuvConverter } from './yuv-converter.js';

/** Encoder and container of one movie file. One call at a time; whoever holds it holds the lock and closes it. */
export class MovieEncoder {
  readonly #recipe: MovieRecipe;
  readonly #options: MovieOptions;
  readonly #context = new CodecContext();
  readonly #format = new FormatContext();
  readonly #io = new IOContext();
  readonly #packet = new Packet();
  readonly #converter: YuvConverter;
  #stream!: Stream;
  #state: 'new' | 'header' | 'closed' = 'new';
  #frames = 0;
  #ioOpen = false;

  /** Opens the file at `path` and the encoder. @throws FFmpegError */
  static async open(path: string, recipe: MovieRecipe, options: MovieOptions, tags: ColourTags): Promise<MovieEncoder> {
    const self = new MovieEncoder(recipe, options, tags);
    try {
      await self.#open(path, movieTags(tags));
      return self;
    } catch (error) {
      await self.close();
      throw error;
    }
  }

  private constructor(recipe: MovieRecipe, options: MovieOptions, tags: ColourTags) {
    this.#recipe = recipe;
    this.#options = options;
    const even = (n: number) => (recipe.evenSides ? n + (n % 2) : n);
    const size = { width: even(options.size.width), height: even(options.size.height) };
    this.#converter = new YuvConverter(recipe.pixels, size, movieTags(tags));
  }

  async #open(path: string, tags: ColourTags): Promise<void> {
    const { recipe, timeBase } = { recipe: this.#recipe, timeBase: this.#timeBase() };
    this.#packet.alloc();
    const codec = encoderNamed(recipe.encoder);
    if (!codec) throw new Error(`the encoder ${recipe.encoder} is not in this build`);
    check(this.#format.allocOutputContext2(null, recipe.container, path), 'choose the container');
    this.#context.allocContext3(codec);
    const { width, height } = this.#converter.size;
    Object.assign(this.#context, {
      width,
      height,
      pixelFormat: pixelFormat(recipe.pixels),
      timeBase,
      framerate: { num: timeBase.den, den: timeBase.num },
      sampleAspectRatio: { num: 1, den: 1 },
      colorPrimaries: tags.primaries,
      colorTrc: tags.transfer,
      colorSpace: tags.matrix,
      colorRange: AVCOL_RANGE_MPEG,
      threadCount: recipe.threads,
    });
    if (this.#format.oformat?.hasFlags(AVFMT_GLOBALHEADER)) this.#context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    check(await this.#context.open2(codec, Dictionary.fromObject({ ...recipe.options })), 'open the encoder');
    this.#stream = this.#format.newStream();
    check(this.#stream.codecpar.fromContext(this.#context), 'describe the stream');
    this.#stream.timeBase = this.#context.timeBase;
    this.#stream.avgFrameRate = this.#context.framerate;
    this.#stream.sampleAspectRatio = this.#context.sampleAspectRatio;
    this.#stream.metadata = Dictionary.fromObject({ ...recipe.metadata });
    check(await this.#io.open2(`file:${path}`, AVIO_FLAG_WRITE), 'open the file');
    this.#ioOpen = true;
    this.#format.pb = this.#io;
    check(await this.#format.writeHeader(Dictionary.fromObject({ ...recipe.containerOptions })), 'write the header');
    this.#state = 'header';
  }

  #timeBase() {
    return { num: this.#options.rate.den, den: this.#options.rate.num };
  }

  /** Encodes the next picture. @throws FFmpegError */
  async write(picture: SinkPicture): Promise<void> {
    const frame = await this.#converter.convert(picture);
    try {
      Object.assign(frame, { pts: BigInt(this.#frames), duration: 1n, timeBase: this.#timeBase() });
      check(await this.#context.sendFrame(frame), 'encode');
      this.#frames++;
    } finally {
      frame.free();
    }
    await this.#drain();
  }

  async #drain(): Promise<void> {
    for (;;) {
      const code = await this.#context.receivePacket(this.#packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      check(code, 'encode');
      this.#packet.streamIndex = this.#stream.index;
      if (this.#packet.duration <= 0n) this.#packet.duration = 1n;
      this.#packet.rescaleTs(this.#context.timeBase, this.#stream.timeBase);
      check(await this.#format.interleavedWriteFrame(this.#packet), 'write');
      this.#packet.unref();
    }
  }

  /** Writes what the encoder still holds and the end of the file. @throws FFmpegError */
  async finish(): Promise<void> {
    check(await this.#context.sendFrame(null), 'finish');
    await this.#drain();
    this.#state = 'closed';
    check(await this.#format.writeTrailer(), 'write the end');
    this.#format.pb = null;
    this.#ioOpen = false;
    check(await this.#io.closep(), 'close the file');
  }

  /** Frees everything native. The file is whole only after `finish`. */
  async close(): Promise<void> {
    // Without its trailer a muxer keeps buffered packets; what it writes goes to a file that is thrown away.
    if (this.#state === 'header') await this.#format.writeTrailer().catch(() => {});
    this.#state = 'closed';
    if (this.#ioOpen) {
      this.#format.pb = null;
      await this.#io.closep();
    }
    this.#ioOpen = false;
    this.#packet.free();
    this.#context.freeContext();
    this.#format.freeContext();
    this.#converter.close();
  }
}
