/**
 * IEEE 754 binary16 ("half") as OpenEXR stores it: 1 sign, 5 exponent, 10 mantissa bits; the largest value is 65504
 * and everything from 0 to 1 is held to 2^-11 or better. And bfloat16, the upper half of a float32: its whole range, 8 bits of precision.
 */
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * The half nearest to a float32, ties to even, subnormals included.
 * @returns its 16 bits. Infinities and NaN stay what they are; from 65520 upwards the result is infinite.
 */
export function halfFromFloat(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const size = bits[0] & 0x7fffffff;
  if (size >= 0x47800000) return sign | (size > 0x7f800000 ? 0x7e00 | ((size >>> 13) & 0x3ff) : 0x7c00);
  if (size >= 0x38800000) {
    const normal = size - 0x38000000; // exponent bias 127 -> 15
    return sign | ((normal + 0xfff + ((normal >>> 13) & 1)) >>> 13);
  }
  if (size < 0x33000000) return sign; // below half of the smallest subnormal
  const mantissa = (size & 0x7fffff) | 0x800000;
  const shift = 126 - (size >>> 23);
  const half = 1 << (shift - 1);
  return sign | ((mantissa + half - 1 + ((mantissa >>> shift) & 1)) >>> shift);
}

let table: Float32Array | undefined;

/** The float32 that has exactly the value of a half given by its 16 bits. */
export function floatFromHalf(half: number): number {
  const exponent = (half >>> 10) & 31;
  const mantissa = half & 0x3ff;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** Halves of floats, rounded to nearest even. */
export function halvesFromFloats(values: ArrayLike<number>): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfFromFloat(values[i]);
  return halves;
}

/** Floats of halves, exact. */
export function floatsFromHalves(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, i) => floatFromHalf(i));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = table[halves[i]];
  return values;
}

/** The bfloat16s nearest to floats, ties to even. Infinities and NaN stay what they are. */
export function bfloatsFromFloats(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const w = words[i];
    const nan = (w & 0x7fffffff) > 0x7f800000;
    out[i] = nan ? (w >>> 16) | 0x40 : (w + 0x7fff + ((w >>> 16) & 1)) >>> 16;
  }
  return out;
}

/** Floats of bfloat16s, exact. */
export function floatsFromBfloats(bfloats: Uint16Array): Float32Array {
  const words = new Uint32Array(bfloats.length);
  for (let i = 0; i < words.length; i++) words[i] = bfloats[i] << 16;
  return new Float32Array(words.buffer);
}
