import { unit, type Vec } from './soup.js';

/** A closed surface as triangles: three corner numbers each. */
export interface Mesh {
  readonly points: readonly Vec[];
  readonly normals: readonly Vec[];
  readonly faces: readonly (readonly [number, number, number])[];
}

const EDGES = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
] as const; // prettier-ignore

/**
 * The zero surface of a distance function inside a box, by naive surface nets (Gibson 1998): one point in each cell that the
 * surface crosses, at the mean of its edge crossings.
 */
export function surfaceNet(distance: (p: Vec) => number, low: Vec, high: Vec, step: number): Mesh {
  const n = [0, 1, 2].map((k) => Math.ceil((high[k] - low[k]) / step) + 1);
  const at = (i: number, j: number, k: number) => (k * n[1] + j) * n[0] + i;
  const place = (i: number, j: number, k: number): Vec => [low[0] + i * step, low[1] + j * step, low[2] + k * step];
  const values = new Float32Array(n[0] * n[1] * n[2]);
  for (let k = 0; k < n[2]; k++)
    for (let j = 0; j < n[1]; j++) for (let i = 0; i < n[0]; i++) values[at(i, j, k)] = distance(place(i, j, k));
  const points: Vec[] = [];
  const cellPoint = new Int32Array(values.length).fill(-1);
  for (let k = 0; k < n[2] - 1; k++)
    for (let j = 0; j < n[1] - 1; j++)
      for (let i = 0; i < n[0] - 1; i++) {
        const corner = (c: number) => values[at(i + (c & 1), j + ((c >> 1) & 1), k + (c >> 2))];
        const mean = [0, 0, 0];
        let crossings = 0;
        for (const [a, b] of EDGES) {
          const [p, q] = [corner(a), corner(b)];
          if (p < 0 === q < 0) continue;
          const t = p / (p - q);
          crossings++;
          for (let d = 0; d < 3; d++) mean[d] += ((a >> d) & 1) * (1 - t) + ((b >> d) & 1) * t;
        }
        if (!crossings) continue;
        cellPoint[at(i, j, k)] = points.length;
        points.push(place(i + mean[0] / crossings, j + mean[1] / crossings, k + mean[2] / crossings));
      }
  return { points, normals: points.map((p) => gradient(distance, p)), faces: netFaces(values, cellPoint, n, at) };
}

/** For every grid edge that crosses the surface: the four cells around it, as two triangles facing outwards. */
function netFaces(
  values: Float32Array,
  cells: Int32Array,
  n: number[],
  at: (i: number, j: number, k: number) => number,
): [number, number, number][] {
  const faces: [number, number, number][] = [];
  for (let k = 1; k < n[2] - 1; k++)
    for (let j = 1; j < n[1] - 1; j++)
      for (let i = 1; i < n[0] - 1; i++) {
        const here = values[at(i, j, k)] < 0;
        const quads = [
          [values[at(i + 1, j, k)], at(i, j - 1, k - 1), at(i, j, k - 1), at(i, j, k), at(i, j - 1, k)],
          [values[at(i, j + 1, k)], at(i - 1, j, k - 1), at(i - 1, j, k), at(i, j, k), at(i, j, k - 1)],
          [values[at(i, j, k + 1)], at(i - 1, j - 1, k), at(i, j - 1, k), at(i, j, k), at(i - 1, j, k)],
        ];
        for (const [next, a, b, c, d] of quads) {
          if (here === next < 0) continue;
          const [p, q, r, s] = here ? [a, b, c, d] : [a, d, c, b];
          faces.push([cells[p], cells[q], cells[r]], [cells[p], cells[r], cells[s]]);
        }
      }
  return faces;
}

/** The direction in which a distance grows. */
export function gradient(distance: (p: Vec) => number, [x, y, z]: Vec): Vec {
  const e = 0.004;
  return unit([
    distance([x + e, y, z]) - distance([x - e, y, z]),
    distance([x, y + e, z]) - distance([x, y - e, z]),
    distance([x, y, z + e]) - distance([x, y, z - e]),
  ]);
}
