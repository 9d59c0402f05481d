import type { Random } from './random.js';

/** Red, green, blue in 0..1, sRGB-encoded. */
export type Colour = readonly [number, number, number];

/** Hue (turns), saturation and value (0..1) to RGB. */
export function hsv(hue: number, saturation: number, value: number): Colour {
  const channel = (shift: number): number => {
    const k = (shift + hue * 6) % 6;
    return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/** A colour as footage has them: mostly the muted browns, greens, greys and blues of things outdoors, seldom a loud one. */
export function anyColour(random: Random): Colour {
  const value = 0.08 + 0.9 * Math.sqrt(random.next()) * random.range(0.6, 1);
  const kind = random.next();
  if (kind < 0.3) return hsv(random.range(0.03, 0.14), random.range(0.1, 0.6), value * 0.9);
  if (kind < 0.5) return hsv(random.range(0.17, 0.4), random.range(0.1, 0.55), value * 0.8);
  if (kind < 0.65) return hsv(random.range(0.5, 0.68), random.range(0.05, 0.45), value);
  if (kind < 0.8) return hsv(random.next(), random.range(0, 0.1), value);
  return hsv(random.next(), random.range(0.3, 1), value);
}

/** A colour near another one. */
export function nearColour(colour: Colour, spread: number, random: Random): Colour {
  const lift = random.normal() * spread;
  const limit = (v: number) => Math.max(0, Math.min(1, v));
  return [
    limit(colour[0] + lift + random.normal() * spread * 0.4),
    limit(colour[1] + lift + random.normal() * spread * 0.4),
    limit(colour[2] + lift + random.normal() * spread * 0.4),
  ];
}

/** Skin tones from light to dark. */
export function skinColour(random: Random): Colour {
  return hsv(random.range(0.03, 0.085), random.range(0.28, 0.62), random.range(0.25, 0.95));
}

/** Looks up a smooth palette of `colours` at position 0..1; writes three floats (0..1) to `out` at `at`. */
export function paletteAt(colours: readonly Colour[], position: number, out: Float32Array, at: number): void {
  const x = Math.max(0, Math.min(0.99999, position)) * (colours.length - 1);
  const i = x | 0;
  const f = x - i;
  const a = colours[i];
  const b = colours[Math.min(i + 1, colours.length - 1)];
  for (let c = 0; c < 3; c++) out[at + c] = a[c] * (1 - f) + b[c] * f;
}

/** A change of colour over a whole picture: hue turn, saturation factor, value exponent. Luma-preserving hue rotation in YIQ. */
export interface Recolour {
  readonly hue: number;
  readonly saturation: number;
  readonly gamma: number;
}

/** Returns a function that recolours one RGB byte triple in place. */
export function recolourer(change: Recolour): (bytes: Uint8Array, at: number) => void {
  const curve = new Uint8Array(256);
  for (let v = 0; v < 256; v++) curve[v] = 255 * (v / 255) ** change.gamma + 0.5;
  const cos = Math.cos(change.hue * 2 * Math.PI) * change.saturation;
  const sin = Math.sin(change.hue * 2 * Math.PI) * change.saturation;
  const limit = (v: number) => (v < 0 ? 0 : v > 255 ? 255 : v);
  return (bytes, at) => {
    const r = bytes[at];
    const g = bytes[at + 1];
    const b = bytes[at + 2];
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    const i = 0.596 * r - 0.274 * g - 0.322 * b;
    const q = 0.211 * r - 0.523 * g + 0.312 * b;
    const i2 = i * cos - q * sin;
    const q2 = i * sin + q * cos;
    bytes[at] = curve[limit(y + 0.956 * i2 + 0.621 * q2) | 0];
    bytes[at + 1] = curve[limit(y - 0.272 * i2 - 0.647 * q2) | 0];
    bytes[at + 2] = curve[limit(y - 1.106 * i2 + 1.703 * q2) | 0];
  };
}
