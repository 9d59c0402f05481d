import { smooth } from './noise.js';
import { blend, type Rgb, type Vec } from './soup.js';

/**
 * A red fox at rest, facing +x, its paws on y = 0: joints from which everything else follows. About 0.40 m at the shoulder
 * and 1.2 m from nose to tail tip.
 */
const side = (s: number) => ({
  shoulder: [0.175, 0.305, 0.048 * s] as Vec,
  elbow: [0.118, 0.215, 0.055 * s] as Vec,
  wrist: [0.152, 0.1, 0.05 * s] as Vec,
  palm: [0.16, 0.02, 0.048 * s] as Vec,
  toe: [0.192, 0.014, 0.048 * s] as Vec,
  hip: [-0.22, 0.335, 0.046 * s] as Vec,
  knee: [-0.145, 0.225, 0.06 * s] as Vec,
  hock: [-0.265, 0.128, 0.052 * s] as Vec,
  heel: [-0.238, 0.02, 0.05 * s] as Vec,
  hindToe: [-0.205, 0.014, 0.05 * s] as Vec,
  ear: [0.327, 0.513, 0.034 * s] as Vec,
  earTip: [0.312, 0.602, 0.052 * s] as Vec,
});
const [left, right] = [side(1), side(-1)];

/** A bone: where it begins and ends at rest, and the bone that carries it (-1: the whole animal). */
export interface Bone {
  readonly name: string;
  readonly parent: number;
  readonly from: Vec;
  readonly to: Vec;
}

const leg = (s: 'l' | 'r', j: ReturnType<typeof side>, hind: boolean): [string, string, Vec, Vec][] =>
  hind
    ? [
        [`thigh-${s}`, 'pelvis', j.hip, j.knee],
        [`shin-${s}`, `thigh-${s}`, j.knee, j.hock],
        [`heel-${s}`, `shin-${s}`, j.hock, j.heel],
        [`hind-toe-${s}`, `heel-${s}`, j.heel, j.hindToe],
      ]
    : [
        [`arm-${s}`, 'chest', j.shoulder, j.elbow],
        [`forearm-${s}`, `arm-${s}`, j.elbow, j.wrist],
        [`hand-${s}`, `forearm-${s}`, j.wrist, j.palm],
        [`toe-${s}`, `hand-${s}`, j.palm, j.toe],
      ];

const TAIL: Vec[] = [
  [-0.28, 0.375, 0],
  [-0.4, 0.345, 0],
  [-0.53, 0.315, 0],
  [-0.65, 0.305, 0],
  [-0.76, 0.31, 0],
];

const LIST: [string, string, Vec, Vec][] = [
  ['pelvis', '', [-0.1, 0.365, 0], [-0.28, 0.365, 0]],
  ['chest', '', [-0.02, 0.365, 0], [0.18, 0.345, 0]],
  ['neck', 'chest', [0.2, 0.375, 0], [0.31, 0.46, 0]],
  ['head', 'neck', [0.31, 0.465, 0], [0.48, 0.44, 0]],
  ['ear-l', 'head', left.ear, left.earTip],
  ['ear-r', 'head', right.ear, right.earTip],
  ...leg('l', left, false),
  ...leg('r', right, false),
  ...leg('l', left, true),
  ...leg('r', right, true),
  ...[0, 1, 2, 3].map((i): [string, string, Vec, Vec] => [
    `tail-${i}`,
    i ? `tail-${i - 1}` : 'pelvis',
    TAIL[i],
    TAIL[i + 1],
  ]),
];

/** The bones, parents before children. */
export const BONES: readonly Bone[] = LIST.map(([name, parent, from, to]) => ({
  name,
  parent: LIST.findIndex((b) => b[0] === parent),
  from,
  to,
}));
/** The number of a bone. */
export const boneNumber = (name: string): number => BONES.findIndex((b) => b.name === name);

/** A cone with round ends: two centres and their radii, squeezed sideways by `flat`. */
type Part = readonly [a: Vec, ra: number, b: Vec, rb: number];

const limb = (j: ReturnType<typeof side>): Part[] => [
  [j.shoulder, 0.046, j.elbow, 0.032],
  [j.elbow, 0.029, j.wrist, 0.0165],
  [j.wrist, 0.0165, j.palm, 0.0145],
  [j.palm, 0.0165, j.toe, 0.0145],
  [j.hip, 0.064, j.knee, 0.042],
  [j.knee, 0.038, j.hock, 0.0185],
  [j.hock, 0.0185, j.heel, 0.0145],
  [j.heel, 0.0165, j.hindToe, 0.0145],
  [j.ear, 0.024, j.earTip, 0.005],
];

const PARTS: readonly Part[] = [
  [[-0.225, 0.355, 0], 0.07, [-0.02, 0.358, 0], 0.07],
  [[-0.02, 0.358, 0], 0.07, [0.165, 0.338, 0], 0.084],
  [[0.165, 0.355, 0], 0.075, [0.3, 0.448, 0], 0.056],
  [[0.335, 0.477, 0], 0.053, [0.365, 0.472, 0], 0.044],
  [[0.325, 0.46, 0.026], 0.038, [0.36, 0.458, 0.014], 0.03],
  [[0.325, 0.46, -0.026], 0.038, [0.36, 0.458, -0.014], 0.03],
  [[0.375, 0.463, 0], 0.033, [0.468, 0.44, 0], 0.0145],
  [[0.472, 0.444, 0], 0.012, [0.482, 0.446, 0], 0.0105],
  [TAIL[0], 0.028, TAIL[1], 0.043],
  [TAIL[1], 0.043, TAIL[2], 0.056],
  [TAIL[2], 0.056, TAIL[3], 0.046],
  [TAIL[3], 0.046, TAIL[4], 0.012],
  ...limb(left),
  ...limb(right),
];

/** Balls around the parts: centre and radius, for leaving out what is far. */
const BALLS = PARTS.map(([a, ra, b, rb]) => [
  (a[0] + b[0]) / 2,
  (a[1] + b[1]) / 2,
  (a[2] + b[2]) / 2,
  Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]) / 2 + Math.max(ra, rb),
]);

function partDistance([a, ra, b, rb]: Part, [x, y, z]: Vec): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const dz = b[2] - a[2];
  const px = x - a[0];
  const py = y - a[1];
  const pz = z - a[2];
  const t = Math.max(0, Math.min(1, (px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz)));
  return Math.sqrt((px - t * dx) ** 2 + (py - t * dy) ** 2 + (pz - t * dz) ** 2) - (ra + (rb - ra) * t);
}

/** Signed distance to the skin: round cones, blended where they meet (Quilez' polynomial smooth minimum). */
export function foxDistance(p: Vec): number {
  let d = 1;
  const k = 0.028;
  for (let i = 0; i < PARTS.length; i++) {
    const ball = BALLS[i];
    const reach = d + k + ball[3];
    if (reach < 0 || (p[0] - ball[0]) ** 2 + (p[1] - ball[1]) ** 2 + (p[2] - ball[2]) ** 2 > reach * reach) continue;
    const e = partDistance(PARTS[i], p);
    if (e > d + k) continue;
    const h = Math.max(k - Math.abs(d - e), 0) / k;
    d = Math.min(d, e) - h * h * k * 0.25;
  }
  return d;
}

const RED: Rgb = [0.56, 0.205, 0.045];
const BACK: Rgb = [0.4, 0.13, 0.03];
const FLANK: Rgb = [0.66, 0.31, 0.1];
const WHITE: Rgb = [0.78, 0.72, 0.63];
const BLACK: Rgb = [0.03, 0.025, 0.022];

/** Colour of the coat at a place of the resting body with its normal. */
export function foxColour([x, y, z]: Vec, [, ny]: Vec): Rgb {
  const onLeg = smooth(0.255, 0.2, y);
  const onTail = smooth(-0.3, -0.36, x);
  const onHead = smooth(0.27, 0.31, x);
  let c = blend(RED, ny > 0 ? BACK : FLANK, Math.abs(ny) * 0.8);
  const belly = smooth(-0.35, -0.8, ny) * smooth(-0.2, -0.1, x) * (1 - onHead) * (1 - onLeg);
  c = blend(c, WHITE, 0.85 * belly);
  c = blend(c, WHITE, smooth(0.19, 0.25, x) * smooth(0.41, 0.36, y) * smooth(0.1, -0.5, ny) * (1 - onLeg));
  c = blend(c, BLACK, 0.95 * smooth(0.215, 0.15, y) * (1 - onTail));
  c = blend(c, BACK, 0.7 * onTail * smooth(-0.5, 0.6, ny));
  c = blend(c, WHITE, smooth(-0.665, -0.7, x));
  const jaw = smooth(0.468 - 0.16 * Math.max(0, x - 0.36), 0.45 - 0.16 * Math.max(0, x - 0.36), y);
  c = blend(c, WHITE, onHead * jaw * smooth(0.006, 0.02, Math.abs(z)) * 0.95);
  c = blend(c, WHITE, onHead * smooth(0.435, 0.425, y) * 0.9);
  c = blend(c, BLACK, onHead * smooth(0.535, 0.57, y) * 0.92);
  const eye = Math.hypot(x - 0.388, y - 0.484, Math.abs(z) - 0.031);
  c = blend(c, BLACK, smooth(0.017, 0.01, eye));
  return blend(c, BLACK, smooth(0.468, 0.474, x));
}

/** Length of the hair at a place of the resting body, in metres. */
export function hairLength([x, y, z]: Vec): number {
  if (x < -0.33) return 0.026 + 0.03 * smooth(-0.36, -0.5, x) * smooth(-0.78, -0.68, x);
  if (x > 0.465) return 0;
  if (y > 0.53) return 0.006;
  if (x > 0.37) return 0.005 + 0.004 * smooth(0.42, 0.37, x);
  if (x > 0.29 && Math.abs(z) > 0.045) return 0.02;
  const leg = smooth(0.26, 0.18, y);
  return 0.02 * (1 - leg) + 0.006 * leg + 0.012 * smooth(0.17, 0.25, x) * (1 - leg);
}

/** Where the hair at a place of the resting body leans to. */
export function hairFlow([x, y]: Vec): Vec {
  if (x < -0.3) return [-1, -0.05, 0];
  if (x > 0.3 && y > 0.53) return [-0.1, 1, 0];
  const leg = smooth(0.28, 0.2, y);
  return [-1 + 0.85 * leg, -0.35 - 0.6 * leg, 0];
}
