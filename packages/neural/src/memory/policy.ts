import type { Choice } from '@rotokit/models';
import type { BankFacts, FrameFacts } from './bank.js';

/** A box of the model's input in pixels, corners included, as the tightest around what lies above 0. */
export interface LogitBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** What the decoder offered for one object on one frame, as a policy sees it. Candidate 0 answers unambiguous prompts. */
export interface CandidateFacts {
  /** Estimated IoU of the four candidates. */
  readonly ious: ArrayLike<number>;
  readonly objectScore: number;
  /** Whether candidates 1 to 3 compete: while tracking, and for at most one click. */
  readonly ambiguous: boolean;
  /** What the reference would choose. */
  standard(): Choice;
  /** Undefined where nothing lies above 0. */
  box(candidate: number): LogitBox | undefined;
  /** Cells above 0. */
  area(candidate: number): number;
  /**
   * How little the other candidates would add to a candidate: the least share that its box has of the box around it and the largest
   * piece of another candidate outside of it. 1 where no other candidate sees anything else.
   */
  apart(candidate: number): number;
}

/** What a policy made of the candidates. */
export interface Verdict extends Choice {
  /** IoU with the box that motion predicted, where it was asked. */
  readonly motion?: number;
  /** Whether to keep the frame for long. */
  readonly kept?: boolean;
}

/** A frame to look at, and the row of the temporal table for it: 0 is the newest, `prompted` the row of prompted frames. */
export interface Recalled {
  readonly frame: number;
  readonly row: number | 'prompted';
  /** In a word: `prompted`, `recent`, `anchor`, `key`. */
  readonly why: string;
  /** What its place in the bank depends on, where the policy ranks frames. */
  readonly score?: number;
}

/** A policy at work on one object in one direction, begun anew at every prompt. */
export interface Follower {
  /** Which of the candidates is the object. Called once a frame, in the order of the walk. */
  choose(candidates: CandidateFacts): Verdict;
  /** Which remembered frames are looked at for `frame`, in the order of the tokens. `step`: 1 forwards, -1 backwards. */
  recall(bank: BankFacts, frame: number, step: 1 | -1): readonly Recalled[];
  /** Of the tracked frames held, those that a later frame of this walk may still look at, `frame` being the newest. */
  keeps(bank: BankFacts, frame: number, step: 1 | -1): ReadonlySet<number>;
}

/** How an object's past is used. A value: settings are part of what makes a result reproducible. */
export interface MemoryPolicy {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
  begin(): Follower;
}

/** Prompted frames as SAM 2 looks at them, all or the nearest `most`. Those left out may serve as ordinary frames. */
export function promptedFrames(bank: BankFacts, frame: number, most: number): readonly FrameFacts[] {
  const all = bank.prompted.filter((p) => p.frame !== frame);
  if (most <= 0 || all.length <= most) return all;
  const nearest = (list: readonly FrameFacts[]) =>
    [...list].sort((a, b) => Math.abs(a.frame - frame) - Math.abs(b.frame - frame));
  const before = nearest(all.filter((p) => p.frame < frame)).slice(0, 1);
  const after = nearest(all.filter((p) => p.frame >= frame)).slice(0, most - before.length > 0 ? 1 : 0);
  const taken = [...before, ...after];
  return [...taken, ...nearest(all.filter((p) => !taken.includes(p))).slice(0, most - taken.length)];
}

/** Prompted frames as recalled ones. */
export const recallPrompted = (frames: readonly FrameFacts[]): Recalled[] =>
  frames.map(({ frame }) => ({ frame, row: 'prompted', why: 'prompted' }));
