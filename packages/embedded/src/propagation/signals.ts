import type { TrackSignals } from '@rotokit/core/ports';
import type { Decision } from './decide.js';

/** Mean of |2p - 1| where the cut decided: 1 when every pixel near the edge was clear. */
export function certaintyOf(d: Decision): number {
  let [sum, count] = [0, 0];
  for (let k = 0; k < d.band.length; k++) {
    if (!d.band[k]) continue;
    sum += Math.abs(2 * d.probability[k] - 1);
    count++;
  }
  return count > 0 ? sum / count : 1;
}

/** Mean agreement of the flow there and back over the object's pixels. */
export function flowAgreementOf(d: Decision, agreement: Float32Array): number {
  let [sum, count] = [0, 0];
  for (let k = 0; k < d.inside.length; k++) {
    if (!d.inside[k]) continue;
    sum += agreement[k];
    count++;
  }
  return count > 0 ? sum / count : 0;
}

/** How sure it is that a tracked object is the right one: clear pixels, flow that agrees, the area that was expected. */
export function trackedSignals(d: Decision, agreement: Float32Array, area: number, expected: number): TrackSignals {
  const certainty = certaintyOf(d);
  const flowAgreement = flowAgreementOf(d, agreement);
  const size = area > 0 && expected > 0 ? Math.exp(-Math.abs(Math.log(area / expected))) : 0;
  return { score: certainty * Math.sqrt(flowAgreement * size), certainty, flowAgreement, state: 'tracked' };
}
