import type { TrackSignals } from '@rotokit/core/ports';
import {
  type Confidence,
  confidenceMeter,
  type DoubtReason,
  type ReviewFrame,
  reviewQueue,
  TRACK_DEFAULTS,
} from '@rotokit/core/tracking';
import { emptyMask, frameRange, maskFromPlane, type SoftMask } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { at, DOG, disc, HERO, randomFrom, SIZE } from './support/shot.js';

const good: TrackSignals = { score: 0.95, certainty: 0.95, flowAgreement: 0.9, state: 'tracked' };
const steady = (frame: number) => disc(30 + frame, 30, 10, 2);

/** The confidences of a walk: the anchor is the first mask, each further one a frame. */
const judge = (frames: readonly { mask: SoftMask; signals?: Partial<TrackSignals>; takeover?: number }[]) => {
  const meter = confidenceMeter(frames[0].mask, TRACK_DEFAULTS.confidence);
  return frames.slice(1).map((f) => meter.next(f.mask, { ...good, ...f.signals }, f.takeover));
};
const walked = (n: number) => Array.from({ length: n }, (_, frame) => ({ mask: steady(frame) }));
const worst = (c: Confidence | undefined) => c?.doubts[0]?.reason;

describe('confidence in a tracked mask', () => {
  it('is full where the engine is sure and the object moves as objects do', () => {
    for (const c of judge(walked(20))) expect(c).toEqual({ value: 1, doubts: [] });
  });

  it.each<[DoubtReason, { mask?: SoftMask; signals?: Partial<TrackSignals>; takeover?: number }]>([
    ['low-score', { signals: { score: 0.2 } }],
    ['torn-edge', { signals: { certainty: 0.1 } }],
    ['flow-disagreement', { signals: { flowAgreement: 0.1 } }],
    ['area-jump', { mask: disc(36, 30, 18, 2) }],
    ['possible-swap', { mask: disc(80, 30, 10, 2) }],
    ['possible-swap', { takeover: 0.9 }],
    ['lost', { signals: { state: 'searching', score: 0 }, mask: emptyMask(SIZE) }],
    ['lost', { mask: emptyMask(SIZE) }],
    ['found', { signals: { state: 'found' } }],
    ['shot-cut', { signals: { state: 'cut' } }],
  ])('falls and says %s first', (reason, event) => {
    const confidences = judge([...walked(6), { mask: steady(6), ...event }]);
    expect(confidences.slice(0, 5).every((c) => c.value === 1)).toBe(true);
    expect(worst(confidences[5])).toBe(reason);
    expect(confidences[5].value).toBeLessThanOrEqual(0.5);
  });

  it('says torn-edge for an outline that frays at the same area', () => {
    const random = randomFrom(5);
    const plane = new Uint16Array(SIZE.width * SIZE.height);
    for (let k = 0; k < plane.length; k++) {
      const d = Math.hypot((k % SIZE.width) - 36, Math.floor(k / SIZE.width) - 30);
      plane[k] = d < 7 || (d < 13 && random() < 0.45) ? 65535 : 0;
    }
    const [c] = judge([...walked(6), { mask: maskFromPlane(SIZE, plane) }]).slice(-1);
    expect(c.doubts.map((d) => d.reason)).toContain('torn-edge');
  });

  it('falls as the mask comes away from the size or the outline of its anchor, however slowly', () => {
    const shrinking = judge(Array.from({ length: 40 }, (_, n) => ({ mask: disc(40, 30, 16 - n / 4, 2) })));
    expect(shrinking[3].value).toBeGreaterThan(0.8);
    expect(worst(shrinking[38])).toBe('far-from-anchor');
    expect(shrinking[38].value).toBeLessThan(0.5);
    const comb = (teeth: number) => {
      const plane = new Uint16Array(SIZE.width * SIZE.height);
      for (let k = 0; k < plane.length; k++) {
        const [x, y] = [k % SIZE.width, Math.floor(k / SIZE.width)];
        const body = x >= 30 && x < 60 && y >= 20 && y < 40;
        if (body || (y >= 40 && y < 40 + teeth && x >= 30 && x < 60 && x % 4 < 2)) plane[k] = 65535;
      }
      return maskFromPlane(SIZE, plane);
    };
    const losing = judge(Array.from({ length: 16 }, (_, n) => ({ mask: comb(15 - n) })));
    expect(losing[14].doubts.map((d) => d.reason)).toContain('far-from-anchor');
    expect(losing[14].value).toBeLessThan(0.5);
  });

  it('is carried on by what follows from a doubtful frame, and recovers slowly', () => {
    const frames = walked(60).map((f, i) => (i === 10 ? { ...f, signals: { score: 0.1 } } : f));
    const values = judge(frames).map((c) => c.value);
    expect(values[8]).toBe(1);
    expect(values[10]).toBeLessThan(0.8);
    expect(values[10]).toBeGreaterThan(values[9]);
    expect(values[58]).toBeGreaterThan(values[10]);
    expect(worst(judge(frames)[20])).toBe('drift');
  });

  it('tolerates an object that leaves at the border more than one that shrinks in the open', () => {
    const leaving = judge([{ mask: disc(0, 30, 12) }, { mask: disc(-4, 30, 12) }])[0];
    const shrinking = judge([{ mask: disc(40, 30, 12) }, { mask: disc(40, 30, 9) }])[0];
    expect(leaving.value).toBeGreaterThan(shrinking.value);
  });
});

describe('the review queue', () => {
  const frame = (n: number, value: number, more: Partial<ReviewFrame> = {}): ReviewFrame => ({
    object: HERO,
    frame: at(n),
    confidence: { value, doubts: [{ reason: 'low-score', doubt: 1 - value }] },
    ...more,
  });

  it('lists one frame for each event, the worst event first', () => {
    const frames = [
      ...[0.9, 0.4, 0.3, 0.45, 0.9, 0.9, 0.9, 0.9, 0.1, 0.95].map((v, n) => frame(n, v)),
      frame(2, 0.2, { object: DOG }),
    ];
    const queue = reviewQueue(frames);
    expect(queue.map((e) => [e.object, e.frame, e.frames.length])).toEqual([
      [HERO, 8, 1],
      [DOG, 2, 1],
      [HERO, 2, 3],
    ]);
    expect(queue[2]).toMatchObject({ range: frameRange(1, 4), confidence: 0.3, doubts: [{ reason: 'low-score' }] });
  });

  it('takes bad frames with a few good ones between them as one event', () => {
    const frames = [0.3, 0.9, 0.9, 0.35, 0.9, 0.9, 0.9, 0.2].map((v, n) => frame(n, v));
    expect(reviewQueue(frames).map((e) => e.frames)).toEqual([[7], [0, 3]]);
  });

  it('lists no frame that was accepted or ignored', () => {
    const frames = [0.1, 0.3, 0.2].map((v, n) =>
      frame(n, v, { mark: (['accepted', undefined, 'ignored'] as const)[n] }),
    );
    expect(reviewQueue(frames).map((e) => e.frames)).toEqual([[1]]);
  });

  it('does not depend on the order of the frames, and its threshold can be set', () => {
    const frames = [0.3, 0.9, 0.6, 0.35].map((v, n) => frame(n, v));
    expect(reviewQueue([...frames].reverse())).toEqual(reviewQueue(frames));
    expect(reviewQueue(frames, { below: 0.7, gap: 0 }).map((e) => e.frames)).toEqual([[0], [2, 3]]);
    expect(reviewQueue([])).toEqual([]);
  });
});
