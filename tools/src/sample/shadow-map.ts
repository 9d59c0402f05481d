import { cross, type Soup, unit, type Vec } from './soup.js';

/** What a far light sees of the scene: for each texel the height, along the light, of the first thing it meets. */
export interface ShadowMap {
  readonly side: number;
  readonly heights: Float32Array;
  /** Rows of a matrix from the world to texels and height: u, v, h, four numbers each. */
  readonly matrix: Float64Array;
}

/** An empty map of a light from direction `to`, over a square of `extent` metres around `centre`. */
export function shadowMap(to: Vec, centre: Vec, extent: number, side: number): ShadowMap {
  const across = unit(cross([0, 1, 0.01], to));
  const along = cross(to, across);
  const scale = side / extent;
  const row = (v: Vec, k: number, shift: number) => [
    v[0] * k,
    v[1] * k,
    v[2] * k,
    shift - k * (v[0] * centre[0] + v[1] * centre[1] + v[2] * centre[2]),
  ];
  const matrix = Float64Array.of(...row(across, scale, side / 2), ...row(along, scale, side / 2), ...row(to, 1, 0));
  return { side, heights: new Float32Array(side * side).fill(-1e9), matrix };
}

/** Draws every `every`-th triangle from `from` on into a map. */
export function cast(map: ShadowMap, soup: Soup, from = 0, every = 1): void {
  const { side, heights, matrix: m } = map;
  const { corners } = soup;
  const p = new Float64Array(9);
  for (let i = from; i < soup.count; i += every) {
    for (let k = 0; k < 3; k++) {
      const c = 9 * i + 3 * k;
      const x = corners[c];
      const y = corners[c + 1];
      const z = corners[c + 2];
      p[k] = m[0] * x + m[1] * y + m[2] * z + m[3] - 0.5;
      p[3 + k] = m[4] * x + m[5] * y + m[6] * z + m[7] - 0.5;
      p[6 + k] = m[8] * x + m[9] * y + m[10] * z + m[11];
    }
    const left = Math.max(0, Math.ceil(Math.min(p[0], p[1], p[2])));
    const right = Math.min(side - 1, Math.floor(Math.max(p[0], p[1], p[2])));
    const top = Math.max(0, Math.ceil(Math.min(p[3], p[4], p[5])));
    const bottom = Math.min(side - 1, Math.floor(Math.max(p[3], p[4], p[5])));
    if (left > right || top > bottom) continue;
    const area = (p[1] - p[0]) * (p[5] - p[3]) - (p[2] - p[0]) * (p[4] - p[3]);
    if (area === 0) continue;
    const ax = (p[5] - p[3]) / area;
    const ay = -(p[2] - p[0]) / area;
    const bx = -(p[4] - p[3]) / area;
    const by = (p[1] - p[0]) / area;
    for (let v = top; v <= bottom; v++) {
      for (let u = left; u <= right; u++) {
        const a = (u - p[0]) * ax + (v - p[3]) * ay;
        const b = (u - p[0]) * bx + (v - p[3]) * by;
        if (a < 0 || b < 0 || a + b > 1) continue;
        const h = p[6] + a * (p[7] - p[6]) + b * (p[8] - p[6]);
        if (h > heights[v * side + u]) heights[v * side + u] = h;
      }
    }
  }
}

/** Whether a point is lit: 1, or 0 when something lies more than `bias` metres nearer to the light; 1 outside the map. */
export function lit(map: ShadowMap, x: number, y: number, z: number, bias: number): number {
  const m = map.matrix;
  const u = (m[0] * x + m[1] * y + m[2] * z + m[3]) | 0;
  const v = (m[4] * x + m[5] * y + m[6] * z + m[7]) | 0;
  if (u < 0 || v < 0 || u >= map.side || v >= map.side) return 1;
  return map.heights[v * map.side + u] > m[8] * x + m[9] * y + m[10] * z + m[11] + bias ? 0 : 1;
}
