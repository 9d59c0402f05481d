import type { FlowField } from '../flow/types.js';
import type { Affine } from '../primitives/affine.js';
import { halfAsinh } from './asinh.js';
import type { Bench } from './bench.js';
import { MAP, plane } from './maps.js';
import type { Warped } from './warp.js';

/** Pixels this far outside the warped outline, and everything outside the region, tell the camera's motion. */
const BACKGROUND_FROM = 4;
/** Pixels this far inside tell the object's motion. */
const OBJECT_FROM = 1;
/** Pixels of the whole object's mean motion mixed into each local mean. */
const PRIOR_PIXELS = 3;

/** What the object's own motion says about its size. */
export interface MotionFindings {
  /** Factor by which its area should have grown since the last frame, 0.9..1.1. */
  readonly growth: number;
}

/** Writes the motion maps of a region: agreement with the object's local motion and with the camera's. */
export function motionEvidence(bench: Bench, w: Warped, flow: FlowField, maps: Float32Array): MotionFindings {
  const { kernels, grids } = bench;
  const { width, height } = grids.half;
  const { x0, y0, x1, y1 } = w.region;
  const distanceAt = (x: number, y: number): number =>
    x < x0 || y < y0 || x >= x1 || y >= y1 ? -Infinity : w.distance[(y - y0) * w.width + x - x0];
  const background = (x: number, y: number): number => (distanceAt(x, y) < -BACKGROUND_FROM ? 1 : 0);
  const object = (x: number, y: number): number => (distanceAt(x, y) > OBJECT_FROM ? 1 : 0);
  const camera = kernels.fitAffine(flow.u, flow.v, background, width, height, 6);
  const own = kernels.fitAffine(flow.u, flow.v, object, width, height, 3);
  writeMaps(bench, w, flow, camera, localMeans(bench, w, flow), maps);
  return { growth: own ? growthOf(own, width, height) : 1 };
}

/** The inverse determinant of the backward motion's Jacobian is the growth of areas. */
function growthOf(motion: Affine, width: number, height: number): number {
  const [, ux, uy] = motion.u;
  const [, vx, vy] = motion.v;
  const determinant = (1 + ux / width) * (1 + vy / height) - (uy / height) * (vx / width);
  return Math.max(0.9, Math.min(1.1, 1 / Math.max(0.5, Math.min(2, determinant))));
}

interface LocalMeans {
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/** Mean motion of the object's pixels in a box around each pixel, the whole object's mean mixed in. */
function localMeans(bench: Bench, w: Warped, flow: FlowField): LocalMeans {
  const { planes, kernels } = bench;
  const n = w.width * w.height;
  const count = planes.floats('motion.count', n);
  const u = planes.floats('motion.u', n);
  const v = planes.floats('motion.v', n);
  let all = 0;
  let su = 0;
  let sv = 0;
  for (let y = 0, q = 0; y < w.height; y++) {
    let k = (w.region.y0 + y) * bench.grids.half.width + w.region.x0;
    for (let x = 0; x < w.width; x++, q++, k++) {
      const own = w.distance[q] > OBJECT_FROM;
      count[q] = own ? 1 : 0;
      u[q] = own ? flow.u[k] : 0;
      v[q] = own ? flow.v[k] : 0;
      if (!own) continue;
      all++;
      su += u[q];
      sv += v[q];
    }
  }
  const mu = all > 0 ? su / all : 0;
  const mv = all > 0 ? sv / all : 0;
  const radius = Math.max(6, Math.round(0.4 * (w.shape?.scale ?? 0)));
  const counts = kernels.boxSum(count, w.width, w.height, radius, planes.floats('motion.counts', n));
  const sumsU = kernels.boxSum(u, w.width, w.height, radius, planes.floats('motion.sumsU', n));
  const sumsV = kernels.boxSum(v, w.width, w.height, radius, planes.floats('motion.sumsV', n));
  for (let q = 0; q < n; q++) {
    const over = 1 / (counts[q] + PRIOR_PIXELS);
    sumsU[q] = (sumsU[q] + PRIOR_PIXELS * mu) * over;
    sumsV[q] = (sumsV[q] + PRIOR_PIXELS * mv) * over;
  }
  return { u: sumsU, v: sumsV };
}

function writeMaps(
  bench: Bench,
  w: Warped,
  flow: FlowField,
  camera: Affine | null,
  means: LocalMeans,
  maps: Float32Array,
): void {
  const { width, height } = bench.grids.half;
  const n = w.width * w.height;
  const at = (index: number) => plane(maps, index, n);
  const [unlikeObject, unlikeCamera, separation] = [
    at(MAP.unlikeObject),
    at(MAP.unlikeCamera),
    at(MAP.motionSeparation),
  ];
  const [difference, cameraU, cameraV] = [at(MAP.motionDifference), at(MAP.cameraResidualU), at(MAP.cameraResidualV)];
  const [objectU, objectV] = [at(MAP.objectResidualU), at(MAP.objectResidualV)];
  for (let y = 0, q = 0; y < w.height; y++) {
    const Y = w.region.y0 + y;
    const ny = Y / height - 0.5;
    for (let x = 0; x < w.width; x++, q++) {
      const X = w.region.x0 + x;
      const u = flow.u[Y * width + X];
      const v = flow.v[Y * width + X];
      const noise = 4 * (0.4 + 0.01 * (u * u + v * v));
      const fu = u - means.u[q];
      const fv = v - means.v[q];
      const toObject = fu * fu + fv * fv;
      // Without a camera motion nothing is said about it.
      const nx = X / width - 0.5;
      const pu = camera ? camera.u[0] + camera.u[1] * nx + camera.u[2] * ny : u;
      const pv = camera ? camera.v[0] + camera.v[1] * nx + camera.v[2] * ny : v;
      const ru = u - pu;
      const rv = v - pv;
      const toCamera = ru * ru + rv * rv;
      const apart = camera ? (means.u[q] - pu) ** 2 + (means.v[q] - pv) ** 2 : 0;
      unlikeObject[q] = toObject / (toObject + noise);
      unlikeCamera[q] = toCamera / (toCamera + noise);
      separation[q] = apart / (apart + noise);
      difference[q] = unlikeCamera[q] - unlikeObject[q];
      cameraU[q] = halfAsinh(ru);
      cameraV[q] = halfAsinh(rv);
      objectU[q] = halfAsinh(fu);
      objectV[q] = halfAsinh(fv);
    }
  }
}
