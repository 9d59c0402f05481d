import { logistic, MAP } from '../evidence/maps.js';
import type { Fuser } from './fuser.js';

/** Weights set by hand from what each kind of evidence is worth alone; every other map weighs nothing. */
const WEIGHTS: readonly (readonly [map: number, weight: number])[] = [
  [MAP.distance, 1.2],
  [MAP.firstColour, 0.8],
  [MAP.recentColour, 0.2],
  [MAP.localColour, 0.4],
  [MAP.distanceSteep, 0.3],
  [MAP.warped, 0.3],
  [MAP.motionDifference, 1.0],
  [MAP.labelWeighted, 1.5],
];

/**
 * A weighted sum of maps: needs no training, and gathers the data of the first training round. Pixels outside the band
 * get 0.
 */
export function linearFuser(): Fuser {
  let probability = new Float32Array(0);
  return {
    name: 'linear-1',
    lambda: 3,
    reach: 0,
    probability(maps, width, height, band) {
      const n = width * height;
      if (probability.length < n) probability = new Float32Array(n);
      for (let k = 0; k < n; k++) {
        if (!band[k]) {
          probability[k] = 0;
          continue;
        }
        let sum = 0;
        for (let i = 0; i < WEIGHTS.length; i++) sum += WEIGHTS[i][1] * maps[WEIGHTS[i][0] * n + k];
        probability[k] = logistic(sum);
      }
      return probability.subarray(0, n);
    },
  };
}
