import { stream } from './noise.js';

/** A picture of linear light, three numbers a pixel. */
export interface Light {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
}

/** A soft copy for the glow around bright things: boxes of 8 x 8 pixels, blurred three times. */
function glowOf({ width, height, rgb }: Light): { w: number; h: number; v: Float32Array } {
  const [w, h] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  let v = new Float32Array(3 * w * h);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        v[3 * ((y >> 3) * w + (x >> 3)) + c] += Math.min(8, rgb[3 * (y * width + x) + c]) / 64;
  for (let round = 0; round < 3; round++) {
    for (const step of [3, 3 * w]) {
      const to = new Float32Array(v.length);
      for (let i = 0; i < v.length; i++) {
        const [a, b] = [i - step, i + step];
        to[i] = 0.25 * (v[a >= 0 ? a : i] + 2 * v[i] + v[b < v.length ? b : i]);
      }
      v = to;
    }
  }
  return { w, h, v };
}

/** A filmic curve: soft shoulder and toe (Narkowicz' fit of ACES), then the sRGB curve. */
function developed(v: number): number {
  const x = Math.max(0, v);
  const t = Math.min(1, (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14));
  return t <= 0.0031308 ? 12.92 * t : 1.055 * t ** (1 / 2.4) - 0.055;
}

/** A gentle S around the middle of display values. */
const contrast = (v: number) => v + 0.34 * v * (1 - v) * (2 * v - 0.96);

/** Grain of one frame: Gaussian, a little softer than a pixel. */
function grainOf(width: number, height: number, seed: number): Float32Array {
  const random = stream(seed);
  const raw = new Float32Array(width * height);
  for (let i = 0; i < raw.length; i++) raw[i] = random() + random() + random() + random() - 2;
  const soft = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    const beside = (raw[i - 1] ?? 0) + (raw[i + 1] ?? 0) + (raw[i - width] ?? 0) + (raw[i + width] ?? 0);
    soft[i] = 0.62 * raw[i] + 0.17 * beside;
  }
  return soft;
}

/** Develops light to a display picture: glow, exposure, falloff to the corners, curve, a warm-and-teal grade, grain. */
export function develop(light: Light, frame: number, exposure: number): Uint8Array {
  const { width, height, rgb } = light;
  const glow = glowOf(light);
  const [grain, colourGrain] = [grainOf(width, height, 900 + frame), grainOf(width, height, 5900 + frame)];
  const out = new Uint8Array(rgb.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const [gx, gy] = [Math.max(0, (x - 3.5) / 8), Math.max(0, (y - 3.5) / 8)];
      const [i, j] = [Math.min(glow.w - 2, Math.floor(gx)), Math.min(glow.h - 2, Math.floor(gy))];
      const [a, b] = [gx - i, gy - j];
      const falloff = 1 - 0.3 * (((x / width - 0.5) * 1.15) ** 2 + ((y / height - 0.5) * 1.0) ** 2) * 2;
      const base = 3 * (j * glow.w + i);
      const row = 3 * glow.w;
      for (let c = 0; c < 3; c++) {
        const g =
          (glow.v[base + c] * (1 - a) + glow.v[base + 3 + c] * a) * (1 - b) +
          (glow.v[base + row + c] * (1 - a) + glow.v[base + row + 3 + c] * a) * b;
        const v = contrast(developed((0.9 * rgb[3 * at + c] + 0.1 * g) * exposure * falloff));
        const shadowTint = (1 - v) ** 3 * [-0.004, 0.004, 0.012][c];
        const strength = 0.03 * (0.35 + 1.2 * Math.sqrt(v) * (1 - 0.75 * v));
        const n = grain[at] * strength + (c === 1 ? -1 : 1) * colourGrain[at] * strength * 0.22;
        out[3 * at + c] = Math.max(0, Math.min(255, Math.round(255 * (v * [1.01, 1, 0.975][c] + shadowTint + n))));
      }
    }
  }
  return out;
}
