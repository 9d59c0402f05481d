import type { DoubtScale } from './settings.js';

/**
 * Why a mask may be wrong. `low-score`: the engine is not sure that this is the object. `torn-edge`: the outline got
 * ragged or undecided. `flow-disagreement`: motion there and back do not agree. `area-jump`, `shape-jump`: size or form
 * changed faster than objects do. `possible-swap`: it may be another object now. `lost`, `found`: believed hidden or
 * gone, seen again. `shot-cut`: the shot changed. `direction-disagreement`: the walks from the two anchors differ.
 * `far-from-anchor`: its size or the amount of its outline are no longer like the anchor's. `drift`: it follows from
 * frames that were doubtful.
 */
export type DoubtReason =
  | 'low-score'
  | 'torn-edge'
  | 'flow-disagreement'
  | 'area-jump'
  | 'shape-jump'
  | 'possible-swap'
  | 'lost'
  | 'found'
  | 'shot-cut'
  | 'direction-disagreement'
  | 'far-from-anchor'
  | 'drift';

/** One reason for doubt and what it takes from the confidence, 0 (nothing) to 1 (everything). */
export interface Doubt {
  readonly reason: DoubtReason;
  readonly doubt: number;
}

/** How much a mask is to be trusted. */
export interface Confidence {
  /** 0 (certainly wrong) to 1 (certainly right). */
  readonly value: number;
  /** What speaks against it, worst first; each reason once. */
  readonly doubts: readonly Doubt[];
}

/** Doubts below this are not worth a word. */
const WORTH_SAYING = 0.1;

/** The doubt that a reading raises: 0 up to `clear`, `weight` from `wrong` on, linear between, whichever is larger. */
export function doubtOf(reading: number | undefined, { clear, wrong, weight }: DoubtScale): number {
  if (reading === undefined) return 0;
  return weight * Math.min(1, Math.max(0, (reading - clear) / (wrong - clear)));
}

/** Independent doubts as one confidence: what is left after each has taken its share. */
export function confidenceOf(doubts: readonly Doubt[]): Confidence {
  const worst = new Map<DoubtReason, number>();
  for (const { reason, doubt } of doubts) worst.set(reason, Math.max(worst.get(reason) ?? 0, doubt));
  let value = 1;
  for (const doubt of worst.values()) value *= 1 - doubt;
  const said = [...worst].map(([reason, doubt]) => ({ reason, doubt })).filter((d) => d.doubt >= WORTH_SAYING);
  return { value, doubts: said.sort((a, b) => b.doubt - a.doubt || (a.reason < b.reason ? -1 : 1)) };
}
