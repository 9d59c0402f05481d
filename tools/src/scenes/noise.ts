import type { Random } from './random.js';

/** Adds one octave: random values on a coarse grid, smoothly interpolated, times `amplitude`. */
function addOctave(
  out: Float32Array,
  width: number,
  height: number,
  cellX: number,
  cellY: number,
  amplitude: number,
  random: Random,
): void {
  const columns = Math.ceil(width / cellX) + 2;
  const rows = Math.ceil(height / cellY) + 2;
  const grid = new Float32Array(columns * rows);
  for (let i = 0; i < grid.length; i++) grid[i] = random.normal() * amplitude;
  const shiftX = random.next();
  const shiftY = random.next();
  const column = new Int32Array(width);
  const weight = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const u = x / cellX + shiftX;
    const f = u - Math.floor(u);
    column[x] = Math.floor(u);
    weight[x] = f * f * (3 - 2 * f);
  }
  for (let y = 0, o = 0; y < height; y++) {
    const v = y / cellY + shiftY;
    const top = Math.floor(v) * columns;
    const f = v - Math.floor(v);
    const wy = f * f * (3 - 2 * f);
    for (let x = 0; x < width; x++, o++) {
      const i = top + column[x];
      const a = grid[i] + (grid[i + 1] - grid[i]) * weight[x];
      const b = grid[i + columns] + (grid[i + columns + 1] - grid[i + columns]) * weight[x];
      out[o] += a + (b - a) * wy;
    }
  }
}

/**
 * Noise with a 1/f^slope amplitude spectrum, as photographs have (slope about 1: Field, JOSA A 1987), scaled to mean 0.5,
 * deviation 0.22, limited to 0..1. `stretch` > 1 makes its grain longer horizontally.
 */
export function fractalNoise(width: number, height: number, slope: number, random: Random, stretch = 1): Float32Array {
  const out = new Float32Array(width * height);
  let cell = Math.max(width, height) / random.range(1.5, 4);
  let amplitude = 1;
  while (cell >= 2) {
    addOctave(out, width, height, Math.max(1, cell * stretch), Math.max(1, cell), amplitude, random);
    cell /= 2;
    amplitude *= 2 ** -slope;
  }
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < out.length; i++) {
    sum += out[i];
    squares += out[i] * out[i];
  }
  const mean = sum / out.length;
  const gain = 0.22 / Math.sqrt(Math.max(1e-9, squares / out.length - mean * mean));
  for (let i = 0; i < out.length; i++) out[i] = Math.max(0, Math.min(1, 0.5 + (out[i] - mean) * gain));
  return out;
}

/** A smooth random function of time: sum of a few sines, deviation about 1, derivative bounded by `frequency`. */
export interface Sway {
  readonly terms: readonly { readonly amplitude: number; readonly frequency: number; readonly phase: number }[];
}

/** Draws a sway of three terms with frequencies up to `frequency` (radians a frame) and the given deviation. */
export function sway(deviation: number, frequency: number, random: Random): Sway {
  const terms = [0.35, 0.7, 1].map((part) => ({
    amplitude: (deviation * random.range(0.4, 1.2)) / (0.5 + part),
    frequency: frequency * part * random.range(0.7, 1.1),
    phase: random.range(0, 2 * Math.PI),
  }));
  return { terms };
}

/** The value of a sway at a time in frames; an absent sway is 0. */
export function swayAt(value: Sway | undefined, time: number): number {
  let sum = 0;
  if (value) for (const term of value.terms) sum += term.amplitude * Math.sin(term.frequency * time + term.phase);
  return sum;
}
