import { floatFromHalf } from '@rotokit/core/values';

/** IEC 61966-2-1: linear light 0..1 to the sRGB signal 0..1; clamps. NaN becomes 0. */
export function srgbEncode(v: number): number {
  if (!(v > 0)) return 0;
  if (v >= 1) return 1;
  return v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055;
}

const clamp = (v: number): number => (v > 0 ? Math.min(v, 1) : 0);

const tables = new Map<string, Uint8Array | Uint16Array | Float32Array>();

function table<T extends Uint8Array | Uint16Array | Float32Array>(key: string, fill: () => T): T {
  let t = tables.get(key) as T | undefined;
  if (!t) tables.set(key, (t = fill()));
  return t;
}

/** Values of all 65,536 halves. */
export const halfValues = (): Float32Array =>
  table('half', () => Float32Array.from({ length: 65536 }, (_, i) => floatFromHalf(i)));

/** Integers of `bits` bits to 0..`top`, rounded. */
export const integerTable = (bits: number, top: 255 | 65535): Uint8Array | Uint16Array =>
  table(`${bits}-${top}`, () => {
    const max = 2 ** bits - 1;
    const of = (_: unknown, i: number) => Math.round((i * top) / max);
    return top === 255 ? Uint8Array.from({ length: max + 1 }, of) : Uint16Array.from({ length: max + 1 }, of);
  });

/**
 * swscale's 16-bit RGB to 0..65535. Its full scale is 65280 (255 * 256), so that white would come out as 254/255; the factor is
 * exact to 0.014/255.
 */
export const swscaleTable = (): Uint16Array =>
  table('swscale', () =>
    Uint16Array.from({ length: 65536 }, (_, i) => Math.min(65535, Math.round((i * 65535) / 65280))),
  ) as Uint16Array;

/** The inverse: 0..65535 to what swscale takes for it. */
export const toSwscaleTable = (): Uint16Array =>
  table('to-swscale', () =>
    Uint16Array.from({ length: 65536 }, (_, i) => Math.round((i * 65280) / 65535)),
  ) as Uint16Array;

/** Halves to 0..`top`: linear light to an sRGB signal, or clamped as they are (alpha). */
export const halfTable = (top: 255 | 65535, encode: boolean): Uint8Array | Uint16Array =>
  table(`half-${top}-${encode}`, () => {
    const of = (_: unknown, i: number) => Math.round((encode ? srgbEncode : clamp)(floatFromHalf(i)) * top);
    return top === 255 ? Uint8Array.from({ length: 65536 }, of) : Uint16Array.from({ length: 65536 }, of);
  });

/** One float to 0..`top`, as the half tables do it. */
export const floatTo =
  (top: 255 | 65535, encode: boolean): ((v: number) => number) =>
  (v) =>
    Math.round((encode ? srgbEncode(v) : clamp(v)) * top);
