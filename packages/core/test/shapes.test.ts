import { contoursOf, coverageOf, rasteriseShapes, ShapeFitter, shapeDefaults } from '@rotokit/core/shapes';
import {
  type FrameIndex,
  MASK_ONE,
  maskFromPlane,
  PER_POINT,
  type Shape,
  type SoftMask,
  shapeOn,
} from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';

const size = { width: 160, height: 120 };

/** A mask whose pixels are how deep they lie inside a signed distance, one pixel wide at the edge. */
function maskOf(distance: (x: number, y: number) => number): SoftMask {
  const plane = new Uint16Array(size.width * size.height);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      plane[y * size.width + x] = Math.round(MASK_ONE * Math.min(1, Math.max(0, 0.5 - distance(x + 0.5, y + 0.5))));
  return maskFromPlane(size, plane);
}
const disc = (cx: number, cy: number, r: number) => (x: number, y: number) => Math.hypot(x - cx, y - cy) - r;
const box = (x0: number, y0: number, x1: number, y1: number) => (x: number, y: number) =>
  Math.max(x0 - x, x - x1, y0 - y, y - y1);

function fit(masks: readonly SoftMask[], settings = {}, earlier: readonly Shape[] = []) {
  const fitter = new ShapeFitter({ name: 'hero', settings: { ...shapeDefaults(size), ...settings }, earlier });
  for (const [i, mask] of masks.entries()) fitter.add(i as FrameIndex, mask);
  const steps = fitter.fit();
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

describe('contours', () => {
  it('run at one half to a tenth of a pixel on a soft disc', () => {
    const [c] = contoursOf(maskOf(disc(80.3, 60.7, 30)));
    for (let k = 0; k < c.xy.length; k += 2)
      expect(Math.abs(Math.hypot(c.xy[k] - 80.3, c.xy[k + 1] - 60.7) - 30)).toBeLessThan(0.1);
  });
  it('go clockwise round islands and the other way round holes', () => {
    const ring = maskOf((x, y) => Math.max(disc(80, 60, 40)(x, y), -disc(80, 60, 15)(x, y)));
    expect(
      contoursOf(ring)
        .map((c) => Math.sign(c.area))
        .sort(),
    ).toEqual([-1, 1]);
  });
});

describe('coverage', () => {
  it('is the exact area of every pixel of a box between pixels', () => {
    const corners = [
      [10.25, 20.5],
      [30.75, 20.5],
      [30.75, 40],
      [10.25, 40],
    ];
    const outline = new Float64Array(4 * PER_POINT);
    for (const [i, [x, y]] of corners.entries()) outline.set([x, y, x, y, x, y], i * PER_POINT);
    const plane = coverageOf(outline, size);
    const at = (x: number, y: number) => plane[y * size.width + x];
    for (const [x, y, v] of [
      [10, 20, 0.375],
      [20, 20, 0.5],
      [30, 30, 0.75],
      [20, 30, 1],
      [31, 30, 0],
    ]) {
      expect(at(x, y)).toBeCloseTo(v, 6);
    }
    expect(plane.reduce((a, b) => a + b, 0)).toBeCloseTo(20.5 * 19.5, 2);
  });
});

describe('fitting', () => {
  const moving = Array.from({ length: 12 }, (_, f) => maskOf(disc(40 + 5 * f, 60, 25)));

  it('needs two keys for what moves evenly, and stays within the error', () => {
    const { shapes, statistics } = fit(moving);
    expect(shapes).toHaveLength(1);
    expect(shapes[0].keys.map((k) => k.frame)).toEqual([0, 11]);
    expect(statistics[0].worst).toBeLessThan(1.5);
  });
  it('bends keys so that every frame is within the error, where no two frames are as they stand', () => {
    const wobbling = moving.map((_, f) => maskOf(disc(40 + 5 * f, 60, f % 2 ? 26.1 : 23.9)));
    const { shapes, statistics } = fit(wobbling);
    expect(shapes[0].keys.map((k) => k.frame)).toEqual([0, 11]);
    expect(statistics[0].worst).toBeLessThanOrEqual(1.5);
  });
  it('keeps a key on every frame when asked to, with the same points on each', () => {
    const { shapes } = fit(moving, { keyError: 0 });
    expect(shapes[0].keys).toHaveLength(12);
    expect(new Set(shapes[0].keys.map((k) => k.outline.length)).size).toBe(1);
  });
  it('puts corners where they are and takes holes away', () => {
    const frame = (x: number, y: number) => Math.max(box(30, 20, 130, 100)(x, y), -disc(80, 60, 20)(x, y));
    const out = fit([maskOf(frame), maskOf(frame)]);
    expect(out.shapes.map((s) => s.mode)).toEqual(['add', 'subtract']);
    expect(out.shapes[0].corners.filter((c) => c).length).toBeGreaterThanOrEqual(4);
    const { outline } = shapeOn(out.shapes[0], 0 as FrameIndex)!;
    for (const [x, y] of [
      [30, 20],
      [130, 20],
      [130, 100],
      [30, 100],
    ]) {
      const near = out.shapes[0].corners.map((_, i) => Math.hypot(outline[i * 6] - x, outline[i * 6 + 1] - y));
      expect(Math.min(...near)).toBeLessThan(1.5);
    }
    const again = rasteriseShapes(out, 0 as FrameIndex, size);
    expect(again.values.reduce((a, b) => a + b, 0) / MASK_ONE).toBeCloseTo(8000 - Math.PI * 400, -2);
  });
  it('divides what needs too many points into parts that cover it', () => {
    const star = (x: number, y: number) =>
      Math.hypot(x - 80, y - 60) - 40 - 8 * Math.sin(14 * Math.atan2(y - 60, x - 80));
    const masks = [maskOf(star), maskOf(star)];
    const { shapes } = fit(masks, { error: 0.5, points: 16 });
    expect(shapes.length).toBeGreaterThan(1);
    for (const s of shapes) expect(s.corners.length).toBeLessThanOrEqual(16);
    const again = rasteriseShapes({ shapes }, 0 as FrameIndex, size);
    const area = (m: SoftMask) => m.values.reduce((a, b) => a + b, 0) / MASK_ONE;
    expect(Math.abs(area(again) - area(masks[0])) / area(masks[0])).toBeLessThan(0.01);
  });
  it('tells of a split and keeps the larger piece the same region', () => {
    const apart = (d: number) => maskOf((x, y) => Math.min(disc(60, 60, 25)(x, y), disc(95 + d, 60, 14)(x, y)));
    const { events } = fit([apart(0), apart(0), apart(8), apart(8)]);
    expect(events).toEqual([{ frame: 2, kind: 'split', region: 2, of: 1 }]);
  });
  it('estimates the feather of a soft edge and none for a hard one', () => {
    const soft = (w: number) => maskOf((x, y) => disc(80, 60, 30)(x, y) / w);
    expect(Math.max(...fit([soft(1)]).shapes[0].keys[0].feather)).toBeLessThan(0.5);
    const { feather } = fit([soft(9)]).shapes[0].keys[0];
    for (const f of feather) expect(Math.abs(f - 8)).toBeLessThan(1.5);
  });
  it('takes thin pieces and narrow holes with hard edges for hard', () => {
    const slit = (x: number, y: number) => Math.max(box(30, 20, 130, 100)(x, y), -box(60, 58, 100, 61)(x, y));
    const piece = (x: number, y: number) => Math.min(slit(x, y), box(20, 108, 60, 111)(x, y));
    const { shapes } = fit([maskOf(piece)]);
    expect(shapes).toHaveLength(3);
    for (const s of shapes) expect(Math.max(...s.keys[0]!.feather), s.name).toBeLessThan(0.5);
  });
  it('keeps edited keys to the last digit and every other frame within the error', () => {
    const [first] = fit(moving).shapes as [Shape];
    const outline = shapeOn(first, 5 as FrameIndex)!.outline.map((v) => v + 4);
    const key = { frame: 5 as FrameIndex, outline, feather: first.keys[0]!.feather, edited: true };
    const edited: Shape = { ...first, keys: [first.keys[0]!, key, first.keys[1]!] };
    const again = fit(moving, {}, [edited]);
    const kept = again.shapes[0]!.keys.find((k) => k.frame === 5)!;
    expect(kept.edited).toBe(true);
    expect(kept.outline).toEqual(outline);
    expect(again.shapes[0]!.keys.filter((k) => k.edited)).toHaveLength(1);
    expect(again.statistics[0]!.worst).toBeLessThan(1.5);
    expect(again.asTheyWere).toEqual([]);
  });
  describe('after the mattes have changed', () => {
    const lobes = (x: number, y: number) =>
      Math.hypot(x - 80, y - 60) - 40 - 8 * Math.sin(9 * Math.atan2(y - 60, x - 80));
    const round = [0, 1, 2, 3].map(() => maskOf(disc(80, 60, 40)));
    const flower = round.map(() => maskOf(lobes));
    const edit = (shape: Shape, by = 2): Shape => {
      const keys = shape.keys.map((k, i) => (i ? k : { ...k, outline: k.outline.map((v) => v + by), edited: true }));
      return { ...shape, keys };
    };

    it('an edited key gets the points of the new fit, and stays the same curve', () => {
      const edited = edit(fit(round).shapes[0]!);
      const again = fit(flower, {}, [edited]);
      expect(again.asTheyWere).toEqual([]);
      const [shape, statistics] = [again.shapes[0]!, again.statistics[0]!];
      expect(shape.corners.length).toBeGreaterThan(edited.corners.length);
      expect(statistics.edited).toBe(1);
      expect(statistics.inserted).toBe(shape.corners.length - edited.corners.length);
      expect(statistics.worst).toBeLessThan(1.5);
      const [was, is] = [edited.keys[0]!.outline, shape.keys[0]!.outline];
      const [before, after] = [coverageOf(was, size), coverageOf(is, size)];
      expect(Math.max(...before.map((v, k) => Math.abs(v - after[k]!)))).toBeLessThan(0.02);
      // Every point that was there still is, to the last digit.
      for (let p = 0; p < was.length; p += PER_POINT) {
        const found = shape.corners.some(
          (_, i) => is[i * PER_POINT] === was[p] && is[i * PER_POINT + 1] === was[p + 1],
        );
        expect(found).toBe(true);
      }
    });
    it('an edited shape keeps its points where fewer would do now', () => {
      const edited = edit(fit(flower).shapes[0]!);
      const again = fit(round, {}, [edited]);
      expect(again.shapes[0]!.corners.length).toBe(edited.corners.length);
      expect(again.shapes[0]!.keys[0]!.outline).toEqual(edited.keys[0]!.outline);
      expect(again.statistics[0]!).toMatchObject({ edited: 1, inserted: 0 });
      expect(again.statistics[0]!.worst).toBeLessThan(1.5);
    });
    it('an edited shape stays as it was where another one has its name, and this is told', () => {
      const edited = edit(fit(round).shapes[0]!);
      const again = fit(
        round.map(() => maskOf(disc(20, 20, 12))),
        {},
        [edited],
      );
      expect(again.shapes.find((s) => s.id === edited.id)).toBe(edited);
      expect(again.asTheyWere).toEqual([edited.id]);
    });
  });
  it('refuses settings out of range by name', () => {
    expect(() => fit([], { points: 3 })).toThrow(/shape points must be/);
  });
});
