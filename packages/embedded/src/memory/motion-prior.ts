import type { Affine } from '../primitives/affine.js';
import type { Shape } from './shape.js';

/**
 * Where the object should be and how large, if nobody saw it: usual area and scale, centroid, and velocity against the
 * background, in half-grid pixels (per frame).
 */
export interface MotionPrior {
  readonly area: number;
  readonly scale: number;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
}

/** The prior of an object seen for the first time. */
export const startPrior = (shape: Shape): MotionPrior => ({ ...shape, vx: 0, vy: 0 });

/** How far outside the picture a hidden object is believed in, as a part of its sides. */
const OUTSIDE = 0.2;

/** An affine motion at a point of the half grid. */
export function motionAt(motion: Affine, x: number, y: number, width: number, height: number): [u: number, v: number] {
  const nx = x / width - 0.5;
  const ny = y / height - 0.5;
  const { u, v } = motion;
  return [u[0] + u[1] * nx + u[2] * ny, v[0] + v[1] * nx + v[2] * ny];
}

/**
 * After a frame on which the object was seen. `camera` is the backward motion of the background. A mask much smaller
 * than usual says little: then velocity hardly and size not at all follows it.
 */
export function observed(
  p: MotionPrior,
  shape: Shape,
  camera: Affine | null,
  width: number,
  height: number,
): MotionPrior {
  const [bu, bv] = camera ? motionAt(camera, shape.x, shape.y, width, height) : [0, 0];
  const k = shape.area > 0.5 * p.area ? 0.3 : 0.05;
  const healthy = shape.area > 0.6 * p.area ? 0.1 : 0;
  return {
    area: p.area + healthy * (shape.area - p.area),
    scale: p.scale + healthy * (shape.scale - p.scale),
    x: shape.x,
    y: shape.y,
    vx: p.vx + k * (shape.x - p.x + bu - p.vx),
    vy: p.vy + k * (shape.y - p.y + bv - p.vy),
  };
}

/** After a frame on which the object was not seen: it moved on with the background and its own velocity. */
export function unseen(p: MotionPrior, camera: Affine | null, width: number, height: number): MotionPrior {
  const [bu, bv] = camera ? motionAt(camera, p.x, p.y, width, height) : [0, 0];
  const within = (value: number, side: number): number =>
    Math.max(-OUTSIDE * side, Math.min((1 + OUTSIDE) * side, value));
  return { ...p, x: within(p.x - bu + p.vx, width), y: within(p.y - bv + p.vy, height) };
}
