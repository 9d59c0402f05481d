import { type Box, boxHeight, boxUnion, boxWidth } from '@rotokit/core/values';
import type { Warped } from '../evidence/warp.js';
import type { Decision } from './decide.js';

/** A plane of one region on a larger one, `fill` where it has nothing to say. */
function onto<T extends Float32Array | Uint8Array>(plane: T, from: Box, to: Box, out: T, fill: number): T {
  out.fill(fill);
  const width = boxWidth(from);
  for (let y = from.y0; y < from.y1; y++) {
    const a = (y - from.y0) * width;
    out.set(plane.subarray(a, a + width), (y - to.y0) * boxWidth(to) + from.x0 - to.x0);
  }
  return out;
}

/** What a step needs of an answer: the decision, and the memory and flow agreement moved to its region. */
export interface Followed extends Pick<Warped, 'label' | 'confidence' | 'agreement'> {
  readonly decision: Decision;
}

/** An answer with a second part found elsewhere; in the second part no memory was moved. */
export function join(a: Followed, found: Decision): Followed {
  const region = boxUnion(a.decision.region, found.region);
  const [width, height] = [boxWidth(region), boxHeight(region)];
  const n = width * height;
  const at = a.decision.region;
  const floats = (plane: Float32Array, fill: number) => onto(plane, at, region, new Float32Array(n), fill);
  const probability = floats(a.decision.probability, 0);
  const inside = onto(a.decision.inside, at, region, new Uint8Array(n), 0);
  const band = onto(a.decision.band, at, region, new Uint8Array(n), 0);
  for (let y = 0, q = 0; y < found.height; y++) {
    let k = (found.region.y0 + y - region.y0) * width + found.region.x0 - region.x0;
    for (let x = 0; x < found.width; x++, q++, k++) {
      if (!found.inside[q] || inside[k]) continue;
      inside[k] = 1;
      band[k] = 1;
      probability[k] = found.probability[q];
    }
  }
  return {
    decision: { region, width, height, inside, probability, band },
    ...{ label: floats(a.label, 0), confidence: floats(a.confidence, 0.3), agreement: floats(a.agreement, 0) },
  };
}
