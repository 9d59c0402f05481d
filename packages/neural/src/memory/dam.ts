import type { BankFacts } from './bank.js';
import {
  type CandidateFacts,
  type Follower,
  type MemoryPolicy,
  promptedFrames,
  type Recalled,
  recallPrompted,
  type Verdict,
} from './policy.js';

/** Distractor-aware memory (Videnovic et al. 2025, "A Distractor-Aware Memory for Visual Object Tracking with SAM2"). */
export interface DamSettings {
  /** Recent frames on which the object was seen: the newest, and others whose number is a multiple of the stride. */
  readonly recentFrames: number;
  readonly recentStride: number;
  /** Prompted frames and anchors that are looked at, together. */
  readonly anchorFrames: number;
  /** An anchor has an estimated IoU above this. */
  readonly anchorIou: number;
  /** The area of an anchor lies between these shares of the median of the last areas. */
  readonly anchorAreaLow: number;
  readonly anchorAreaHigh: number;
  /** Areas that the median is taken of. */
  readonly areaFrames: number;
  /** Frames between two anchors, more than. */
  readonly anchorGap: number;
  /** The box of an anchor has at most this share of the box around it and what another candidate saw: a distractor was rejected. */
  readonly anchorApart: number;
}

/** As published; the split into three recent frames and three anchors beside the first is the paper's half and half. */
export const DAM_SETTINGS: DamSettings = {
  recentFrames: 3,
  recentStride: 5,
  anchorFrames: 4,
  anchorIou: 0.8,
  anchorAreaLow: 0.8,
  anchorAreaHigh: 1.2,
  areaFrames: 10,
  anchorGap: 5,
  anchorApart: 0.7,
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

class DamFollower implements Follower {
  readonly #s: DamSettings;
  readonly #areas: number[] = [];
  #sinceAnchor = 0;

  constructor(settings: DamSettings) {
    this.#s = settings;
  }

  choose(c: CandidateFacts): Verdict {
    const choice = c.standard();
    if (!c.ambiguous) return choice;
    this.#sinceAnchor++;
    const area = choice.present ? c.area(choice.mask) : 0;
    const kept = this.#isAnchor(c, choice.mask, area);
    if (kept) this.#sinceAnchor = 0;
    if (area > 0) this.#areas.push(area);
    if (this.#areas.length > this.#s.areaFrames) this.#areas.shift();
    return { ...choice, kept };
  }

  #isAnchor(c: CandidateFacts, mask: number, area: number): boolean {
    const { anchorIou, anchorAreaLow, anchorAreaHigh, anchorGap, anchorApart } = this.#s;
    if (area === 0 || this.#areas.length === 0 || this.#sinceAnchor <= anchorGap) return false;
    const usual = median(this.#areas);
    return (
      c.ious[mask]! > anchorIou &&
      area >= anchorAreaLow * usual &&
      area <= anchorAreaHigh * usual &&
      c.apart(mask) <= anchorApart
    );
  }

  recall(bank: BankFacts, frame: number, step: 1 | -1): readonly Recalled[] {
    const { anchorFrames } = this.#s;
    const prompted = promptedFrames(bank, frame, anchorFrames);
    const anchors = this.#anchors(bank, frame - step, step).slice(0, Math.max(0, anchorFrames - prompted.length));
    const recent = this.#recent(bank, frame - step, step);
    return [
      ...recallPrompted(prompted),
      ...anchors.map((f): Recalled => ({ frame: f, row: 'prompted', why: 'anchor' })),
      ...recent.map((f, i): Recalled => ({ frame: f, row: i, why: 'recent' })).reverse(),
    ];
  }

  keeps(bank: BankFacts, frame: number, step: 1 | -1): ReadonlySet<number> {
    const { anchorFrames, recentStride, recentFrames } = this.#s;
    const strided = behind(bank, frame, step).filter((f) => bank.tracked(f)!.present && f % recentStride === 0);
    return new Set([
      ...this.#anchors(bank, frame, step).slice(0, anchorFrames),
      ...strided.slice(0, recentFrames),
      ...this.#recent(bank, frame, step),
    ]);
  }

  #anchors = (bank: BankFacts, newest: number, step: 1 | -1): number[] =>
    behind(bank, newest, step).filter((f) => bank.tracked(f)!.kept);

  /** The newest frame on which the object was seen, and older ones at the stride; newest first. */
  #recent(bank: BankFacts, newest: number, step: 1 | -1): number[] {
    const { recentFrames, recentStride } = this.#s;
    const seen = behind(bank, newest, step).filter((f) => bank.tracked(f)!.present);
    const [first, ...older] = seen;
    if (first === undefined) return [];
    return [first, ...older.filter((f) => f % recentStride === 0)].slice(0, recentFrames);
  }
}

/** Tracked frames up to `newest`, newest first. */
const behind = (bank: BankFacts, newest: number, step: 1 | -1): number[] =>
  bank.trackedFrames.filter((f) => step * (newest - f) >= 0).sort((a, b) => step * (b - a));

/**
 * Recent appearance, and anchors: frames on which a look-alike was seen and rejected. Written from the paper. Anchors have the row of prompted
 * frames in the temporal table, where the paper gives them none: the graphs have no row for none.
 */
export function damPolicy(settings: Partial<DamSettings> = {}): MemoryPolicy {
  const s = { ...DAM_SETTINGS, ...settings };
  return { name: 'dam', settings: { ...s }, begin: () => new DamFollower(s) };
}
