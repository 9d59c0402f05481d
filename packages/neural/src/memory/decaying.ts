import type { BankFacts, FrameFacts } from './bank.js';
import {
  type CandidateFacts,
  type Follower,
  type MemoryPolicy,
  promptedFrames,
  type Recalled,
  recallPrompted,
  type Verdict,
} from './policy.js';

/** The bank of Rotokit's own: a limit, key frames, and scores that decay. */
export interface DecayingSettings {
  /** Frames that are held and looked at, prompted ones included. */
  readonly maxMemoryFrames: number;
  /** A tracked frame of at least this confidence may become a key frame. */
  readonly keyFrameConfidence: number;
  /** What a frame's score is multiplied by for every frame that passes. */
  readonly memoryDecay: number;
  /** Key frames at most, so that there is always room for new ones; further ones are held as ordinary frames. */
  readonly maxKeyFrames: number;
  /** Frames from one key frame to the next, at least. */
  readonly keyFrameGap: number;
}

/** What is used unless something else is asked for. */
export const DECAYING_SETTINGS: DecayingSettings = {
  maxMemoryFrames: 10,
  keyFrameConfidence: 0.85,
  memoryDecay: 0.98,
  maxKeyFrames: 4,
  keyFrameGap: 10,
};

/** Rows of the temporal table for frames that nobody prompted, of the models there are. */
const ROWS = 6;

/** How sure it is that the mask is right and the object there: estimated IoU times the probability of presence. */
const confidenceOf = (iou: number, objectScore: number): number => iou / (1 + Math.exp(-objectScore));

class DecayingFollower implements Follower {
  readonly #s: DecayingSettings;
  #keys = 0;
  #sinceKey = Number.POSITIVE_INFINITY;

  constructor(settings: DecayingSettings) {
    this.#s = settings;
  }

  choose(c: CandidateFacts): Verdict {
    const choice = c.standard();
    const { keyFrameConfidence, maxKeyFrames, keyFrameGap } = this.#s;
    this.#sinceKey++;
    const sure = choice.present && confidenceOf(c.ious[choice.mask]!, c.objectScore) >= keyFrameConfidence;
    const kept = c.ambiguous && sure && this.#keys < maxKeyFrames && this.#sinceKey >= keyFrameGap;
    if (!kept) return choice;
    this.#keys++;
    this.#sinceKey = 0;
    return { ...choice, kept };
  }

  recall(bank: BankFacts, frame: number, step: 1 | -1): readonly Recalled[] {
    const prompted = promptedFrames(bank, frame, this.#s.maxMemoryFrames);
    const held = this.#held(bank, frame - step, step, prompted.length);
    const newestFirst = [...held].sort((a, b) => step * (b.frame - a.frame));
    const ordinary = newestFirst.filter((f) => !f.kept);
    return [
      ...recallPrompted(prompted),
      ...newestFirst
        .filter((f) => f.kept)
        .map((f): Recalled => ({ ...this.#scored(f, frame), row: 'prompted', why: 'key' })),
      ...ordinary
        .map((f, i): Recalled => ({ ...this.#scored(f, frame), row: Math.min(i, ROWS - 1), why: 'recent' }))
        .reverse(),
    ];
  }

  keeps(bank: BankFacts, frame: number, step: 1 | -1): ReadonlySet<number> {
    return new Set(this.#held(bank, frame, step, bank.prompted.length).map((f) => f.frame));
  }

  #scored(f: FrameFacts, frame: number) {
    const age = Math.abs(frame - f.frame);
    return { frame: f.frame, score: confidenceOf(f.iou, f.objectScore) * this.#s.memoryDecay ** age };
  }

  /** Key frames, the newest frame, and of the others those with the best decayed scores, as many as there is room for. */
  #held(bank: BankFacts, newest: number, step: 1 | -1, prompted: number): FrameFacts[] {
    const tracked = bank.trackedFrames.filter((f) => step * (newest - f) >= 0).map((f) => bank.tracked(f)!);
    const sure = tracked.filter((f) => f.kept || f.frame === newest);
    const room = Math.max(0, this.#s.maxMemoryFrames - prompted - sure.length);
    const others = tracked
      .filter((f) => !sure.includes(f))
      .map((f) => ({ f, score: this.#scored(f, newest).score }))
      .sort((a, b) => b.score - a.score || step * (b.f.frame - a.f.frame))
      .slice(0, room);
    return [...sure, ...others.map((o) => o.f)];
  }
}

/**
 * At most `maxMemoryFrames`: prompted frames and key frames stay for good, the newest frame is always there, and of the others the lowest
 * decayed score goes first.
 */
export function decayingPolicy(settings: Partial<DecayingSettings> = {}): MemoryPolicy {
  const s = { ...DECAYING_SETTINGS, ...settings };
  return { name: 'bank', settings: { ...s }, begin: () => new DecayingFollower(s) };
}
