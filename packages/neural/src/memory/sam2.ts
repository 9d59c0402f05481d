import type { BankFacts } from './bank.js';
import { type Follower, type MemoryPolicy, promptedFrames, type Recalled, recallPrompted } from './policy.js';

/** SAM 2's bank (Ravi et al. 2024). */
export interface Sam2Settings {
  /** Frames before the present one that are looked at: 6. */
  readonly recentFrames: number;
  /** Prompted frames that are looked at, the nearest first; 0: all of them. */
  readonly promptedFrames: number;
}

/** As published. */
export const SAM2_SETTINGS: Sam2Settings = { recentFrames: 6, promptedFrames: 0 };

/** The last `count` frames by their distance, farthest first. A prompted frame that was not chosen may fill its place. */
export function lastFrames(
  bank: BankFacts,
  frame: number,
  step: 1 | -1,
  count: number,
  chosen: ReadonlySet<number>,
): Recalled[] {
  const recalled: Recalled[] = [];
  for (let d = count; d >= 1; d--) {
    const at = frame - step * d;
    const spare = !chosen.has(at) && bank.prompted.some((p) => p.frame === at);
    if (bank.tracked(at) || spare) recalled.push({ frame: at, row: d - 1, why: 'recent' });
  }
  return recalled;
}

/** The frames among the last `count` before and with `frame`. */
export function lastHeld(bank: BankFacts, frame: number, step: 1 | -1, count: number): Set<number> {
  return new Set(bank.trackedFrames.filter((f) => step * (frame - f) >= 0 && step * (frame - f) < count));
}

/** Prompted frames, the last six, the best candidate by its own estimate: what the reference does. */
export function sam2Policy(settings: Partial<Sam2Settings> = {}): MemoryPolicy {
  const s = { ...SAM2_SETTINGS, ...settings };
  const follower: Follower = {
    choose: (c) => c.standard(),
    recall(bank, frame, step) {
      const prompted = promptedFrames(bank, frame, s.promptedFrames);
      const chosen = new Set(prompted.map((p) => p.frame));
      return [...recallPrompted(prompted), ...lastFrames(bank, frame, step, s.recentFrames, chosen)];
    },
    keeps: (bank, frame, step) => lastHeld(bank, frame, step, s.recentFrames),
  };
  return { name: 'sam2', settings: { ...s }, begin: () => follower };
}
