import { BONES, boneNumber } from './fox-shape.js';
import { lerp, smooth } from './noise.js';
import type { Vec } from './soup.js';

/** A rigid motion: nine numbers of rotation by rows, then a shift. */
export type Rigid = readonly number[];

/** Applies a motion to a point. */
export const moved = (m: Rigid, [x, y, z]: Vec): Vec => [
  m[0] * x + m[1] * y + m[2] * z + m[9],
  m[3] * x + m[4] * y + m[5] * z + m[10],
  m[6] * x + m[7] * y + m[8] * z + m[11],
];

/** Turns by `pitch` (nose up) in the plane of motion and by `yaw` about the vertical around `pivot`, then puts it at `to`. */
function turned(pivot: Vec, to: Vec, pitch: number, yaw = 0): Rigid {
  const [c, s, d, e] = [Math.cos(pitch), Math.sin(pitch), Math.cos(yaw), Math.sin(yaw)];
  const r = [d * c, -d * s, e, s, c, 0, -e * c, e * s, d];
  const [x, y, z] = pivot;
  return [
    ...r,
    to[0] - (r[0] * x + r[1] * y + r[2] * z),
    to[1] - (r[3] * x + r[4] * y + r[5] * z),
    to[2] - (r[6] * x + r[7] * y + r[8] * z),
  ];
}

/** How a fox moves: metres a second, seconds a stride, and where in its stride it is at time 0. */
export interface Gait {
  readonly speed: number;
  readonly stride: number;
  readonly phase: number;
}

/** Part of a stride during which a paw stands on the ground. */
const DUTY = 0.42;

/** A paw over one stride: where it is relative to rest, how high, and how far the foot is folded (0 stance .. 1). */
function paw(phase: number, reach: number, height: number) {
  const p = phase - Math.floor(phase);
  if (p < DUTY) {
    const t = p / DUTY;
    return { x: reach * (1 - 2 * t), y: 0, fold: 0.3 * smooth(0.6, 1, t), swing: 0 };
  }
  const t = (p - DUTY) / (1 - DUTY);
  const ease = t * t * (3 - 2 * t);
  const lift = Math.sin(Math.PI * Math.min(1, t * 1.06)) ** 1.3;
  return {
    x: reach * (2 * ease - 1),
    y: height * lift,
    fold: lerp(0.3, 0, ease) + Math.sin(Math.PI * t ** 0.8),
    swing: lift,
  };
}

const angle = (a: Vec, b: Vec) => Math.atan2(b[1] - a[1], b[0] - a[0]);
const span = (a: Vec, b: Vec) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Two bones from `root` to `goal` with the joint bent to the side given (1: forwards). Returns their directions. */
function reach(root: Vec, goal: Vec, a: number, b: number, bend: 1 | -1): [number, number] {
  const d = Math.max(Math.abs(a - b) + 1e-4, Math.min(a + b - 1e-4, span(root, goal)));
  const base = angle(root, goal);
  const inner = Math.acos((a * a + d * d - b * b) / (2 * a * d));
  const first = base + bend * inner;
  const joint: Vec = [root[0] + a * Math.cos(first), root[1] + a * Math.sin(first), root[2]];
  const end: Vec = [root[0] + d * Math.cos(base), root[1] + d * Math.sin(base), root[2]];
  return [first, angle(joint, end)];
}

/**
 * The motion of every bone from rest at a time, in the animal's own space (facing +x). A trot: the legs of a diagonal move
 * together. `ground(x)` is the height of the ground under a point x in front of the animal.
 */
export function trot(gait: Gait, time: number, ground: (x: number) => number): Rigid[] {
  const phase = time / gait.stride + gait.phase;
  const wave = (k: number, shift = 0) => Math.sin(2 * Math.PI * (k * phase + shift));
  const half = (gait.speed * gait.stride * DUTY) / 2;
  const bob = 0.011 * wave(2, 0.1) - 0.012;
  const motion: Rigid[] = new Array(BONES.length);
  const rise = Math.atan2(ground(0.2) - ground(-0.25), 0.45) * 0.7;
  const body = turned(
    [0, 0.36, 0],
    [0, 0.36 + bob + (ground(0.15) + ground(-0.2)) / 2, 0.006 * wave(1)],
    rise + 0.018 * wave(2, 0.3),
  );
  const set = (name: string, pitch: number, yaw = 0) => {
    const i = boneNumber(name);
    const { from, parent } = BONES[i];
    motion[i] = turned(from, moved(parent < 0 ? body : motion[parent], from), pitch, yaw);
  };
  set('pelvis', rise + 0.03 * wave(2, 0.55), 0.05 * wave(1));
  set('chest', rise - 0.025 * wave(2, 0.3), -0.05 * wave(1));
  set('neck', 0.04 * wave(2, 0.6) - 0.1, -0.02 * wave(1));
  set('head', -0.05 * wave(2, 0.75) - 0.1, 0.02 * wave(0.5, 0.2));
  for (const s of ['l', 'r']) set(`ear-${s}`, -0.1 + 0.06 * wave(2, 0.1) + (s === 'l' ? 0.05 : 0), 0);
  [0, 1, 2, 3].forEach((i) => {
    set(
      `tail-${i}`,
      0.04 - 0.07 * i + 0.1 * (0.4 + 0.4 * i) * wave(2, -0.16 * i - 0.1),
      (0.08 + 0.07 * i) * wave(1, -0.14 * i),
    );
  });
  for (const s of ['l', 'r'] as const) {
    const shift = s === 'l' ? 0 : 0.5;
    foreleg(motion, s, paw(phase + shift, half, 0.075), ground);
    hindleg(motion, s, paw(phase + shift + 0.5, half, 0.065), ground);
  }
  return motion;
}

type Paw = ReturnType<typeof paw>;

/** Places a chain of three bones and a toe so that the sole is where it should be; `foot` is the direction of the third. */
function place(motion: Rigid[], names: string[], root: Vec, sole: Vec, foot: number, bend: 1 | -1, toe: number): void {
  const [a, b, c, t] = names.map(boneNumber);
  const lengthOf = (i: number) => span(BONES[i].from, BONES[i].to);
  const rest = (i: number) => angle(BONES[i].from, BONES[i].to);
  const ankle: Vec = [sole[0] - lengthOf(c) * Math.cos(foot), sole[1] - lengthOf(c) * Math.sin(foot), sole[2]];
  const [first, second] = reach(root, ankle, lengthOf(a), lengthOf(b), bend);
  motion[a] = turned(BONES[a].from, root, first - rest(a));
  motion[b] = turned(BONES[b].from, moved(motion[a], BONES[b].from), second - rest(b));
  motion[c] = turned(BONES[c].from, moved(motion[b], BONES[c].from), foot - rest(c));
  motion[t] = turned(BONES[t].from, moved(motion[c], BONES[t].from), toe);
}

function foreleg(motion: Rigid[], s: 'l' | 'r', p: Paw, ground: (x: number) => number): void {
  const names = [`arm-${s}`, `forearm-${s}`, `hand-${s}`, `toe-${s}`];
  const shoulder = BONES[boneNumber(names[0])].from;
  const rest = BONES[boneNumber(names[2])].to;
  const carried = moved(motion[boneNumber('chest')], shoulder);
  const root: Vec = [carried[0] + 0.36 * p.x, carried[1] + 0.01 * p.swing - 0.006, carried[2]]; // the shoulder blade slides
  const x = rest[0] + 0.015 + p.x;
  const sole: Vec = [x, rest[1] + p.y + ground(x), rest[2] * 0.8];
  const foot = -Math.PI / 2 + 0.35 * (p.x / 0.14) * (1 - p.swing) - 1.15 * p.fold * (0.3 + 0.7 * p.swing);
  place(motion, names, root, sole, foot, -1, -0.9 * p.fold * (0.2 + 0.8 * p.swing));
}

function hindleg(motion: Rigid[], s: 'l' | 'r', p: Paw, ground: (x: number) => number): void {
  const names = [`thigh-${s}`, `shin-${s}`, `heel-${s}`, `hind-toe-${s}`];
  const hip = BONES[boneNumber(names[0])].from;
  const rest = BONES[boneNumber(names[2])].to;
  const root = moved(motion[boneNumber('pelvis')], hip);
  const x = rest[0] + 0.02 + p.x;
  const sole: Vec = [x, rest[1] + p.y + ground(x), rest[2] * 0.8];
  const foot = -Math.PI / 2 + 0.12 + 0.3 * (p.x / 0.14) - 0.55 * p.fold;
  place(motion, names, root, sole, foot, 1, -0.8 * p.fold * (0.2 + 0.8 * p.swing));
}
