import type { Size } from '@rotokit/core/values';
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

/** A mask smaller than this part of the usual area is a remnant: the rest is hidden, or the object is being lost. */
const WHOLE = 0.6;
const VELOCITY_FOLLOWS = 0.3;
/** How fast the usual area follows a whole mask that is larger or smaller, and a remnant that does not go away. */
const AREA_GROWS = 0.1;
const AREA_SHRINKS = 0.05;
const AREA_FORGETS = 0.02;
/** A remnant is believed to be part of an object whose centre is at most this many scales away. */
const REMNANT_REACH = 1.5;

/** Whether a mask is too small to be the whole object. */
export const isRemnant = (p: MotionPrior, area: number): boolean => area < WHOLE * p.area;

/**
 * After a frame on which the object was seen. `camera` is the backward motion of the background, `growth` the factor of
 * its area that its own motion tells of. A remnant moves neither velocity nor size, and its centroid is not the
 * object's: then the place is predicted, within reach of the remnant.
 */
export function observed(p: MotionPrior, shape: Shape, camera: Affine | null, growth: number, half: Size): MotionPrior {
  if (isRemnant(p, shape.area)) {
    const ahead = unseen(p, camera, half);
    const [dx, dy] = [shape.x - ahead.x, shape.y - ahead.y];
    const distance = Math.sqrt(dx * dx + dy * dy);
    const pull = Math.max(0, 1 - (REMNANT_REACH * p.scale) / Math.max(1e-6, distance));
    const area = p.area + AREA_FORGETS * (shape.area - p.area);
    return { ...ahead, x: ahead.x + dx * pull, y: ahead.y + dy * pull, area };
  }
  const [bu, bv] = camera ? motionAt(camera, shape.x, shape.y, half.width, half.height) : [0, 0];
  const due = p.area * growth;
  const follow = shape.area > due ? AREA_GROWS : AREA_SHRINKS;
  return {
    area: due + follow * (shape.area - due),
    scale: p.scale * Math.sqrt(growth) + AREA_GROWS * (shape.scale - p.scale),
    x: shape.x,
    y: shape.y,
    vx: p.vx + VELOCITY_FOLLOWS * (shape.x - p.x + bu - p.vx),
    vy: p.vy + VELOCITY_FOLLOWS * (shape.y - p.y + bv - p.vy),
  };
}

/** After a frame on which the object was not seen: it moved on with the background and its own velocity. */
export function unseen(p: MotionPrior, camera: Affine | null, { width, height }: Size): MotionPrior {
  const [bu, bv] = camera ? motionAt(camera, p.x, p.y, width, height) : [0, 0];
  const within = (value: number, side: number): number =>
    Math.max(-OUTSIDE * side, Math.min((1 + OUTSIDE) * side, value));
  return { ...p, x: within(p.x - bu + p.vx, width), y: within(p.y - bv + p.vy, height) };
}
