import type { ColourPair } from '../memory/colours.js';
import type { Bench } from './bench.js';
import { logistic, MAP, plane } from './maps.js';
import type { Warped } from './warp.js';

/**
 * Writes the map `index` (half the log ratio of object over surroundings) at the listed region pixels; 0 without models.
 * `lab` covers the region.
 */
export function colourEvidence(
  bench: Bench,
  colours: ColourPair | null,
  lab: Float32Array,
  pixels: Int32Array,
  map: Float32Array,
): void {
  if (!colours) {
    for (let i = 0; i < pixels.length; i++) map[pixels[i]] = 0;
    return;
  }
  const ratios = bench.planes.floats('colour.ratios', pixels.length);
  bench.kernels.logRatios(colours.object, colours.surround, lab, pixels, ratios);
  for (let i = 0; i < pixels.length; i++) map[pixels[i]] = ratios[i] / 2;
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
