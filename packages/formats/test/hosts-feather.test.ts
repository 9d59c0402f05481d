import {
  type FrameIndex,
  frameNumber,
  frameRange,
  objectId,
  type Shape,
  type ShapeKey,
  type ShapeScene,
} from '@rotokit/core/values';
import { HOSTS, type HostName } from '@rotokit/formats';
import { describe, expect, it } from 'vitest';
import { type ReadShape, readBlender, readFusion, readNatron, readNuke } from './support/host-readers.js';

const size = { width: 320, height: 200 };
const POINTS = 8;

/** A circle of `POINTS` points that runs clockwise on the screen or the other way, soft by another width at each point. */
function circle(frame: number, radius: number, clockwise: boolean, soft: number): ShapeKey {
  const outline = new Float64Array(6 * POINTS);
  const turn = clockwise ? 1 : -1;
  for (let i = 0; i < POINTS; i++) {
    const a = ((turn * 2 * Math.PI) / POINTS) * i;
    const [x, y] = [160 + frame + radius * Math.cos(a), 100 + radius * Math.sin(a)];
    const [hx, hy] = [-turn * 12 * Math.sin(a), turn * 12 * Math.cos(a)];
    outline.set([x, y, x - hx, y - hy, x + hx, y + hy], 6 * i);
  }
  const feather = Float64Array.from({ length: POINTS }, (_, i) => (soft ? soft + i / 2 + frame / 4 : 0));
  return { frame: frame as FrameIndex, outline, feather, edited: false };
}
const shape = (id: string, mode: Shape['mode'], keys: readonly ShapeKey[]): Shape => ({
  ...{ id, name: `ring ${id}`, mode, keys, corners: Array.from({ length: POINTS }, () => false) },
  visible: [frameRange(0, 5)],
});
const scene: ShapeScene = {
  ...{ shot: 'sh010', size, rate: { num: 24, den: 1 }, range: frameRange(0, 5), first: frameNumber(1001) },
  objects: [
    {
      ...{ object: objectId('o1'), name: 'Hero', colour: [1, 2, 3] },
      shapes: [
        shape('1', 'add', [circle(0, 80, true, 4), circle(4, 82, true, 6)]),
        shape('2', 'subtract', [circle(0, 40, false, 3), circle(4, 41, false, 3)]),
        shape('3', 'subtract', [circle(0, 20, false, 0), circle(4, 21, false, 0)]),
      ],
    },
  ],
};
const shapes = scene.objects[0]!.shapes;
const READERS: Readonly<Partial<Record<HostName, (text: string, at: typeof size) => readonly ReadShape[]>>> = {
  ...{ nuke: readNuke, fusion: readFusion, natron: readNatron, blender: readBlender },
};

describe.each(Object.entries(READERS))('%s, a soft edge at every point', (host, read) => {
  const found = read(HOSTS[host as HostName].files(scene)[0]!.text, size);
  /** Points of a key in our order: Blender has soft shapes clockwise. */
  const ours = <T>(n: number, list: readonly T[]): readonly T[] =>
    host === 'blender' && n === 1 ? [...list].reverse() : list;

  it('runs from half its width inside the outline to half its width outside of it', () => {
    for (const n of [0, 1])
      for (const [k, key] of found[n]!.keys.entries()) {
        const { outline, feather } = shapes[n]!.keys[k]!;
        const points = ours(n, key.points);
        expect(points).toHaveLength(POINTS);
        for (const [i, [x, y]] of points.entries()) {
          const [ax, ay] = [outline[6 * i]!, outline[6 * i + 1]!];
          const [mx, my] = [160 + shapes[n]!.keys[k]!.frame, 100];
          const radius = Math.hypot(ax - mx, ay - my);
          expect(Math.hypot(x! - mx, y! - my)).toBeCloseTo(radius - feather[i]! / 2, 2);
          expect(Math.hypot(x! - ax, y! - ay)).toBeCloseTo(feather[i]! / 2, 2);
          if (key.widths) expect(ours(n, key.widths)[i]).toBeCloseTo(feather[i]!, 2);
          else {
            const [ox, oy] = key.outer![i]!;
            expect(Math.hypot(ox! - mx, oy! - my)).toBeCloseTo(radius + feather[i]! / 2, 2);
            expect(Math.hypot(ox! - x!, oy! - y!)).toBeCloseTo(feather[i]!, 2);
          }
        }
      }
  });
  it('has handles that go along with their points', () => {
    for (const [k, key] of found[0]!.keys.entries()) {
      const { outline } = shapes[0]!.keys[k]!;
      const handles = (p: readonly number[] | Float64Array, at = 0) => [p[at + 2]! - p[at]!, p[at + 3]! - p[at + 1]!];
      for (const points of key.outer ? [key.points, key.outer] : [key.points])
        for (const [i, p] of ours(0, points).entries())
          for (const axis of [0, 1]) expect(handles(p)[axis]).toBeCloseTo(handles(outline, 6 * i)[axis]!, 2);
    }
  });
  it('leaves a hard shape hard', () => {
    for (const key of found[2]!.keys) {
      expect(key.outer).toBeUndefined();
      expect(key.widths).toBeUndefined();
    }
  });
});
