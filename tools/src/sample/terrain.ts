import { fbm, lerp, smooth } from './noise.js';

/** Height of the ground in metres: a trodden trail along z = 0, a bank behind it that hides the horizon. */
export function heightAt(x: number, z: number): number {
  const rolls = 0.045 * Math.sin(0.55 * x + 0.35 * z + 1) + 0.025 * Math.sin(1.35 * x - 0.8 * z);
  const small = 0.008 * Math.sin(4.1 * x + 1.3 * z) + 0.006 * Math.sin(2.3 * x - 5.2 * z);
  const trail = 0.05 * Math.exp(-((z / 0.6) ** 2));
  const bank = 0.055 * Math.max(0, z - 1.2) ** 1.22;
  return rolls + small * (1 - 0.7 * Math.exp(-((z / 0.6) ** 2))) - trail + bank - 0.04 * Math.max(0, -1.6 - z);
}

/** How much of the ground at a place is trodden trail, 0..1. */
export const trailAt = (x: number, z: number): number => Math.exp(-(((z + 0.12 * Math.sin(0.7 * x)) / 0.62) ** 4));

/** Side of the square that the ground texture repeats over, in metres, and its texels. */
export const TILE = { metres: 4, texels: 640 } as const;

/** A square of forest floor: two colours to choose from (earth, moss) and a slope of small bumps, per texel. */
export interface Floor {
  readonly earth: Float32Array;
  readonly moss: Float32Array;
  readonly slope: Float32Array;
}

const EARTH = [0.135, 0.088, 0.047];
const DRY_MOSS = [0.1, 0.1, 0.035];
const LUSH_MOSS = [0.045, 0.095, 0.02];

/** Makes the forest floor from noise. */
export function makeFloor(): Floor {
  const n = TILE.texels;
  const [earth, moss, slope] = [3, 3, 2].map((c) => new Float32Array(c * n * n));
  const height = new Float32Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const [u, v] = [(i / n) * 16, (j / n) * 16];
      const fine = fbm(u * 8, v * 8, 3, 128, 11);
      const broad = fbm(u, v, 4, 16, 3);
      const at = j * n + i;
      height[at] = 0.02 * broad + 0.012 * fine + 0.01 * smooth(0.62, 0.75, fbm(u * 4, v * 4, 2, 64, 31));
      const wet = smooth(0.3, 0.7, broad);
      const grain = 0.55 + 0.9 * fine;
      const lush = fbm(u * 2 + 5, v * 2, 3, 32, 77);
      for (let c = 0; c < 3; c++) {
        earth[3 * at + c] = EARTH[c] * grain * lerp(1.25, 0.7, wet);
        moss[3 * at + c] = lerp(DRY_MOSS[c], LUSH_MOSS[c], lush) * grain;
      }
    }
  }
  const step = TILE.metres / n;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const at = j * n + i;
      slope[2 * at] = (height[j * n + ((i + 1) % n)] - height[at]) / step;
      slope[2 * at + 1] = (height[((j + 1) % n) * n + i] - height[at]) / step;
    }
  }
  return { earth, moss, slope };
}

/** Bark of a birch and of an oak around a trunk: brightness and slope, per texel of a sheet that wraps both ways. */
export interface Bark {
  readonly side: number;
  readonly birch: Float32Array;
  readonly oak: Float32Array;
}

/** Makes both barks from noise: dark lenticels and scars on white, and rough upright ridges. */
export function makeBark(): Bark {
  const side = 512;
  const [birch, oak] = [new Float32Array(side * side), new Float32Array(side * side)];
  for (let j = 0; j < side; j++) {
    for (let i = 0; i < side; i++) {
      const [u, v] = [i / side, j / side];
      const lens = fbm(u * 12 + 0.6 * fbm(u * 8, v * 8, 2, 8, 15), v * 96, 3, 4, 5);
      const scar = fbm(u * 4, v * 8, 4, 4, 9);
      const paper = 0.7 + 0.4 * fbm(u * 4, v * 128, 3, 4, 21);
      birch[j * side + i] = paper * (1 - 0.65 * smooth(0.62, 0.72, lens)) * (1 - 0.8 * smooth(0.6, 0.72, scar));
      const warp = 1.2 * fbm(u * 4, v * 8, 2, 4, 41);
      const ridge = Math.abs(fbm(u * 16 + warp, v * 8 + 0.5 * warp, 4, 8, 61) - 0.5) * 2;
      const crack = smooth(0.02, 0.3, ridge);
      oak[j * side + i] = (0.12 + 1.25 * crack) * (0.5 + 0.95 * fbm(u * 64, v * 64, 3, 64, 71));
    }
  }
  return { side, birch, oak };
}
