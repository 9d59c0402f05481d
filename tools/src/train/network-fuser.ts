import { createHash } from 'node:crypto';
import type { Fuser } from '@rotokit/embedded';
import { loadFusionNetwork } from '@rotokit/embedded/training';

/** A fuser of weights that are being trained, cut as the shipped one is. */
export function networkFuser(weights: Uint8Array): Fuser {
  const network = loadFusionNetwork(weights);
  return {
    name: `network-${createHash('sha256').update(weights).digest('hex').slice(0, 12)}`,
    scope: 'region',
    lambda: 1.5,
    reach: 24,
    probability(maps, width, height) {
      const logits = network.run(maps.subarray(0, network.inputs * width * height), width, height);
      for (let k = 0; k < logits.length; k++) logits[k] = 1 / (1 + Math.exp(-logits[k]));
      return logits;
    },
  };
}
