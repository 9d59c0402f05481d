import type { Evidence } from '../evidence/gather.js';
import { clamp, MAP } from '../evidence/maps.js';
import type { MotionPrior } from '../memory/motion-prior.js';
import type { Decision } from './decide.js';

/** How much motion counts against colour. */
const MOTION = 0.5;
/** An object slower than this against the background (half-grid pixels a frame) cannot be told by its motion. */
const SLOW = 1;

/**
 * How much the pixels called the object look as it did at first and move as it did so far: mean log odds near the
 * outline. A mask that has slipped onto something in front of the object has neither.
 */
export function likeness(decision: Decision, { maps, band }: Evidence, { vx, vy }: MotionPrior): number {
  const n = decision.inside.length;
  const moves = vx * vx + vy * vy > SLOW * SLOW;
  const noise = 0.4 + 0.05 * (vx * vx + vy * vy);
  let [sum, count] = [0, 0];
  for (let k = 0; k < n; k++) {
    if (!decision.inside[k] || !band[k]) continue;
    sum += maps[MAP.firstColour * n + k];
    count++;
    if (!moves) continue;
    const ru = Math.sinh(2 * maps[MAP.cameraResidualU * n + k]);
    const rv = Math.sinh(2 * maps[MAP.cameraResidualV * n + k]);
    sum += MOTION * clamp((0.5 * (ru * ru + rv * rv - ((ru + vx) ** 2 + (rv + vy) ** 2))) / noise, 2.5);
  }
  return count > 0 ? sum / count : 0;
}
