import { avGetPixFmtFromName, avGetPixFmtName, type Frame } from '../native/libav.js';

/** How one sample is stored. */
export type SampleKind = 'u8' | 'u16' | 'f16' | 'f32';

/** Where the samples of one channel lie: `plane[y * stride + (x * step + offset)]`, in samples, not bytes. */
export interface ChannelLayout {
  readonly plane: number;
  readonly step: number;
  readonly offset: number;
}

/** An RGB or grey pixel format whose samples can be taken as they are, without any colour matrix. */
export interface RgbLayout {
  readonly kind: SampleKind;
  readonly bigEndian: boolean;
  /** Significant low bits of an integer sample. */
  readonly bits: number;
  /** Red, green, blue (three times the same for grey), and alpha where there is one. */
  readonly channels: readonly ChannelLayout[];
}

const kindOf = (bits: number, float: boolean): SampleKind =>
  float ? (bits === 16 ? 'f16' : 'f32') : bits === 8 ? 'u8' : 'u16';

function packed(order: string, bits: number, float: boolean, bigEndian: boolean): RgbLayout {
  const at = (c: string) => ({ plane: 0, step: order.length, offset: order.indexOf(c) });
  const channels = [at('r'), at('g'), at('b'), ...(order.includes('a') ? [at('a')] : [])];
  return { kind: kindOf(bits, float), bigEndian, bits, channels };
}

const plane = (n: number): ChannelLayout => ({ plane: n, step: 1, offset: 0 });

/**
 * The layout behind a libav pixel format name, such as `gbrap12le`, `rgba64be`, `gray16le`, `gbrpf32le`.
 * Undefined for formats that need a matrix, a palette or bit unpacking: those are swscale's.
 */
export function rgbLayout(name: string): RgbLayout | undefined {
  const m = /^(gbra?p|rgba?f|rgba?|bgra?|argb|abgr|0rgb|0bgr|rgb0|bgr0|gray|ya)(f?)(\d*)(le|be)?$/.exec(name);
  if (!m) return undefined;
  const [, base, f, digits, end] = m;
  const bigEndian = end === 'be';
  const float = f === 'f' || base.endsWith('f');
  const n = digits ? Number(digits) : 8;
  if (base === 'gbrp' || base === 'gbrap') {
    const channels = [plane(2), plane(0), plane(1), ...(base === 'gbrap' ? [plane(3)] : [])];
    return { kind: kindOf(n, float), bigEndian, bits: n, channels };
  }
  if (base === 'gray') {
    return { kind: kindOf(n, float), bigEndian, bits: n, channels: [plane(0), plane(0), plane(0)] };
  }
  if (base === 'ya') {
    const grey = { plane: 0, step: 2, offset: 0 };
    return { kind: kindOf(n, float), bigEndian, bits: n, channels: [grey, grey, grey, { ...grey, offset: 1 }] };
  }
  const order = float ? base.replace(/f$/, '') : base;
  // Packed names count the bits of a whole pixel (rgb48, rgba64), floats those of a sample (rgbf32, rgbaf16).
  const bits = float ? n : digits ? n / order.length : 8;
  return [8, 16, 32].includes(bits) ? packed(order, bits, float, bigEndian) : undefined;
}

/** What is known of a picture from its pixel format's name alone. */
export interface FormatFacts {
  readonly name: string;
  readonly rgb: RgbLayout | undefined;
  /** Significant bits of a sample: 8 to 16, or 16 and 32 for floats. */
  readonly bitDepth: number;
  readonly float: boolean;
  readonly alpha: boolean;
}

/** Bits of a sample from names like yuv420p10le, p010le, y212le, xv36le. */
function depthInName(name: string): number {
  const n = Number(/(\d+)(?:le|be)$/.exec(name)?.[1] ?? 8) % 100;
  return { 30: 10, 36: 12, 48: 16 }[n] ?? ([9, 10, 12, 14, 16].includes(n) ? n : 8);
}

const known = new Map<number, FormatFacts>();

/** Facts of a frame's pixel format. */
export function formatFacts(format: Frame['format']): FormatFacts {
  let facts = known.get(format);
  if (!facts) {
    const name = avGetPixFmtName(format as never) ?? 'unknown';
    const rgb = rgbLayout(name);
    const bitDepth = rgb?.bits ?? depthInName(name);
    const float = rgb?.kind === 'f16' || rgb?.kind === 'f32';
    facts = {
      name,
      rgb,
      bitDepth,
      float,
      alpha: /^(yuva|rgba|bgra|argb|abgr|gbrap|ya\d|yaf|pal8|ayuv|vuya)/.test(name),
    };
    known.set(format, facts);
  }
  return facts;
}

/** The number libav gives a pixel format name. @throws RangeError for names the build does not know. */
export function pixelFormat(name: string): Frame['format'] {
  const format = avGetPixFmtFromName(name);
  if (format < 0) throw new RangeError(`no pixel format ${name}`);
  return format;
}
