import { Exclusive } from '../native/exclusive.js';
import {
  AV_PKT_FLAG_KEY,
  AVERROR_EAGAIN,
  CodecContext,
  check,
  decoderNamed,
  FF_THREAD_SLICE,
  Frame,
  Packet,
} from '../native/libav.js';
import type { StillHeader } from './still-header.js';

/** Decodes picture files one at a time: no demuxer, which would decode each file a second time to describe it. */
export class StillDecoder {
  readonly #turn = new Exclusive();
  readonly #packet = new Packet();
  readonly #contexts = new Map<string, CodecContext>();
  #allocated = false;

  /** The picture in a file's bytes, for the caller to free. @throws FFmpegError when it cannot be decoded. */
  decode(bytes: Buffer, decoder: StillHeader['decoder']): Promise<Frame> {
    return this.#turn.run(async () => {
      if (!this.#allocated) this.#packet.alloc();
      this.#allocated = true;
      const context = await this.#context(decoder);
      const frame = new Frame();
      frame.alloc();
      try {
        this.#packet.data = bytes; // copied by the binding
        // Without the flag libav takes a PNG for the difference to the one before (MPNG) and adds the two.
        this.#packet.flags = AV_PKT_FLAG_KEY;
        check(await context.sendPacket(this.#packet), 'decode');
        this.#packet.unref();
        let code = await context.receiveFrame(frame);
        if (code === AVERROR_EAGAIN) {
          await context.sendPacket(null);
          code = await context.receiveFrame(frame);
        }
        check(code, 'decode');
        return frame;
      } catch (error) {
        frame.free();
        this.#packet.unref();
        throw error;
      } finally {
        context.flushBuffers(); // nothing of one file reaches the next
      }
    });
  }

  async #context(name: StillHeader['decoder']): Promise<CodecContext> {
    const known = this.#contexts.get(name);
    if (known) return known;
    const codec = decoderNamed(name);
    if (!codec) throw new Error(`the decoder ${name} is not in this build`);
    const context = new CodecContext();
    context.allocContext3(codec);
    // Slices only: with frame threads a picture would come out when a later file goes in.
    context.threadCount = 2;
    context.threadType = FF_THREAD_SLICE;
    try {
      check(await context.open2(codec, null), 'open decoder');
    } catch (error) {
      context.freeContext();
      throw error;
    }
    this.#contexts.set(name, context);
    return context;
  }

  /** Frees everything native, after the decoding under way. */
  close(): Promise<void> {
    return this.#turn.run(async () => {
      for (const context of this.#contexts.values()) context.freeContext();
      this.#contexts.clear();
      if (this.#allocated) this.#packet.free();
      this.#allocated = false;
    });
  }
}
