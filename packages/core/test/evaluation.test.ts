import {
  boundaryF,
  boundaryTolerance,
  idealBox,
  idealClick,
  meanScore,
  measure,
  poolReviews,
  regionJ,
  reviewQuality,
  scoreFrame,
  scoreSequence,
} from '@rotokit/core/evaluation';
import { type Box, emptyMask, maskAt, maskFromPlane, type SoftMask, size, sourcePoint } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { disc, randomFrom } from './support/shot.js';

const SMALL = size(40, 30);
const boxMask = (b: Box, of = SMALL): SoftMask => {
  const plane = new Uint16Array(of.width * of.height);
  for (let y = b.y0; y < b.y1; y++) plane.fill(65535, y * of.width + b.x0, y * of.width + b.x1);
  return maskFromPlane(of, plane);
};
const square = boxMask({ x0: 10, y0: 10, x1: 20, y1: 20 });

/** The definition, word for word: boundary maps of whole pictures, every pixel of one looked for in a disk of the other. */
function plainF(a: SoftMask, b: SoftMask, radius: number): number {
  const { width, height } = a.size;
  const points = (m: SoftMask) => {
    const found: [number, number][] = [];
    const at = (x: number, y: number) => maskAt(m, x, y) >= 32768;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [right, below] = [Math.min(x + 1, width - 1), Math.min(y + 1, height - 1)];
        if (at(x, y) !== at(right, y) || at(x, y) !== at(x, below) || at(x, y) !== at(right, below)) found.push([x, y]);
      }
    return found;
  };
  const [p, q] = [points(a), points(b)];
  if (!p.length || !q.length) return p.length === q.length ? 1 : 0;
  const near = (from: [number, number][], to: [number, number][]) =>
    from.filter(([x, y]) => to.some(([u, v]) => (x - u) ** 2 + (y - v) ** 2 <= radius ** 2)).length / from.length;
  const [precision, recall] = [near(p, q), near(q, p)];
  return precision + recall ? (2 * precision * recall) / (precision + recall) : 0;
}

describe('J and F', () => {
  it('are 1 for the same mask and 0 for masks that have nothing in common', () => {
    expect(scoreFrame(square, square)).toEqual({ j: 1, f: 1 });
    expect(scoreFrame(square, boxMask({ x0: 30, y0: 22, x1: 34, y1: 26 }))).toEqual({ j: 0, f: 0 });
  });

  it('count the shared part, at half', () => {
    expect(regionJ(square, boxMask({ x0: 15, y0: 10, x1: 25, y1: 20 }))).toBeCloseTo(50 / 150, 12);
    const faint = { ...square, values: square.values.map(() => 32767) };
    expect(scoreFrame(faint, square)).toEqual({ j: 0, f: 0 });
    expect(regionJ(faint, square, 32767)).toBe(1);
  });

  it('say 1 where the object is absent and nothing was found, 0 where something was', () => {
    const none = emptyMask(SMALL);
    expect(scoreFrame(none, none)).toEqual({ j: 1, f: 1 });
    expect(scoreFrame(square, none)).toEqual({ j: 0, f: 0 });
    expect(scoreFrame(none, square)).toEqual({ j: 0, f: 0 });
  });

  it('forgive a boundary that is off by the tolerance and no more', () => {
    const moved = (by: number) => boxMask({ x0: 10 + by, y0: 10, x1: 20 + by, y1: 20 });
    expect(boundaryF(moved(2), square, 2)).toBe(1);
    expect(boundaryF(moved(3), square, 2)).toBeLessThan(1);
  });

  it('take 0.008 of the diagonal, rounded up, as the tolerance', () => {
    expect([boundaryTolerance(size(854, 480)), boundaryTolerance(size(1920, 1080)), boundaryTolerance(SMALL)]).toEqual([
      8, 18, 1,
    ]);
  });

  it('compute F as its definition does: random masks, also at the borders of the picture', () => {
    const random = randomFrom(9);
    for (let n = 0; n < 60; n++) {
      const shape = () => disc(40 * random(), 30 * random(), 2 + 12 * random(), 0, SMALL);
      const [a, b, radius] = [shape(), shape(), 1 + Math.floor(4 * random())];
      expect(boundaryF(a, b, radius)).toBeCloseTo(plainF(a, b, radius), 12);
    }
  });

  it('refuse masks of different sizes', () => {
    expect(() => scoreFrame(square, emptyMask(size(41, 30)))).toThrow(/40x30 and 41x30/);
    expect(() => boundaryF(square, emptyMask(size(41, 30)))).toThrow(RangeError);
  });
});

describe('scores of a sequence', () => {
  it('leave the first and the last frame out', () => {
    const frames = [0, 0.8, 0.6, 0.4, 0].map((v) => ({ j: v, f: v / 2 }));
    const score = scoreSequence(frames);
    expect(score.frames).toBe(3);
    expect(score.j.mean).toBeCloseTo(0.6, 12);
    expect(score.jf).toBeCloseTo(0.45, 12);
    expect(score.j.recall).toBeCloseTo(2 / 3, 12);
    expect(() => scoreSequence(frames.slice(0, 2))).toThrow(/at least 3 frames/);
  });

  it('take decay from the first and the last quarter, which share their ends with the middle', () => {
    const values = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
    expect(measure(values).decay).toBeCloseTo(0.9 - 0.3, 12);
    expect(measure([0.5, 0.5, 0.5]).decay).toBe(0);
  });

  it('count every sequence the same, whatever its length', () => {
    const flat = (v: number, n: number) => scoreSequence(Array.from({ length: n }, () => ({ j: v, f: v })));
    expect(meanScore([flat(1, 50), flat(0.5, 5)])).toMatchObject({
      frames: 51,
      jf: 0.75,
      j: { mean: 0.75, recall: 0.5 },
    });
  });
});

describe('the quality of a review queue', () => {
  it('counts bad frames that are listed and listed frames that are bad', () => {
    const frames = [
      { iou: 0.9, flagged: false },
      { iou: 0.69, flagged: true },
      { iou: 0.7, flagged: true },
      { iou: 0.1, flagged: false },
      { iou: 0.2, flagged: true },
    ];
    const quality = reviewQuality(frames);
    expect(quality).toMatchObject({ frames: 5, bad: 3, flagged: 3, found: 2 });
    expect([quality.precision, quality.recall]).toEqual([2 / 3, 2 / 3]);
    expect(poolReviews([quality, reviewQuality([{ iou: 1, flagged: true }])])).toMatchObject({
      precision: 0.5,
      bad: 3,
    });
  });

  it('is perfect where there is nothing to find and nothing is listed', () => {
    expect(reviewQuality([{ iou: 1, flagged: false }])).toMatchObject({ precision: 1, recall: 1 });
  });
});

describe('the simulated user', () => {
  it('clicks the middle of the object first', () => {
    expect(idealClick(disc(20, 15, 8, 0, SMALL))).toMatchObject({ positive: true });
    const at = idealClick(disc(20, 15, 8, 0, SMALL))?.at ?? sourcePoint(0, 0);
    expect(Math.hypot(at.x - 20, at.y - 15)).toBeLessThanOrEqual(1);
  });

  it('then the middle of the largest error: what is missing, or what is too much', () => {
    const missing = boxMask({ x0: 10, y0: 10, x1: 13, y1: 20 });
    expect(idealClick(square, missing)).toMatchObject({ positive: true });
    expect(idealClick(square, missing)?.at.x).toBeCloseTo(16.5, 0);
    const tooMuch = boxMask({ x0: 9, y0: 10, x1: 38, y1: 20 });
    expect(idealClick(square, tooMuch)).toMatchObject({ positive: false });
    expect(idealClick(square, tooMuch)?.at.x).toBeGreaterThan(20);
    expect(idealClick(square, square)).toBeUndefined();
  });

  it('draws the box tight around the object', () => {
    expect(idealBox(square)).toEqual({ kind: 'box', from: sourcePoint(10, 10), to: sourcePoint(20, 20) });
    expect(idealBox(emptyMask(SMALL))).toBeUndefined();
  });
});
