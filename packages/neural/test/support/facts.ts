import type { CandidateFacts, LogitBox } from '../../src/index.js';

/** Recorded scores and boxes of one frame: what a decoder said, written down. Candidate 0 plays no part. */
export interface RecordedFrame {
  readonly ious: readonly [number, number, number];
  readonly objectScore: number;
  readonly boxes: readonly (LogitBox | undefined)[];
}

const area = (b: LogitBox) => (b.x1 - b.x0) * (b.y1 - b.y0);
const around = (a: LogitBox, b: LogitBox): LogitBox => ({
  ...{ x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0) },
  ...{ x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1) },
});

/** A recorded frame as a policy sees it; every object is as large as its box. */
export function recordedFacts({ ious, objectScore, boxes }: RecordedFrame): CandidateFacts {
  const all = [0, ...ious];
  const box = (k: number) => boxes[k - 1];
  return {
    ious: all,
    objectScore,
    ambiguous: true,
    standard() {
      const best = ious.indexOf(Math.max(...ious)) + 1;
      return { mask: best, pointer: best, present: objectScore > 0 };
    },
    box,
    area: (k) => (box(k) ? area(box(k)!) : 0),
    apart(k) {
      const own = box(k);
      if (!own) return 1;
      const others = [1, 2, 3].filter((o) => o !== k && box(o)).map((o) => area(own) / area(around(own, box(o)!)));
      return Math.min(1, ...others);
    },
  };
}

/** Numbers in [0, 1) that depend on the seed alone. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let h = Math.imul(state ^ (state >>> 15), state | 1);
    h ^= h + Math.imul(h ^ (h >>> 7), h | 61);
    return ((h ^ (h >>> 14)) >>> 0) / 2 ** 32;
  };
}
