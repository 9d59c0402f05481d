import type { ColourPair } from '../memory/colours.js';
import type { Bench } from './bench.js';
import { logistic, MAP, plane } from './maps.js';
import type { Warped } from './warp.js';

/** Writes half the log ratio of object over surroundings for every Lab triple; 0 without models. */
export function colourEvidence(bench: Bench, colours: ColourPair | null, lab: Float32Array, map: Float32Array): void {
  if (!colours) {
    map.fill(0);
    return;
  }
  bench.kernels.logRatios(colours.object, colours.surround, lab, map);
  for (let k = 0; k < map.length; k++) map[k] *= 0.5;
}

/** How well the first frame's colours tell the two sides of the warped mask apart in the band, 0 (not) to 1. */
export function colourSeparation(w: Warped, maps: Float32Array, band: Uint8Array): number {
  const n = w.width * w.height;
  const ratios = plane(maps, MAP.firstColour, n);
  let [wrong, count] = [0, 0];
  for (let k = 0; k < n; k++) {
    if (!band[k]) continue;
    wrong += Math.abs(w.mask[k] - logistic(2 * ratios[k]));
    count++;
  }
  return count > 0 ? 1 - wrong / count : 0.5;
}
