/** What the decoder offered for one object on one frame, as plain numbers. */
export interface DecodedCandidates {
  /** Four masks of logits, one behind the other. */
  readonly masks: Float32Array;
  readonly ious: ArrayLike<number>;
  readonly objectScore: number;
}

/** Which candidate counts and which pointer goes with it. */
export interface Choice {
  readonly mask: number;
  /** Candidate whose pointer is remembered; not always the one whose mask is shown. */
  readonly pointer: number;
  readonly present: boolean;
}

/** Logits between which a stable mask does not change its area. */
const STABILITY_DELTA = 0.05;
const STABLE = 0.98;

/** Area above +0.05 divided by area above -0.05; 1 where both are empty. */
export function stability(logits: Float32Array): number {
  let [inner, outer] = [0, 0];
  for (const v of logits) {
    if (v > STABILITY_DELTA) inner++;
    if (v > -STABILITY_DELTA) outer++;
  }
  return outer > 0 ? inner / outer : 1;
}

/** Whether three candidates compete: for at most one click, and while tracking. A box counts as two points. */
export const isAmbiguous = (points: number): boolean => points <= 1;

/**
 * SAM 2's own choice. Ambiguous prompts: the best predicted IoU among candidates 1 to 3. Others: candidate 0 where it is
 * stable, else the best of 1 to 3, with the pointer of candidate 0 all the same. The object is present where its score is above 0.
 */
export function sam2Choice({ masks, ious, objectScore }: DecodedCandidates, ambiguous: boolean): Choice {
  let best = 1;
  for (const i of [2, 3]) if (ious[i]! > ious[best]!) best = i;
  const present = objectScore > 0;
  if (ambiguous) return { mask: best, pointer: best, present };
  const stable = stability(masks.subarray(0, masks.length / 4)) >= STABLE;
  return { mask: stable ? 0 : best, pointer: 0, present };
}

/** The logit that every pixel of a hidden object has. */
export const ABSENT_LOGIT = -1024;

/** Row of the temporal table for a remembered frame: its distance minus 1; prompted frames have the last row. */
export const timeRow = (distance: number, prompted: boolean, slots: number): number =>
  prompted ? slots - 1 : distance - 1;
