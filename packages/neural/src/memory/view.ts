import type { BankFacts } from './bank.js';
import type { Recalled } from './policy.js';

/** One remembered frame in a view of the bank. */
export interface ViewedFrame {
  readonly frame: number;
  /** Why it is looked at: `prompted`, `recent`, `anchor`, `key`; `held` where it is not looked at now. */
  readonly why: string;
  /** Row of the temporal table. */
  readonly row?: number | 'prompted';
  readonly iou: number;
  readonly objectScore: number;
  readonly motion?: number;
  readonly score?: number;
}

/** Which frames were remembered when an object was looked for on a frame, why, and with what scores. JSON. */
export interface BankView {
  readonly object: string;
  readonly frame: number;
  readonly step: 1 | -1;
  readonly policy: string;
  readonly frames: readonly ViewedFrame[];
  /** Frames whose pointers were looked at. */
  readonly pointers: readonly number[];
}

/** The frames of a bank as they were looked at, and those that were held beside. */
export function viewOf(bank: BankFacts, recalled: readonly Recalled[]): ViewedFrame[] {
  const factsOf = (frame: number) => bank.prompted.find((p) => p.frame === frame) ?? bank.tracked(frame)!;
  const looked = recalled.map(({ frame, row, why, score }): ViewedFrame => {
    const { iou, objectScore, motion } = factsOf(frame);
    return {
      frame,
      why,
      row,
      iou,
      objectScore,
      ...(motion === undefined ? {} : { motion }),
      ...(score === undefined ? {} : { score }),
    };
  });
  const seen = new Set(recalled.map((r) => r.frame));
  const held = [...bank.prompted.map((p) => p.frame), ...bank.trackedFrames].filter((f) => !seen.has(f));
  return [
    ...looked,
    ...held.map((frame): ViewedFrame => {
      const { iou, objectScore } = factsOf(frame);
      return { frame, why: 'held', iou, objectScore };
    }),
  ];
}
