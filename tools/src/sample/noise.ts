/** A seeded stream of numbers in [0, 1) (mulberry32): the same seed makes the same forest. */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number in [0, 1) that depends on whole coordinates only. */
export function hash(x: number, y: number, z = 0): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(z, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

const wrap = (k: number, period: number) => ((k % period) + period) % period;

/** Smooth value noise in [0, 1] on a grid of unit cells, wrapping every `period` cells. */
export function noise2(x: number, y: number, period = 4096, seed = 0): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const u = x - i;
  const v = y - j;
  const a = u * u * (3 - 2 * u);
  const b = v * v * (3 - 2 * v);
  const i0 = wrap(i, period);
  const i1 = wrap(i + 1, period);
  const j0 = wrap(j, period);
  const j1 = wrap(j + 1, period);
  const top = hash(i0, j0, seed) * (1 - a) + hash(i1, j0, seed) * a;
  const low = hash(i0, j1, seed) * (1 - a) + hash(i1, j1, seed) * a;
  return top * (1 - b) + low * b;
}

/** Sum of octaves of `noise2`, in [0, 1]; wraps with the period of its first octave. */
export function fbm(x: number, y: number, octaves: number, period = 4096, seed = 0): number {
  let sum = 0;
  let size = 1;
  let all = 0;
  for (let k = 0; k < octaves; k++) {
    const scale = 2 ** k;
    sum += size * noise2(x * scale, y * scale, period * scale, seed + k);
    all += size;
    size *= 0.5;
  }
  return sum / all;
}

/** 0 below `a`, 1 above `b`, smooth between. */
export function smooth(a: number, b: number, v: number): number {
  const t = Math.max(0, Math.min(1, (v - a) / (b - a)));
  return t * t * (3 - 2 * t);
}

/** From `a` to `b` as `t` goes from 0 to 1. */
export const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;
