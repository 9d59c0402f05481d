import { logistic } from '../evidence/maps.js';
import { loadFusionNetwork } from '../fusion/network.js';
import type { Fuser } from './fuser.js';

/** Pixels this far from the warped outline join the cut where the network disagrees with it or is unsure. */
const REACH = 24;
/** A network that has seen the surroundings is surer than a sum of maps and wants less smoothing (0.7 does as well). */
const LAMBDA = 1.5;

/** Tells weights apart: FNV-1a of 32 bits, as 8 hex digits. */
export function weightsDigest(weights: Uint8Array): string {
  let h = 0x811c9dc5;
  for (const byte of weights) h = Math.imul(h ^ byte, 0x01000193);
  return (h >>> 0).toString(16).padStart(8, '0');
}

/** The trained convolutional network as a fuser: it looks at the whole region. */
export function networkFuser(weights: Uint8Array): Fuser {
  const network = loadFusionNetwork(weights);
  return {
    name: `network-${weightsDigest(weights)}`,
    lambda: LAMBDA,
    reach: REACH,
    probability(maps, width, height) {
      const p = network.run(maps.subarray(0, network.inputs * width * height), width, height);
      for (let k = 0; k < p.length; k++) p[k] = logistic(p[k]);
      return p;
    },
  };
}
