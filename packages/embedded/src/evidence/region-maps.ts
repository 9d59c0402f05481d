import type { Affine } from '../primitives/affine.js';
import { boxSum } from '../primitives/box-sum.js';
import { halfAsinh } from './asinh.js';
import { clamp, MAP, plane } from './maps.js';

/** Half the width of the band around the warped outline in which pixels are classified, half-grid pixels. */
export const BAND = 14;
/** Pixels this far inside the outline tell the object's motion. */
export const OBJECT_FROM = 1;
/** Pixels of the whole object's mean motion mixed into each local mean. */
const PRIOR_PIXELS = 3;

/** What is known of a region before its colours are asked: planes of width x height pixels (at least 4 x 1). */
export interface RegionScene {
  readonly width: number;
  readonly height: number;
  /** Backward flow. */
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** Signed distance to the warped outline; the warped soft mask, labels and their confidence; agreement of the flow. */
  readonly distance: Float32Array;
  readonly soft: Float32Array;
  readonly label: Float32Array;
  readonly confidence: Float32Array;
  readonly agreement: Float32Array;
  /** Interleaved Lab. */
  readonly lab: Float32Array;
  /** The background's motion: u = u[0] + u[1] x + u[2] y at pixel (x, y) of the region, v likewise; `null` = unknown. */
  readonly camera: Affine | null;
  /** The object's size: the root of the sum of the variances of x and y. */
  readonly scale: number;
}

/** Fills the evidence maps of a region that need no colour model and have more than one value. */
export function regionMaps(s: RegionScene, maps: Float32Array): void {
  writeMotion(s, localMeans(s), maps);
  writePixels(s, maps);
}

/** Half the side of the box in which the object's motion is averaged. */
export const motionRadius = (scale: number): number => Math.max(6, Math.round(0.4 * scale));

interface LocalMeans {
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/** Mean motion of the object's pixels in a box around each pixel, the whole object's mean mixed in. */
function localMeans({ width, height, u, v, distance, scale }: RegionScene): LocalMeans {
  const n = width * height;
  const [count, ownU, ownV] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  let [all, mu, mv] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    if (!(distance[k] > OBJECT_FROM)) continue;
    count[k] = 1;
    ownU[k] = u[k];
    ownV[k] = v[k];
    all++;
    mu += u[k];
    mv += v[k];
  }
  if (all > 0) {
    mu /= all;
    mv /= all;
  }
  const sums = (src: Float32Array) => boxSum(src, width, height, motionRadius(scale), new Float32Array(n));
  const [counts, sumsU, sumsV] = [sums(count), sums(ownU), sums(ownV)];
  for (let k = 0; k < n; k++) {
    const over = 1 / (counts[k] + PRIOR_PIXELS);
    sumsU[k] = (sumsU[k] + PRIOR_PIXELS * mu) * over;
    sumsV[k] = (sumsV[k] + PRIOR_PIXELS * mv) * over;
  }
  return { u: sumsU, v: sumsV };
}

/** Agreement with the object's local motion and with the camera's. Without a camera motion nothing is said about it. */
function writeMotion({ width, height, u, v, camera }: RegionScene, means: LocalMeans, maps: Float32Array): void {
  const n = width * height;
  const at = (index: number) => plane(maps, index, n);
  const [unlikeObject, unlikeCamera] = [at(MAP.unlikeObject), at(MAP.unlikeCamera)];
  const [separation, difference] = [at(MAP.motionSeparation), at(MAP.motionDifference)];
  const [cameraU, cameraV] = [at(MAP.cameraResidualU), at(MAP.cameraResidualV)];
  const [objectU, objectV] = [at(MAP.objectResidualU), at(MAP.objectResidualV)];
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const noise = 4 * (0.4 + 0.01 * (u[k] * u[k] + v[k] * v[k]));
      const fu = u[k] - means.u[k];
      const fv = v[k] - means.v[k];
      const toObject = fu * fu + fv * fv;
      const pu = camera ? camera.u[0] + camera.u[1] * x + camera.u[2] * y : u[k];
      const pv = camera ? camera.v[0] + camera.v[1] * x + camera.v[2] * y : v[k];
      const ru = u[k] - pu;
      const rv = v[k] - pv;
      const toCamera = ru * ru + rv * rv;
      const apart = camera ? (means.u[k] - pu) ** 2 + (means.v[k] - pv) ** 2 : 0;
      unlikeObject[k] = toObject / (toObject + noise);
      unlikeCamera[k] = toCamera / (toCamera + noise);
      separation[k] = apart / (apart + noise);
      difference[k] = unlikeCamera[k] - unlikeObject[k];
      cameraU[k] = halfAsinh(ru);
      cameraV[k] = halfAsinh(rv);
      objectU[k] = halfAsinh(fu);
      objectV[k] = halfAsinh(fv);
    }
  }
}

function writePixels(s: RegionScene, maps: Float32Array): void {
  const n = s.width * s.height;
  const at = (index: number) => plane(maps, index, n);
  const [distance, steep, relative] = [at(MAP.distance), at(MAP.distanceSteep), at(MAP.distanceRelative)];
  const [label, confidence, weighted] = [at(MAP.label), at(MAP.labelConfidence), at(MAP.labelWeighted)];
  const [warped, agreement, inBand] = [at(MAP.warped), at(MAP.agreement), at(MAP.band)];
  const [L, a, b] = [at(MAP.L), at(MAP.a), at(MAP.b)];
  for (let k = 0; k < n; k++) {
    const d = s.distance[k];
    distance[k] = d / 8;
    steep[k] = clamp(d / 1.5, 1);
    relative[k] = clamp(d / (0.5 * s.scale), 1.5);
    label[k] = 2 * s.label[k] - 1;
    confidence[k] = s.confidence[k];
    weighted[k] = s.confidence[k] * label[k];
    warped[k] = 2 * s.soft[k] - 1;
    agreement[k] = s.agreement[k];
    inBand[k] = Math.abs(d) <= BAND ? 1 : 0;
    L[k] = (s.lab[k * 3] - 50) / 30;
    a[k] = s.lab[k * 3 + 1] / 20;
    b[k] = s.lab[k * 3 + 2] / 20;
  }
}
