/**
 * The only door to node-av: its low-level API (`node-av/lib`), which is libav as it is. The high-level one fixes
 * timestamps, loses colour tags and yields nothing on Node 20 without a polyfill.
 */
import { AV_LOG_QUIET, AV_NOPTS_VALUE } from 'node-av/constants';
import { Codec, FFmpegError, type Frame, Log, type Packet } from 'node-av/lib';

export * from 'node-av/constants';
export {
  avGetCodecName,
  avGetPixFmtFromName,
  avGetPixFmtName,
  avImageGetBufferSize,
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  IOContext,
  Packet,
  Rational,
  SoftwareScaleContext,
  type Stream,
} from 'node-av/lib';

// libav writes its opinions to stderr; what matters comes back as codes, flags and counts.
Log.setLevel(AV_LOG_QUIET);

/** Passes a libav return value on. @throws FFmpegError when it is negative, saying what was being done. */
export function check(code: number, what: string): number {
  FFmpegError.throwIfError(code, what);
  return code;
}

/** Order of two bigints, for `Array.sort`. */
export const compareTicks = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** When a packet is shown, in stream ticks; its decoding time where the container gives no other. */
export const ticksOfPacket = (p: Packet): bigint => (p.pts === AV_NOPTS_VALUE ? p.dts : p.pts);

/** When a decoded frame is shown, in stream ticks. */
export const ticksOfFrame = (f: Frame): bigint =>
  f.bestEffortTimestamp === AV_NOPTS_VALUE ? f.pts : f.bestEffortTimestamp;

/** A decoder by libav's name; null when the build lacks it. */
export const decoderNamed = (name: string): Codec | null => Codec.findDecoderByName(name as never);

/** An encoder by libav's name; null when the build lacks it. */
export const encoderNamed = (name: string): Codec | null => Codec.findEncoderByName(name as never);
