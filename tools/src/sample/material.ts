import type { Soup } from './soup.js';
import type { Point, Stage } from './stage.js';
import { TILE, trailAt } from './terrain.js';

/** Colour and normal of a surface at one place. */
export interface Material {
  r: number;
  g: number;
  b: number;
  nx: number;
  ny: number;
  nz: number;
}

/** Forest floor: earth on the trail, moss beside it, small bumps everywhere. */
export function paintGround(stage: Stage, p: Point, m: Material): void {
  const n = TILE.texels;
  const k = n / TILE.metres;
  const texel = (((Math.floor(p.z * k) % n) + n) % n) * n + (((Math.floor(p.x * k) % n) + n) % n);
  const moss = (1 - trailAt(p.x, p.z)) * 0.8;
  m.r = stage.floor.earth[3 * texel] * (1 - moss) + stage.floor.moss[3 * texel] * moss;
  m.g = stage.floor.earth[3 * texel + 1] * (1 - moss) + stage.floor.moss[3 * texel + 1] * moss;
  m.b = stage.floor.earth[3 * texel + 2] * (1 - moss) + stage.floor.moss[3 * texel + 2] * moss;
  const up = m.ny < 0 ? -1 : 1;
  m.nx = up * m.nx - stage.floor.slope[2 * texel] * up * m.ny;
  m.nz = up * m.nz - stage.floor.slope[2 * texel + 1] * up * m.ny;
  m.ny *= up;
  const length = 1 / Math.sqrt(m.nx * m.nx + m.ny * m.ny + m.nz * m.nz);
  m.nx *= length;
  m.ny *= length;
  m.nz *= length;
}

/** Bark: the sheet of a birch or an oak wrapped around the trunk, with moss at its foot. */
export function paintBark(stage: Stage, soup: Soup, i: number, p: Point, m: Material): void {
  const tree = stage.trees[soup.aux[i]];
  const { side } = stage.bark;
  const dx = p.x - tree.x - tree.lean * p.y;
  const dz = p.z - tree.z;
  const turn = Math.atan2(dz, dx) / (2 * Math.PI) + 0.5 + tree.x * 3.7;
  const sheet = tree.birch ? stage.bark.birch : stage.bark.oak;
  const around = Math.floor(((turn * (tree.birch ? 1 : 2)) % 1) * side) & (side - 1);
  const up = Math.floor(p.y * 0.62 * side + tree.z * 91) & (side - 1);
  const value = sheet[up * side + around];
  const slope = (sheet[up * side + ((around + 2) & (side - 1))] - value) * (tree.birch ? 0.5 : 1.4);
  const inverse = 1 / Math.sqrt(dx * dx + dz * dz);
  m.nx += slope * dz * inverse;
  m.nz -= slope * dx * inverse;
  const moss = tree.birch
    ? Math.max(0, 0.35 - 0.7 * (p.y - 0.1)) * value
    : Math.max(0, Math.min(0.6, 0.55 - 0.6 * (p.y - 0.1) - 0.35 * m.nx)) * Math.min(1, value * 0.9);
  const k = value;
  m.r = (m.r * (1 - moss) + 0.07 * moss) * k;
  m.g = (m.g * (1 - moss) + 0.085 * moss) * k;
  m.b = (m.b * (1 - moss) + 0.025 * moss) * k;
}
