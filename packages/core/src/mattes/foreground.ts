import type { Size } from '../values/index.js';

/** How foreground colours are estimated; the defaults are those of the paper. */
export interface ForegroundOptions {
  /** How much neighbours pull together everywhere. */
  readonly smoothness?: number;
  /** How much more where alpha changes from one pixel to the next. */
  readonly gradientWeight?: number;
  /** Passes over levels of up to 32 pixels, and over larger ones. */
  readonly passes?: { readonly small: number; readonly large: number };
}

/** Interleaved RGB of both layers, 3 floats a pixel. */
export interface Layers {
  readonly foreground: Float32Array;
  readonly background: Float32Array;
}

/** Levels of up to this many pixels on a side are cheap enough for many passes. */
const SMALL = 32;

/**
 * What colour the object and what is behind it have where a matte is between 0 and 1 (T. Germer, T. Uelwer, S. Conrad, S. Harmeling: "Fast Multi-Level
 * Foreground Estimation", 2020). From one pixel up to the whole picture, each level starts from the one before and solves for every pixel the two layers that
 * compose to what is seen and are like their neighbours'. Works in linear light; colours are kept at 0 and above and may exceed 1.
 *
 * @param rgb interleaved linear RGB, 3 floats a pixel.
 * @param alpha 0 to 1.
 * @throws RangeError when the arrays do not fill the size.
 */
export function estimateForeground(
  size: Size,
  rgb: Float32Array,
  alpha: Float32Array,
  options: ForegroundOptions = {},
): Layers {
  const { width, height } = size;
  if (rgb.length !== 3 * width * height || alpha.length !== width * height)
    throw new RangeError(
      `colours and alpha must fill ${width}x${height}, got ${rgb.length} and ${alpha.length} values`,
    );
  const { smoothness = 1e-5, gradientWeight = 1, passes = { small: 10, large: 2 } } = options;
  const levels = Math.ceil(Math.log2(Math.max(width, height, 2)));
  let layers = startLayers(rgb, alpha);
  let before: Size = { width: 1, height: 1 };
  for (let level = 0; level <= levels; level++) {
    const at = { width: Math.round(width ** (level / levels)), height: Math.round(height ** (level / levels)) };
    const whole = at.width === width && at.height === height;
    const [seen, a] = whole ? [rgb, alpha] : [shrunk(rgb, size, at, 3), shrunk(alpha, size, at, 1)];
    layers = {
      foreground: shrunk(layers.foreground, before, at, 3),
      background: shrunk(layers.background, before, at, 3),
    };
    const n = Math.max(at.width, at.height) <= SMALL ? passes.small : passes.large;
    for (let pass = 0; pass < n; pass++) solvePass(at, seen, a, layers, smoothness, gradientWeight);
    before = at;
  }
  return layers;
}

/** The mean colours of what is surely object and surely not. */
function startLayers(rgb: Float32Array, alpha: Float32Array): Layers {
  const mean = (of: (a: number) => boolean) => {
    const sum = new Float64Array(3);
    let n = 0;
    for (let k = 0; k < alpha.length; k++) {
      if (!of(alpha[k])) continue;
      n++;
      for (let c = 0; c < 3; c++) sum[c] += rgb[3 * k + c];
    }
    return Float32Array.from(sum, (v) => (n ? v / n : 0));
  };
  return { foreground: mean((a) => a > 0.9), background: mean((a) => a < 0.1) };
}

/** Takes the nearest pixel of another size. */
function shrunk(values: Float32Array, from: Size, to: Size, channels: number): Float32Array {
  if (from.width === to.width && from.height === to.height) return values;
  const out = new Float32Array(to.width * to.height * channels);
  const columns = Int32Array.from({ length: to.width }, (_, x) =>
    Math.min(from.width - 1, Math.floor(((x + 0.5) * from.width) / to.width)),
  );
  for (let y = 0, o = 0; y < to.height; y++) {
    const row = Math.min(from.height - 1, Math.floor(((y + 0.5) * from.height) / to.height)) * from.width;
    for (let x = 0; x < to.width; x++) {
      const at = (row + columns[x]) * channels;
      for (let c = 0; c < channels; c++) out[o++] = values[at + c];
    }
  }
  return out;
}

/**
 * One pass over a level: each pixel's two layers from the 2x2 system of "composes to what is seen" and "is like the four neighbours", neighbours
 * taken as they are by now (Gauss-Seidel).
 */
function solvePass(
  { width, height }: Size,
  rgb: Float32Array,
  alpha: Float32Array,
  { foreground: f, background: b }: Layers,
  smoothness: number,
  gradientWeight: number,
): void {
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const a = alpha[k];
      const [left, right] = [x > 0 ? k - 1 : k, x + 1 < width ? k + 1 : k];
      const [up, down] = [y > 0 ? k - width : k, y + 1 < height ? k + width : k];
      const w0 = smoothness + gradientWeight * Math.abs(a - alpha[left]);
      const w1 = smoothness + gradientWeight * Math.abs(a - alpha[right]);
      const w2 = smoothness + gradientWeight * Math.abs(a - alpha[up]);
      const w3 = smoothness + gradientWeight * Math.abs(a - alpha[down]);
      const sum = w0 + w1 + w2 + w3;
      const m00 = a * a + sum;
      const m01 = a * (1 - a);
      const m11 = (1 - a) * (1 - a) + sum;
      const scale = 1 / (m00 * m11 - m01 * m01);
      for (let c = 0; c < 3; c++) {
        const i = 3 * k + c;
        const [l, r, u, d] = [3 * left + c, 3 * right + c, 3 * up + c, 3 * down + c];
        const p = a * rgb[i] + w0 * f[l] + w1 * f[r] + w2 * f[u] + w3 * f[d];
        const q = (1 - a) * rgb[i] + w0 * b[l] + w1 * b[r] + w2 * b[u] + w3 * b[d];
        const fore = (m11 * p - m01 * q) * scale;
        const back = (m00 * q - m01 * p) * scale;
        f[i] = fore > 0 ? fore : 0;
        b[i] = back > 0 ? back : 0;
      }
    }
  }
}
