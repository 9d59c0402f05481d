import {
  AV_CODEC_ID_VP8,
  AV_CODEC_ID_VP9,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_PKT_FLAG_KEY,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  AVSEEK_FLAG_BYTE,
  avGetCodecName,
  Codec,
  CodecContext,
  check,
  Dictionary,
  decoderNamed,
  FF_THREAD_FRAME,
  FF_THREAD_SLICE,
  FormatContext,
  Frame,
  Packet,
  type Stream,
  ticksOfPacket,
} from './libav.js';

/** A packet from which decoding can start: where it is shown, decoded and stored. */
export interface KeyPacket {
  readonly pts: bigint;
  readonly dts?: bigint;
  readonly pos?: bigint;
}

/** The key packet that a libav packet is. */
export const keyPacketOf = (p: Packet): KeyPacket => ({ pts: ticksOfPacket(p), dts: p.dts, pos: p.pos });

/** Whether decoding can start at a packet. */
export const isKeyPacket = (p: Packet): boolean => (p.flags & AV_PKT_FLAG_KEY) !== 0;

/** No decoder of the build knows the stream; `codec` is its name as far as it is known. */
export class UnknownCodec extends Error {
  readonly codec: string;
  constructor(codec: string) {
    super(`no decoder for ${codec}`);
    this.codec = codec;
  }
}

/** How to open a stream. `threads` 0 means one per core; `accept` may throw after the header is read. */
export interface StreamOptions {
  readonly threads: number;
  readonly accept?: (width: number, height: number) => void;
}

// Demuxers that make pictures out of text, or that open further files by name.
const REFUSED = new Set([
  'tty',
  'ansi',
  'bin',
  'xbin',
  'adf',
  'idf',
  'concat',
  'hls',
  'dash',
  'sdp',
  'imf',
  'vapoursynth',
]);

/** Demuxer and decoder of the video in one file. One call at a time: whoever holds it holds the lock. */
export class VideoStream {
  /** Damaged packets met so far. */
  errors = 0;
  readonly format = new FormatContext();
  readonly packet = new Packet();
  readonly frame = new Frame();
  readonly decoder = new CodecContext();
  stream!: Stream;
  #index = -1;
  #seeksByByte = false;
  #drained = false;
  #closed = false;

  /** @throws UnknownCodec, FFmpegError, or what `accept` throws. */
  static async open(path: string, options: StreamOptions): Promise<VideoStream> {
    const self = new VideoStream();
    try {
      await self.#open(path, options);
      return self;
    } catch (error) {
      await self.close();
      throw error;
    }
  }

  async #open(path: string, { threads, accept }: StreamOptions): Promise<void> {
    this.packet.alloc();
    this.frame.alloc();
    // `file:` and the whitelist: a path is a path, whatever it contains, and no file makes us open another one.
    const options = Dictionary.fromObject({ protocol_whitelist: 'file' });
    check(await this.format.openInput(`file:${path}`, null, options), 'open');
    const name = this.format.iformat?.name ?? '';
    if (REFUSED.has(name)) throw new Error(`a ${name} file is not video`);
    // Finding the stream info decodes: a limit on the picture has to come before it where the header tells the size.
    const early = this.format.streams.find((s) => s.codecpar.codecType === AVMEDIA_TYPE_VIDEO)?.codecpar;
    if (early && early.width > 0) accept?.(early.width, early.height);
    check(await this.format.findStreamInfo(), 'read stream info');
    this.#index = check(this.format.findBestStream(AVMEDIA_TYPE_VIDEO), 'find a video stream');
    for (const other of this.format.streams) if (other.index !== this.#index) other.discard = AVDISCARD_ALL;
    this.stream = this.format.streams[this.#index];
    if (this.stream.disposition & AV_DISPOSITION_ATTACHED_PIC)
      throw new Error('sound with a cover picture is not video');
    accept?.(this.stream.codecpar.width, this.stream.codecpar.height);
    // Raw, program and transport streams: seeking by time lands on the wrong frame.
    this.#seeksByByte = /^(mpegts|mpeg|mpegvideo|h264|hevc)$/.test(name);
    await this.#openDecoder(threads);
  }

  async #openDecoder(threads: number): Promise<void> {
    const par = this.stream.codecpar;
    const codec = this.stream.metadata?.get('alpha_mode') === '1' ? alphaDecoder(par.codecId) : undefined;
    await this.#openWith(codec ?? Codec.findDecoder(par.codecId), threads);
  }

  async #openWith(codec: Codec | null, threads: number): Promise<void> {
    const par = this.stream.codecpar;
    if (!codec) throw new UnknownCodec(avGetCodecName(par.codecId) ?? 'unknown');
    this.decoder.allocContext3(codec);
    check(this.decoder.parametersToContext(par), 'copy decoder parameters');
    this.decoder.pktTimebase = this.stream.timeBase;
    this.decoder.threadCount = threads;
    if (threads !== 1) this.decoder.threadType = (FF_THREAD_FRAME | FF_THREAD_SLICE) as typeof FF_THREAD_FRAME;
    check(await this.decoder.open2(codec, null), 'open decoder');
  }

  /** Next packet of the stream into `this.packet`, which the caller unrefs. False at the end of what is readable. */
  async readPacket(): Promise<boolean> {
    for (;;) {
      const code = await this.format.readFrame(this.packet);
      if (code < 0) {
        if (code !== AVERROR_EOF) this.errors++; // an error ends the reading: what follows is lost
        return false;
      }
      if (this.packet.streamIndex === this.#index) return true;
      this.packet.unref();
    }
  }

  /** Next frame in showing order into `this.frame`. False at the end. Damaged packets are counted and passed over. */
  async readFrame(onPacket?: (packet: Packet) => void): Promise<boolean> {
    for (let failures = 0; failures < 1000; ) {
      // Receive before send: a packet sent only after EAGAIN is always taken.
      const code = await this.decoder.receiveFrame(this.frame);
      if (code === 0) {
        this.frame.timeBase = this.stream.timeBase; // low-level frames carry 0/1
        return true;
      }
      if (code === AVERROR_EOF) return false;
      if (code !== AVERROR_EAGAIN) {
        this.errors++;
        failures++;
      } else if (await this.readPacket()) {
        onPacket?.(this.packet);
        const sent = await this.decoder.sendPacket(this.packet);
        this.packet.unref();
        if (sent < 0) this.errors++;
      } else {
        if (this.#drained) return false;
        this.#drained = true;
        await this.decoder.sendPacket(null);
      }
    }
    return false;
  }

  /** Goes to a key packet, or to the first picture at `start` when there is none. @throws FFmpegError */
  async seek(key: KeyPacket | undefined, start: bigint): Promise<void> {
    if (this.#seeksByByte) {
      check(await this.format.seekFrame(this.#index, key?.pos ?? 0n, AVSEEK_FLAG_BYTE), 'seek by byte');
    } else {
      let code = await this.format.seekFrame(this.#index, key?.pts ?? start, AVSEEK_FLAG_BACKWARD);
      if (code < 0 && key) code = await this.format.seekFrame(this.#index, key.dts ?? key.pts, AVSEEK_FLAG_BACKWARD);
      check(code, 'seek');
    }
    this.decoder.flushBuffers();
    this.#drained = false;
  }

  /** Frees everything native. Harmless the second time. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.frame.free();
    this.packet.free();
    this.decoder.freeContext();
    await this.format.closeInput();
  }
}

/** libav's own VP8 and VP9 decoders drop the alpha plane silently; libvpx keeps it. */
function alphaDecoder(id: number): Codec | undefined {
  const name = id === AV_CODEC_ID_VP9 ? 'libvpx-vp9' : id === AV_CODEC_ID_VP8 ? 'libvpx' : undefined;
  return (name && decoderNamed(name)) || undefined;
}
