import type { SoftMask } from '../values/index.js';
import { boundaryF } from './boundary.js';
import { regionJ } from './region.js';

/** J and F of one object on one frame. */
export interface FrameScore {
  readonly j: number;
  readonly f: number;
}

/** One measure over a sequence. */
export interface MeasureScore {
  readonly mean: number;
  /** Share of the frames above 0.5. */
  readonly recall: number;
  /** Mean of the first quarter minus mean of the last: how much is lost on the way. */
  readonly decay: number;
}

/** The scores of one object over a sequence. */
export interface SequenceScore {
  readonly frames: number;
  readonly j: MeasureScore;
  readonly f: MeasureScore;
  /** Mean of the two means. */
  readonly jf: number;
}

/** J and F of an answer against the truth. @throws RangeError for masks of different sizes. */
export const scoreFrame = (answer: SoftMask, truth: SoftMask): FrameScore => ({
  j: regionJ(answer, truth),
  f: boundaryF(answer, truth),
});

/** Mean, recall and decay of a measure as the DAVIS code computes them, quarters overlapping by one frame. */
export function measure(values: readonly number[]): MeasureScore {
  if (!values.length) return { mean: Number.NaN, recall: Number.NaN, decay: Number.NaN };
  const ends = [0, 1, 2, 3, 4].map((q) => roundHalfToEven(1 + (q * (values.length - 1)) / 4 + 1e-10) - 1);
  const quarter = (q: number) => mean(values.slice(ends[q], ends[q + 1] + 1));
  return {
    mean: mean(values),
    recall: mean(values.map((v) => (v > 0.5 ? 1 : 0))),
    decay: quarter(0) - quarter(3),
  };
}

/**
 * The scores of a sequence by the DAVIS protocol for a given first mask: every frame but the first and the last counts.
 * @param frames scores of all frames of the sequence, in order.
 * @throws RangeError for fewer than 3 frames.
 */
export function scoreSequence(frames: readonly FrameScore[]): SequenceScore {
  if (frames.length < 3) throw new RangeError(`a scored sequence has at least 3 frames, got ${frames.length}`);
  const counted = frames.slice(1, -1);
  const [j, f] = [measure(counted.map((s) => s.j)), measure(counted.map((s) => s.f))];
  return { frames: counted.length, j, f, jf: (j.mean + f.mean) / 2 };
}

/** The mean over sequences (or objects): every one counts the same, whatever its length. */
export function meanScore(scores: readonly SequenceScore[]): SequenceScore {
  const over = (pick: (s: SequenceScore) => number) => mean(scores.map(pick));
  const part = (key: 'j' | 'f'): MeasureScore => ({
    mean: over((s) => s[key].mean),
    recall: over((s) => s[key].recall),
    decay: over((s) => s[key].decay),
  });
  return { frames: scores.reduce((n, s) => n + s.frames, 0), j: part('j'), f: part('f'), jf: over((s) => s.jf) };
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** numpy's `round`. The 1e-10 above already settles ties upwards; this keeps the rest identical. */
const roundHalfToEven = (v: number) => {
  const floor = Math.floor(v);
  const rest = v - floor;
  if (rest !== 0.5) return Math.round(v);
  return floor % 2 ? floor + 1 : floor;
};
