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
import {
  type ReadShape,
  readBlender,
  readFusion,
  readLottie,
  readMlt,
  readNatron,
  readSilhouette,
} from './support/host-readers.js';

const size = { width: 320, height: 200 };
const FIRST = 1001;

/** A key of `n` points round a middle, every handle of its own length, so that nothing can be mistaken for anything else. */
function key(frame: number, n: number, turn: number): ShapeKey {
  const outline = new Float64Array(6 * n);
  for (let i = 0; i < n; i++) {
    const a = ((turn * 2 * Math.PI) / n) * i;
    const [x, y] = [150 + 3.25 * frame + 60.5 * Math.cos(a), 90 - frame + 50.125 * Math.sin(a)];
    outline.set([x, y, x - 1.5 - i, y + 2.25 + i / 2, x + 3.5 + i / 4, y - 4.75 - frame / 8], 6 * i);
  }
  return { frame: frame as FrameIndex, outline, feather: new Float64Array(n), edited: false };
}
const shape = (id: string, name: string, part: Omit<Shape, 'id' | 'name' | 'corners'>): Shape => ({
  ...{ id, name, corners: Array.from({ length: part.keys[0]!.feather.length }, () => false) },
  ...part,
});
const object = (id: string, name: string, shapes: readonly Shape[]) => ({
  ...{ object: objectId(id), name, colour: [9, 80, 255] as const, shapes },
});
const scene: ShapeScene = {
  ...{ shot: 'sh010', size, rate: { num: 24000, den: 1001 }, range: frameRange(0, 12), first: frameNumber(FIRST) },
  objects: [
    object('o1', 'Hero "é" <1> & co\'s', [
      shape('1', 'hero 1', {
        mode: 'add',
        visible: [frameRange(0, 12)],
        keys: [key(0, 5, 1), key(4, 5, 1), key(11, 5, 1)],
      }),
      shape('2', 'hero 2 hole', {
        mode: 'subtract',
        visible: [frameRange(2, 5), frameRange(8, 10)],
        keys: [key(2, 4, -1), key(4, 4, -1), key(8, 4, -1), key(9, 4, -1)],
      }),
    ]),
    object('o2', 'Car', [shape('1', 'car 1', { mode: 'add', visible: [frameRange(3, 4)], keys: [key(3, 3, 1)] })]),
  ],
};
const shapes = scene.objects.flatMap((o) => o.shapes);

/** How a host counts frames, how near its numbers are, and in which order its points come. */
interface Reading {
  readonly read: (text: string, size: { width: number; height: number }) => readonly ReadShape[];
  readonly first: number;
  readonly within: number;
  readonly backwards?: boolean;
}
const READINGS: Readonly<Partial<Record<HostName, Reading>>> = {
  fusion: { read: readFusion, first: FIRST, within: 1e-5 },
  silhouette: { read: readSilhouette, first: 0, within: 2e-4 },
  natron: { read: readNatron, first: FIRST, within: 2e-4 },
  blender: { read: readBlender, first: FIRST, within: 1e-4, backwards: true },
  lottie: { read: readLottie, first: 0, within: 2e-3 },
};
const points = ({ outline }: ShapeKey) =>
  Array.from({ length: outline.length / 6 }, (_, i) => [...outline.subarray(6 * i, 6 * i + 6)]);
/** Whether a shape is there on a frame, by values that hold until the next one. */
const isSeen = (seen: ReadShape['seen'], frame: number) => seen.filter(([f]) => f <= frame).at(-1)?.[1] ?? 0;

function near(found: readonly (readonly number[])[], wanted: readonly (readonly number[])[], within: number) {
  expect(found).toHaveLength(wanted.length);
  for (const [i, p] of found.entries())
    for (const [j, v] of p.entries())
      expect(Math.abs(v - wanted[i]![j]!), `point ${i}, number ${j}`).toBeLessThan(within);
}

describe.each(Object.entries(READINGS))('%s, read by its grammar', (host, { read, first, within, backwards }) => {
  const [file] = HOSTS[host as HostName].files(scene);
  const found = read(file!.text, size);

  it('has every shape in order, added or taken away', () => {
    expect(found.map((f) => f.add)).toEqual(shapes.map((s) => s.mode === 'add'));
  });
  it('has every key with every point and handle', () => {
    for (const [n, s] of shapes.entries()) {
      expect(
        found[n]!.keys.map(
          (k) => k.frame - (found[n]!.keys.length > 1 ? first : found[n]!.keys[0]!.frame - s.keys[0]!.frame),
        ),
      ).toEqual(s.keys.map((k) => k.frame));
      for (const [k, wanted] of s.keys.entries()) {
        const got = found[n]!.keys[k]!.points;
        const turned =
          backwards && s.mode === 'add'
            ? [...got].reverse().map(([x, y, a, b, c, d]) => [x!, y!, c!, d!, a!, b!])
            : got;
        near(turned, points(wanted), within);
      }
    }
  });
  it('shows every shape on its frames and no others', () => {
    for (const [n, s] of shapes.entries())
      for (let f = 0; f < 12; f++) {
        const there = s.visible.some((r) => f >= r.start && f < r.end);
        expect(isSeen(found[n]!.seen, f + first), `${s.name} on ${f}`).toBe(there ? 1 : 0);
      }
  });
});

describe('mlt, read by its grammar', () => {
  it('has a filter for each stretch, with its keys half a pixel right and up', () => {
    const found = HOSTS.mlt.files(scene).flatMap((f) => readMlt(f.text, size));
    const stretches = shapes.flatMap((s) => s.visible.map((range) => ({ s, range })));
    expect(found.map((f) => f.seen.map(([frame]) => frame))).toEqual(
      stretches.map(({ range }) => [range.start, range.end]),
    );
    for (const [n, { s, range }] of stretches.entries()) {
      const keys = s.keys.filter((k) => k.frame >= range.start && k.frame < range.end);
      expect(found[n]!.keys.map((k) => k.frame)).toEqual(keys.map((k) => k.frame));
      for (const [k, wanted] of keys.entries())
        near(
          found[n]!.keys[k]!.points,
          points(wanted).map((p) => p.map((v, i) => v + (i % 2 ? -0.5 : 0.5))),
          1e-4,
        );
    }
  });
});
