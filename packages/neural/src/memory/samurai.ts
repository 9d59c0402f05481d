import type { BankFacts } from './bank.js';
import { BoxFilter, boxIou, boxOfState, stateOf } from './kalman.js';
import {
  type CandidateFacts,
  type Follower,
  type MemoryPolicy,
  promptedFrames,
  type Recalled,
  recallPrompted,
  type Verdict,
} from './policy.js';

/** SAMURAI (Yang et al. 2024): the published names and values, `motionWeight` as for tiny, small and base-plus (0.15 for large). */
export interface SamuraiSettings {
  /** Frames that the filter must have followed before motion has a say: `stable_frames_threshold`. */
  readonly stableFrames: number;
  /** Estimated IoU above which a frame counts as followed: `stable_ious_threshold`. */
  readonly stableIou: number;
  /** Logit above which the mask is shown: `min_obj_score_logits`. */
  readonly minObjectScore: number;
  /** Share of motion in a candidate's score: `kf_score_weight`. */
  readonly motionWeight: number;
  /** A frame is remembered above these: `memory_bank_{iou,obj_score,kf_score}_threshold`. */
  readonly memoryIou: number;
  readonly memoryObjectScore: number;
  readonly memoryMotion: number;
  /** Good frames that are looked for at most on the way back. */
  readonly memorySearch: number;
  /** Remembered frames that are looked at. */
  readonly recentFrames: number;
  readonly promptedFrames: number;
}

/** As published. */
export const SAMURAI_SETTINGS: SamuraiSettings = {
  stableFrames: 15,
  stableIou: 0.3,
  minObjectScore: -1,
  motionWeight: 0.25,
  memoryIou: 0.5,
  memoryObjectScore: 0,
  memoryMotion: 0,
  memorySearch: 15,
  recentFrames: 6,
  promptedFrames: 0,
};

/** The candidate of 1 to 3 with the largest score; the first of equal ones. */
const bestOf = (score: (candidate: number) => number): number => {
  let best = 1;
  for (const k of [2, 3]) if (score(k) > score(best)) best = k;
  return best;
};

class SamuraiFollower implements Follower {
  readonly #s: SamuraiSettings;
  #filter: BoxFilter | undefined;
  #stable = 0;
  /** The first frame that was recalled for: memory is not searched for on or before it. */
  #origin: number | undefined;

  constructor(settings: SamuraiSettings) {
    this.#s = settings;
  }

  choose(c: CandidateFacts): Verdict {
    const present = c.objectScore > this.#s.minObjectScore;
    if (!c.ambiguous) return { ...c.standard(), present };
    const box = (k: number) => (present ? c.box(k) : undefined);
    const { stableFrames, stableIou, motionWeight } = this.#s;
    const filter = this.#filter;
    if (!filter || this.#stable === 0) {
      const best = bestOf((k) => c.ious[k]!);
      const seen = box(best);
      this.#filter = seen && new BoxFilter(stateOf(seen));
      this.#stable = seen ? 1 : 0;
      return { mask: best, pointer: best, present };
    }
    filter.predict();
    if (this.#stable < stableFrames) {
      const best = bestOf((k) => c.ious[k]!);
      const seen = box(best);
      if (seen && c.ious[best]! > stableIou) {
        filter.update(stateOf(seen));
        this.#stable++;
      } else this.#stable = 0;
      return { mask: best, pointer: best, present };
    }
    const predicted = boxOfState(filter.state);
    const motion = (k: number) => {
      const seen = box(k);
      return seen ? boxIou(predicted, seen) : 0;
    };
    const best = bestOf((k) => motionWeight * motion(k) + (1 - motionWeight) * c.ious[k]!);
    const seen = box(best);
    if (!seen || c.ious[best]! < stableIou) this.#stable = 0;
    else filter.update(stateOf(seen));
    return { mask: best, pointer: best, present, motion: motion(best) };
  }

  recall(bank: BankFacts, frame: number, step: 1 | -1): readonly Recalled[] {
    this.#origin ??= frame;
    const prompted = recallPrompted(promptedFrames(bank, frame, this.#s.promptedFrames));
    const recent = this.#good(bank, frame - step, step).slice(-this.#s.recentFrames);
    return [...prompted, ...recent.map((f, i): Recalled => ({ frame: f, row: recent.length - 1 - i, why: 'recent' }))];
  }

  keeps(bank: BankFacts, frame: number, step: 1 | -1): ReadonlySet<number> {
    return new Set([...this.#good(bank, frame, step).slice(-this.#s.recentFrames), frame]);
  }

  /** Frames worth remembering from `newest` back, oldest first; the newest is always among them. */
  #good(bank: BankFacts, newest: number, step: 1 | -1): number[] {
    const { memoryIou, memoryObjectScore, memoryMotion, memorySearch } = this.#s;
    const behind = [...bank.trackedFrames]
      .filter((f) => step * (newest - f) >= 0 && step * (f - (this.#origin ?? f)) > 0)
      .sort((a, b) => step * (b - a));
    const good: number[] = [];
    for (const f of behind) {
      const { iou, objectScore, motion } = bank.tracked(f)!;
      if (iou > memoryIou && objectScore > memoryObjectScore && (motion === undefined || motion > memoryMotion))
        good.unshift(f);
      if (good.length >= memorySearch) break;
    }
    return good.includes(newest) || !bank.tracked(newest) ? good : [...good, newest];
  }
}

/**
 * Motion-aware memory: a Kalman filter has a say in which candidate is the object, and frames are remembered for their
 * scores instead of their age. Written from the paper and its published constants; state is kept per object and direction, and begins anew at
 * every prompt. A frame on which the chosen candidate has no pixel counts as lost: the published filter cannot be begun or updated by no box.
 */
export function samuraiPolicy(settings: Partial<SamuraiSettings> = {}): MemoryPolicy {
  const s = { ...SAMURAI_SETTINGS, ...settings };
  return { name: 'samurai', settings: { ...s }, begin: () => new SamuraiFollower(s) };
}
