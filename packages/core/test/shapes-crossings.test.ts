import { crossesItself, crossingsOf, ShapeFitter, shapeDefaults } from '@rotokit/core/shapes';
import { type FrameIndex, MASK_ONE, maskFromPlane, PER_POINT, type SoftMask, shapeOn } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { contour } from '../src/shapes/contours/contour.js';
import { loopOf } from '../src/shapes/contours/loop.js';
import { isWithin } from '../src/shapes/outlines/deviation.js';
import { untangle } from '../src/shapes/outlines/untangle.js';
import { OWN } from '../src/shapes/parts/chain.js';

/** An outline of straight lines through points, or with handles beside them (dx, dy of the one before, of the one after). */
function outlineOf(points: readonly (readonly number[])[]): Float64Array {
  const outline = new Float64Array(points.length * PER_POINT);
  for (const [i, [x, y, bx = 0, by = 0, ax = 0, ay = 0]] of points.entries())
    outline.set([x!, y!, x! + bx, y! + by, x! + ax, y! + ay], i * PER_POINT);
  return outline;
}

describe('crossings', () => {
  it('are none on a circle, a square and a spike', () => {
    const k = 0.5523 * 40;
    const circle = [
      [140, 100, 0, -k, 0, k],
      [100, 140, k, 0, -k, 0],
      [60, 100, 0, k, 0, -k],
      [100, 60, -k, 0, k, 0],
    ];
    const square = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    const spike = [
      [0, 0],
      [100, 1],
      [0, 2],
    ];
    for (const points of [circle, square, spike]) expect(crossingsOf(outlineOf(points))).toEqual([]);
  });
  it('are found where two segments meet, with the place and the parameters', () => {
    const bow = outlineOf([
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
    ]);
    const [crossing, ...more] = crossingsOf(bow);
    expect(more).toEqual([]);
    expect(crossing).toMatchObject({ segment: 0, other: 2 });
    expect([crossing!.x, crossing!.y]).toEqual([5, 5]);
    expect(crossing!.t).toBeCloseTo(0.5, 6);
    expect(crossing!.u).toBeCloseTo(0.5, 6);
    expect(crossesItself(bow)).toBe(true);
  });
  it('are found within one segment that makes a loop, and between a segment and the next', () => {
    const loop = outlineOf([
      [0, 0, 0, 0, 60, 40],
      [20, 0, -60, 40, 0, 0],
      [10, -30],
    ]);
    expect(crossingsOf(loop).map((c) => [c.segment, c.other])).toEqual([[0, 0]]);
    const overtaken = outlineOf([
      [0, 0, 0, 0, 10, 20],
      [30, 0, 10, 20, -14, 12],
      [0, 40],
      [-20, 20],
    ]);
    expect(crossingsOf(overtaken).some((c) => c.segment === 0 && c.other === 1)).toBe(true);
  });
  it('are none where points fall together or stretches run along themselves', () => {
    const twice = [
      [0, 0],
      [10, 0],
      [10, 0],
      [10, 10],
    ];
    const there = [
      [0, 0],
      [10, 0],
      [20, 0],
      [10, 0],
    ];
    expect(crossesItself(outlineOf(twice))).toBe(false);
    expect(crossesItself(outlineOf(there))).toBe(false);
    expect(crossesItself(new Float64Array(0))).toBe(false);
  });
});

const size = { width: 160, height: 120 };
/** A hard mask of what `inside` says of pixel centres. */
function maskOf(inside: (x: number, y: number) => boolean): SoftMask {
  const plane = new Uint16Array(size.width * size.height);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) if (inside(x + 0.5, y + 0.5)) plane[y * size.width + x] = MASK_ONE;
  return maskFromPlane(size, plane);
}

/** A block with a slit a pixel wide, as straight segments between its corners, the walls of the slit bent by so much into it. */
function slit(bend: number) {
  const corners = [
    [20, 20],
    [100, 20],
    [100, 90],
    [60.5, 90],
    [60.5, 40],
    [59.5, 40],
    [59.5, 90],
    [20, 90],
  ] as const;
  const loop = loopOf(contour(Float64Array.from(corners.flat())), 1);
  const at = Int32Array.from(corners, ([x, y]) => {
    const away = Array.from(loop.x, (v, k) => Math.hypot(v - x, loop.y[k]! - y));
    return away.indexOf(Math.min(...away));
  });
  const outline = outlineOf(
    corners.map(([x, y], i) => {
      const [p, q] = [corners.at(i - 1)!, corners[(i + 1) % corners.length]!];
      const into = (wall: number) => (wall === 3 ? -bend : wall === 5 ? bend : 0);
      const before = [(p[0] - x) / 3 + into(i - 1), (p[1] - y) / 3];
      return [x, y, ...before, (q[0] - x) / 3 + into(i), (q[1] - y) / 3];
    }),
  );
  return { outline, loop, at, kinds: corners.map(() => OWN) };
}

describe('untangling', () => {
  it('parts the walls of a slit that crossed, every point within the limit', () => {
    const traced = slit(0.9);
    expect(crossingsOf(traced.outline).map((c) => [c.segment, c.other])).toEqual([
      [3, 5],
      [3, 5],
    ]);
    expect(untangle(traced, 1)).toBe(true);
    expect(crossesItself(traced.outline)).toBe(false);
    expect(isWithin(traced, 1)).toBe(true);
  });
  it('leaves what does not cross as it is', () => {
    const traced = slit(0.4);
    const was = traced.outline.slice();
    expect(untangle(traced, 1)).toBe(true);
    expect(traced.outline).toEqual(was);
  });
  it('gives back what it was where the limit cannot be kept', () => {
    const traced = slit(6);
    const was = traced.outline.slice();
    expect(untangle(traced, 0.001)).toBe(false);
    expect(traced.outline).toEqual(was);
  });
});

/** Fits and looks at every frame, those between keys included. */
function crossingFrames(masks: readonly SoftMask[], settings = {}) {
  const fitter = new ShapeFitter({ name: 'hero', settings: { ...shapeDefaults(size), ...settings } });
  for (const [i, mask] of masks.entries()) fitter.add(i as FrameIndex, mask);
  const steps = fitter.fit();
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { shapes, statistics } = step.value;
  const crossing = shapes.flatMap((s) =>
    masks.flatMap((_, f) => {
      const now = shapeOn(s, f as FrameIndex);
      return now && crossesItself(now.outline) ? [`${s.id} on ${f}`] : [];
    }),
  );
  return { shapes, statistics, crossing };
}

describe('fitted shapes', () => {
  it('of several parts have cuts that stay clear of the contour', () => {
    const masks = Array.from({ length: 4 }, (_, f) =>
      maskOf((x, y) => {
        const a = Math.atan2(y - 60, x - 80);
        return Math.hypot(x - 80, y - 60) < 38 + 12 * Math.sin(11 * a + f / 4);
      }),
    );
    const { crossing, shapes } = crossingFrames(masks, { points: 16 });
    expect(shapes.length).toBeGreaterThan(1);
    expect(crossing).toEqual([]);
  });
});
