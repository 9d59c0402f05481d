/**
 * The evidence maps of the fusion network, planes of one region of the half grid, in the order the network was trained
 * with. clamp(x, a) limits to [-a, a].
 */
export const MAP = {
  /** Signed distance to the warped outline / 8. */
  distance: 0,
  /** Log ratio of the first frame's colours / 2. */
  firstColour: 1,
  /** Log ratio of recent colours / 2. */
  recentColour: 2,
  /** Log ratio of the local windows / 2. */
  localColour: 3,
  /** Label memory, -1..1. */
  label: 4,
  /** Its confidence, 0..1. */
  labelConfidence: 5,
  /** Disagreement with the object's motion, 0..1. */
  unlikeObject: 6,
  /** Disagreement with the camera's motion, 0..1. */
  unlikeCamera: 7,
  /** How different the two motions are here, 0..1. */
  motionSeparation: 8,
  /** clamp(distance / 1.5, 1). */
  distanceSteep: 9,
  /** Confidence of the local windows, -1..1. */
  localConfidence: 10,
  /** Warped soft mask, -1..1. */
  warped: 11,
  /** ln of the area over the area expected, clamped to 1; one value for the region. */
  area: 12,
  /** Agreement of the flow there and back, 0..1. */
  agreement: 13,
  /** How well the first frame's colours separate, -1..1; one value for the region. */
  colourSeparation: 14,
  /** sqrt(area) / 100; one value for the region. */
  size: 15,
  /** unlikeCamera - unlikeObject. */
  motionDifference: 16,
  /** clamp(distance / (scale / 2), 1.5). */
  distanceRelative: 17,
  /** Label memory times its confidence. */
  labelWeighted: 18,
  /** Motion against the camera, asinh / 2, x and y. */
  cameraResidualU: 19,
  cameraResidualV: 20,
  /** Motion against the object's local motion, asinh / 2, x and y. */
  objectResidualU: 21,
  objectResidualV: 22,
  /** (L - 50) / 30, a / 20, b / 20. */
  L: 23,
  a: 24,
  b: 25,
  /** 1 within the band around the warped outline. */
  band: 26,
} as const;

/** How many maps there are. */
export const MAP_COUNT = 27;

/** Plane `index` of planar maps of `n` pixels. */
export const plane = (maps: Float32Array, index: number, n: number): Float32Array =>
  maps.subarray(index * n, (index + 1) * n);

/** Limits to [-bound, bound]. */
export const clamp = (x: number, bound: number): number => (x < -bound ? -bound : x > bound ? bound : x);

/** The logistic function. */
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
