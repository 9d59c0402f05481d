import type { Part, Skin } from '../parts.js';
import { lookAt, type Point3, type Seen } from './space.js';

/** Something that moves: asked for its parts at a time (frames) and a heading (yaw: 0 faces right, pi/2 faces us). */
export interface Actor {
  parts(time: number, yaw: number): Part[];
  /** Lowest point, pixels below the middle: where it stands. */
  readonly foot: number;
}

/** Collects the parts of a body seen from a heading. */
export interface Body {
  readonly list: Part[];
  readonly yaw: number;
  readonly distance: number;
}

/** An empty body; `distance` in pixels sets how strong its perspective is. */
export function body(yaw: number, distance: number): Body {
  return { list: [], yaw, distance };
}

/** Where a point of the body is seen. */
export const seen = (b: Body, p: Point3): Seen => lookAt(p, b.yaw, b.distance);

/** Adds a limb from p (radius r0) to q (radius r1). `bias` moves it nearer (negative) in the drawing order. */
export function limb(b: Body, p: Point3, q: Point3, r0: number, r1: number, skin: Skin, bulge = 0, bias = 0): void {
  const from = seen(b, p);
  const to = seen(b, q);
  b.list.push({
    kind: 'capsule',
    skin,
    x0: from.x,
    y0: from.y,
    r0: r0 * from.near,
    x1: to.x,
    y1: to.y,
    r1: r1 * to.near,
    bulge: bulge * from.near,
    spin: b.yaw / (2 * Math.PI),
    depth: (from.depth + to.depth) / 2 + bias,
  });
}

/** Adds a ball or egg. */
export function ball(b: Body, p: Point3, rx: number, ry: number, angle: number, skin: Skin, bias = 0): void {
  const at = seen(b, p);
  const k = at.near;
  const spin = b.yaw / (2 * Math.PI);
  b.list.push({ kind: 'round', skin, x: at.x, y: at.y, rx: rx * k, ry: ry * k, angle, spin, depth: at.depth + bias });
}

/** Adds a flat face through four corners, lit by its slant. */
export function face(b: Body, corners: readonly Point3[], skin: Skin, gain: number, bias = 0): void {
  const at = corners.map((p) => seen(b, p));
  const depth = at.reduce((sum, s) => sum + s.depth, 0) / 4 + bias;
  b.list.push({ kind: 'face', skin, corners: at.flatMap((s) => [s.x, s.y]), gain, depth });
}
