import { boxIntersect, boxIsEmpty, boxWidth, MASK_ONE, type SoftMask } from '@rotokit/core/values';
import type { Decision } from './decide.js';

/** Something that several objects may claim: who claims it with what rank. Larger priorities win ties. */
export interface Claim<T> {
  readonly claim: T;
  readonly priority: number;
}

/** Whether the first of two claims wins at equal strength: by priority, then by order. */
const wins = (a: Claim<unknown>, b: Claim<unknown>): boolean => a.priority >= b.priority;

/**
 * Gives each half-grid pixel that several objects decided to own to the one with the greatest probability. The losers'
 * planes are changed in place: outside, probability at most what is left.
 */
export function shareDecisions(claims: readonly Claim<Decision>[]): void {
  eachPair(claims, (a, b) => {
    const common = boxIntersect(a.claim.region, b.claim.region);
    if (boxIsEmpty(common)) return;
    for (let y = common.y0; y < common.y1; y++) {
      for (let x = common.x0; x < common.x1; x++) {
        const i = indexIn(a.claim, x, y);
        const j = indexIn(b.claim, x, y);
        if (!a.claim.inside[i] || !b.claim.inside[j]) continue;
        const [p, q] = [a.claim.probability[i], b.claim.probability[j]];
        const first = p === q ? wins(a, b) : p > q;
        const [loser, k] = first ? [b.claim, j] : [a.claim, i];
        loser.inside[k] = 0;
        loser.probability[k] = Math.min(loser.probability[k], 1 - (first ? p : q));
      }
    }
  });
}

/**
 * Gives each native pixel to the object with the greatest value: the others keep at most what the winner leaves of
 * 65535, which is less than half. Changes values in place.
 */
export function shareMasks(claims: readonly Claim<SoftMask>[]): void {
  eachPair(claims, (a, b) => {
    const common = boxIntersect(a.claim.window, b.claim.window);
    if (boxIsEmpty(common)) return;
    const [va, vb] = [a.claim.values, b.claim.values];
    for (let y = common.y0; y < common.y1; y++) {
      let i = (y - a.claim.window.y0) * boxWidth(a.claim.window) + common.x0 - a.claim.window.x0;
      let j = (y - b.claim.window.y0) * boxWidth(b.claim.window) + common.x0 - b.claim.window.x0;
      for (let x = common.x0; x < common.x1; x++, i++, j++) {
        if (va[i] + vb[j] <= MASK_ONE) continue;
        if (va[i] === vb[j] ? wins(a, b) : va[i] > vb[j]) vb[j] = MASK_ONE - va[i];
        else va[i] = MASK_ONE - vb[j];
      }
    }
  });
}

function eachPair<T>(claims: readonly Claim<T>[], visit: (a: Claim<T>, b: Claim<T>) => void): void {
  for (let i = 0; i < claims.length; i++) for (let j = i + 1; j < claims.length; j++) visit(claims[i], claims[j]);
}

const indexIn = (d: Decision, x: number, y: number): number => (y - d.region.y0) * d.width + x - d.region.x0;
