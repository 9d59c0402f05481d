import type { FlowField } from '../flow/types.js';
import type { Affine } from '../primitives/affine.js';
import type { Bench } from './bench.js';
import { OBJECT_FROM } from './region-maps.js';
import type { Warped } from './warp.js';

/** Pixels this far outside the warped outline, and everything outside the region, tell the camera's motion. */
const BACKGROUND_FROM = 4;

/** What moves how around an object. */
export interface RegionMotion {
  /** The background's backward motion, in pixels of the region; `null` where there is too little background. */
  readonly camera: Affine | null;
  /** Factor by which the object's area should have grown since the last frame by its own motion, 0.9..1.1. */
  readonly growth: number;
}

/** Finds the motion of the background and of the object from the backward flow. */
export function regionMotion({ kernels, grids }: Bench, w: Warped, flow: FlowField): RegionMotion {
  const { width, height } = grids.half;
  const { x0, y0, x1, y1 } = w.region;
  const distanceAt = (x: number, y: number): number =>
    x < x0 || y < y0 || x >= x1 || y >= y1 ? -Infinity : w.distance[(y - y0) * w.width + x - x0];
  const background = (x: number, y: number): number => (distanceAt(x, y) < -BACKGROUND_FROM ? 1 : 0);
  const object = (x: number, y: number): number => (distanceAt(x, y) > OBJECT_FROM ? 1 : 0);
  const camera = kernels.fitAffine(flow.u, flow.v, background, width, height, 6);
  const own = kernels.fitAffine(flow.u, flow.v, object, width, height, 3);
  const inRegion = ([c, cx, cy]: Affine['u']): Affine['u'] => {
    const [a, b] = [cx / width, cy / height];
    return [c + a * x0 - 0.5 * cx + b * y0 - 0.5 * cy, a, b];
  };
  return {
    camera: camera && { u: inRegion(camera.u), v: inRegion(camera.v) },
    growth: own ? growthOf(own, width, height) : 1,
  };
}

/** The inverse determinant of the backward motion's Jacobian is the growth of areas. */
function growthOf(motion: Affine, width: number, height: number): number {
  const [, ux, uy] = motion.u;
  const [, vx, vy] = motion.v;
  const determinant = (1 + ux / width) * (1 + vy / height) - (uy / height) * (vx / width);
  return Math.max(0.9, Math.min(1.1, 1 / Math.max(0.5, Math.min(2, determinant))));
}
