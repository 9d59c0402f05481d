import { RotokitError, reasonOf } from '@rotokit/core/values';

/** What a decoder accepts and how it names its input in an error. */
export interface DecodeOptions {
  /** How the input is called in an error; a path where there is one. */
  readonly name?: string;
  /** More pixels than this are refused before anything is allocated; 2^28 unless told. */
  readonly maxPixels?: number;
}

/** The limit of `DecodeOptions.maxPixels` where none is given: 16384 x 16384. */
export const MAX_PIXELS = 2 ** 28;

/** Thrown inside decoders at the first thing that makes no sense; `decoding` turns it into a coded error. */
export class Damaged extends Error {}

/** Stops a decoder. */
export const damaged = (reason: string): never => {
  throw new Damaged(reason);
};

/**
 * Runs a decoder so that every input ends in a result or in a coded error.
 * @throws RotokitError MEDIA_UNREADABLE with the reason, or what the decoder refused itself.
 */
export function decoding<T>(options: DecodeOptions, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof RotokitError) throw error;
    throw new RotokitError('MEDIA_UNREADABLE', { path: options.name ?? 'picture', reason: reasonOf(error) }, error);
  }
}

/** Refuses sizes beyond the limit. @throws RotokitError MEDIA_TOO_LARGE. */
export function checkPixels(width: number, height: number, options: DecodeOptions): void {
  const limit = options.maxPixels ?? MAX_PIXELS;
  if (width * height > limit)
    throw new RotokitError('MEDIA_TOO_LARGE', { path: options.name ?? 'picture', width, height, limit });
}

/**
 * Deflate packs at most 1032:1, so a file that claims more than this is lying, and is refused before anything of that
 * size is allocated.
 */
export function checkRatio(unpacked: number, packed: number): void {
  if (unpacked > packed * 1032 + 1024) damaged(`${packed} bytes cannot hold ${unpacked} bytes of pixels`);
}

/** A little-endian cursor over bytes that refuses to leave them. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  /** Moves past `count` bytes and says where they began. */
  skip(count: number): number {
    if (!(count >= 0) || this.at + count > this.bytes.length) damaged(`it ends early, at byte ${this.bytes.length}`);
    const from = this.at;
    this.at += count;
    return from;
  }

  take(count: number): Uint8Array {
    const from = this.skip(count);
    return this.bytes.subarray(from, from + count);
  }

  u8 = () => this.#view.getUint8(this.skip(1));
  i32 = () => this.#view.getInt32(this.skip(4), true);
  u32 = () => this.#view.getUint32(this.skip(4), true);
  f32 = () => this.#view.getFloat32(this.skip(4), true);
  f64 = () => this.#view.getFloat64(this.skip(8), true);

  /** An unsigned 64-bit position; anything beyond 2^53 is damage. */
  u64(): number {
    const value = this.#view.getBigUint64(this.skip(8), true);
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : damaged(`an offset of ${value}`);
  }

  /** Text up to a zero byte. */
  zeroText(longest: number): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0 || end - this.at > longest) damaged(`a name at byte ${this.at} has no end`);
    const text = textOf(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }
}

const decoder = new TextDecoder();

/** UTF-8 text. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
