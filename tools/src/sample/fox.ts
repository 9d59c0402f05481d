import type { Rigid } from './fox-gait.js';
import { BONES, foxColour, foxDistance, hairFlow, hairLength } from './fox-shape.js';
import { stream } from './noise.js';
import { cross, dim, dot, KIND, minus, plus, type Rgb, Soup, unit, type Vec } from './soup.js';
import { surfaceNet } from './surface-net.js';

/** Bones that carry a point, and how much each counts; four of each per point. */
interface Skin {
  readonly bones: Uint8Array;
  readonly weights: Float32Array;
}

/** A fox at rest, ready to be posed: skin and hair as triangles whose corners hang on bones. */
export interface FoxModel {
  readonly soup: Soup;
  readonly restCorners: Float32Array;
  readonly restNormals: Float32Array;
  readonly skin: Skin;
  /** Triangles of skin come first; the rest are hairs. */
  readonly skinTriangles: number;
}

function segmentDistance(p: Vec, a: Vec, b: Vec): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const dz = b[2] - a[2];
  const x = p[0] - a[0];
  const y = p[1] - a[1];
  const z = p[2] - a[2];
  const t = Math.max(0, Math.min(1, (x * dx + y * dy + z * dz) / (dx * dx + dy * dy + dz * dz)));
  return Math.sqrt((x - t * dx) ** 2 + (y - t * dy) ** 2 + (z - t * dz) ** 2);
}

function weigh(p: Vec, bones: Uint8Array, weights: Float32Array, at: number): void {
  weights.fill(0, at, at + 4);
  let all = 0;
  for (let i = 0; i < BONES.length; i++) {
    const w = 1 / (segmentDistance(p, BONES[i].from, BONES[i].to) + 0.012) ** 5;
    let k = 4;
    while (k > 0 && w > weights[at + k - 1]) k--; // among the four that count most?
    if (k === 4) continue;
    for (let j = 3; j > k; j--) {
      weights[at + j] = weights[at + j - 1];
      bones[at + j] = bones[at + j - 1];
    }
    weights[at + k] = w;
    bones[at + k] = i;
  }
  for (let k = 0; k < 4; k++) {
    if (weights[at + k] < 0.02 * weights[at]) weights[at + k] = 0;
    all += weights[at + k];
  }
  for (let k = 0; k < 4; k++) weights[at + k] /= all;
}

/** Builds the fox: `step` is the size of the skin's triangles, `hairs` how many hairs there are. */
export function buildFox(step: number, hairs: number, owner: number, tint: number): FoxModel {
  const mesh = surfaceNet(foxDistance, [-0.86, -0.01, -0.15], [0.52, 0.63, 0.15], step);
  const soup = new Soup();
  const random = stream(5);
  const shade = (c: Rgb): Rgb => dim(c, tint * (0.85 + 0.3 * random()));
  const areas: number[] = [];
  for (const [a, b, c] of mesh.faces) {
    const [p, q, r] = [mesh.points[a], mesh.points[b], mesh.points[c]];
    const n = mesh.normals;
    const normal = unit(plus(plus(n[a], n[b]), n[c]));
    const middle = mid(p, q, r);
    soup.add(
      p,
      q,
      r,
      dim(foxColour(middle, normal), tint * (hairLength(middle) > 0.012 ? 0.7 : 1)),
      { kind: KIND.skin, owner },
      normal,
    );
    areas.push((areas.at(-1) ?? 0) + Math.hypot(...cross(minus(q, p), minus(r, p))));
  }
  const skinTriangles = soup.count;
  for (let h = 0; h < hairs; h++) {
    const at = random() * areas.at(-1)!;
    let [low, high] = [0, areas.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (areas[middle] < at) low = middle + 1;
      else high = middle;
    }
    const corners = mesh.faces[low];
    const normal = soup.normals.subarray(3 * low, 3 * low + 3) as unknown as Vec;
    hair(
      soup,
      corners.map((i) => mesh.points[i]) as [Vec, Vec, Vec],
      [...normal] as unknown as Vec,
      random,
      owner,
      shade,
    );
  }
  return rigged(soup, skinTriangles);
}

const mid = (a: Vec, b: Vec, c: Vec): Vec => [
  (a[0] + b[0] + c[0]) / 3,
  (a[1] + b[1] + c[1]) / 3,
  (a[2] + b[2] + c[2]) / 3,
];

/** One hair: a thin triangle that grows from a face along the coat's flow. */
function hair(
  soup: Soup,
  [a, b, c]: [Vec, Vec, Vec],
  normal: Vec,
  random: () => number,
  owner: number,
  shade: (c: Rgb) => Rgb,
): void {
  let [u, v] = [random(), random()];
  if (u + v > 1) [u, v] = [1 - u, 1 - v];
  const root = plus(plus(a, minus(b, a), u), minus(c, a), v);
  const length = hairLength(root) * (0.6 + 0.7 * random());
  if (length < 0.003) return;
  const flow = hairFlow(root);
  const along = plus(flow, normal, -dot(flow, normal));
  const stray: Vec = [random() - 0.5, random() - 0.5, random() - 0.5];
  const lift = 0.28 + 0.25 * random();
  const direction = unit(plus(plus(unit(along), normal, lift), stray, 0.5));
  const across = unit(cross(direction, plus(normal, stray, 1.5)));
  const width = 0.0011 + 0.0011 * random();
  const bottom = plus(root, normal, -0.003);
  const colour = shade(foxColour(plus(root, direction, -0.004), normal));
  soup.add(
    plus(bottom, across, width),
    plus(bottom, across, -width),
    plus(root, direction, length),
    colour,
    { kind: KIND.fur, owner },
    unit(plus(normal, direction, 0.35)),
  );
}

function rigged(soup: Soup, skinTriangles: number): FoxModel {
  const n = soup.count;
  const bones = new Uint8Array(12 * n);
  const weights = new Float32Array(12 * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < 3; k++) {
      const at = 9 * i + 3 * k;
      if (i < skinTriangles || k === 0)
        weigh([soup.corners[at], soup.corners[at + 1], soup.corners[at + 2]], bones, weights, 12 * i + 4 * k);
    }
  }
  const [restCorners, restNormals] = [soup.corners.slice(0, 9 * n), soup.normals.slice(0, 3 * n)];
  return { soup, restCorners, restNormals, skin: { bones, weights }, skinTriangles };
}

/** Where a fox stands, and whether it faces +x (1) or -x (-1). */
export interface Stand {
  readonly at: Vec;
  readonly facing: 1 | -1;
  readonly scale: number;
}

/** Moves every corner and normal of the fox's triangles to a pose (linear blend skinning), in the world. */
export function poseFox(fox: FoxModel, motion: readonly Rigid[], stand: Stand): void {
  const { soup, restCorners, restNormals, skin } = fox;
  const flat = Float64Array.from(motion.flat());
  const m = new Float64Array(12);
  const { at, facing: f, scale } = stand;
  for (let i = 0; i < soup.count; i++) {
    for (let k = 0; k < 3; k++) {
      if (k === 0 || i < fox.skinTriangles) blendBones(skin, 12 * i + 4 * k, flat, m); // a hair moves as its root does
      const c = 9 * i + 3 * k;
      const x = restCorners[c];
      const y = restCorners[c + 1];
      const z = restCorners[c + 2];
      soup.corners[c] = at[0] + f * scale * (m[0] * x + m[1] * y + m[2] * z + m[9]);
      soup.corners[c + 1] = at[1] + scale * (m[3] * x + m[4] * y + m[5] * z + m[10]);
      soup.corners[c + 2] = at[2] + f * scale * (m[6] * x + m[7] * y + m[8] * z + m[11]);
    }
    const x = restNormals[3 * i];
    const y = restNormals[3 * i + 1];
    const z = restNormals[3 * i + 2];
    soup.normals[3 * i] = f * (m[0] * x + m[1] * y + m[2] * z);
    soup.normals[3 * i + 1] = m[3] * x + m[4] * y + m[5] * z;
    soup.normals[3 * i + 2] = f * (m[6] * x + m[7] * y + m[8] * z);
  }
}

function blendBones({ bones, weights }: Skin, at: number, flat: Float64Array, into: Float64Array): void {
  into.fill(0);
  for (let j = at; j < at + 4; j++) {
    const weight = weights[j];
    if (weight === 0) return;
    const from = 12 * bones[j];
    for (let e = 0; e < 12; e++) into[e] += weight * flat[from + e];
  }
}
