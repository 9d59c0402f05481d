import { constants, crc32 as crc, deflateSync, inflateSync } from 'node:zlib';

/**
 * The one door to a compressor. Everything else in this package is plain TypeScript, so a browser build swaps this
 * file (for example for fflate) and nothing else.
 *
 * @param level 1 (fast) to 9 (small).
 * @param look What to look for: repeated `strings`, or only `runs` of one byte, which is several times as fast and
 *   loses nothing on differences of neighbouring pixels.
 * @returns a zlib stream (RFC 1950).
 */
export const deflate = (bytes: Uint8Array, level: number, look: 'strings' | 'runs' = 'strings'): Uint8Array =>
  deflateSync(bytes, { level, strategy: look === 'runs' ? constants.Z_RLE : constants.Z_DEFAULT_STRATEGY });

/** Unpacks a zlib stream. @throws Error when it is damaged or holds more than `limit` bytes; never allocates more. */
export const inflate = (bytes: Uint8Array, limit: number): Uint8Array =>
  inflateSync(bytes, { maxOutputLength: Math.max(1, limit) });

/** CRC-32 as PNG and zip use it (ISO 3309), continuing from `before`. */
export const crc32 = (bytes: Uint8Array, before = 0): number => crc(bytes, before);
