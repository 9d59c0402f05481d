import type { Box } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import type { Evidence } from '../evidence/gather.js';
import type { Warped } from '../evidence/warp.js';
import type { Fuser } from './fuser.js';

/** Components of fewer pixels are noise, unless the object itself is hardly larger. */
const NOISE_AREA = 20;
const CLIP = 0.01;
/** Beyond the band a pixel this near to 1/2 counts as unsure. */
const UNSURE = 0.45;

/** What was decided about a region of the half grid. */
export interface Decision {
  readonly region: Box;
  readonly width: number;
  readonly height: number;
  /** 1 = object. */
  readonly inside: Uint8Array;
  /** Probability of the object: the fuser's in the cut's band, 0 or 1 outside. */
  readonly probability: Float32Array;
  /** Where the cut decided. */
  readonly band: Uint8Array;
}

/**
 * Fuses the evidence and cuts. The planes of the answer belong to `own`, which no other object uses. `usualArea` is the
 * object's usual size: small objects are not cleaned away.
 */
export function decide(bench: Bench, own: Bench['planes'], fuser: Fuser, e: Evidence, usualArea: number): Decision {
  const { region, width, height, mask } = e.warped;
  const n = width * height;
  const fused = fuser.probability(e.maps, width, height, e.band);
  const band = own.bytes('decision.band', n);
  chooseBand(e.warped, e.band, fused, fuser.reach, band);
  const inside = bench.kernels.bandCut({
    ...{ lab: e.lab, width, height, probability: fused, band, fixed: mask },
    ...{ lambda: fuser.lambda, clip: CLIP },
  });
  bench.kernels.cleanup(inside, width, height, Math.min(NOISE_AREA, Math.ceil(usualArea / 4)));
  const probability = own.floats('decision.probability', n);
  for (let k = 0; k < n; k++) probability[k] = band[k] ? fused[k] : inside[k];
  return { region, width, height, inside, probability, band };
}

/** The band of the cut: the evidence's band, and beyond it up to `reach` where the fuser has something to say. */
function chooseBand(w: Warped, near: Uint8Array, fused: Float32Array, reach: number, band: Uint8Array): void {
  for (let k = 0; k < band.length; k++) {
    const doubt =
      reach > 0 &&
      Math.abs(w.distance[k]) <= reach &&
      (fused[k] > 0.5 !== w.mask[k] > 0 || Math.abs(fused[k] - 0.5) < UNSURE);
    band[k] = near[k] || doubt ? 1 : 0;
  }
}

/** Sets the pixels of a half-grid plane (rows of `stride`) that a decision calls the object. */
export function markInside(d: Decision, plane: Uint8Array, stride: number): void {
  for (let y = 0, q = 0; y < d.height; y++) {
    let k = (d.region.y0 + y) * stride + d.region.x0;
    for (let x = 0; x < d.width; x++, q++, k++) plane[k] |= d.inside[q];
  }
}
