import { runInNewContext } from 'node:vm';
import type { FrameIndex, ShapeKey, ShapeScene } from '@rotokit/core/values';
import { frameNumber, frameRange, objectId } from '@rotokit/core/values';
import { HOST_NAMES, HOSTS } from '@rotokit/formats';
import { describe, expect, it } from 'vitest';

/** A square of 40 pixels that moves 10 to the right between frames 1001 and 1003 and is gone on 1004. */
const square = (x: number, frame: number): ShapeKey => ({
  frame: frame as FrameIndex,
  outline: Float64Array.from(
    [
      [x, 30],
      [x + 40, 30],
      [x + 40, 70],
      [x, 70],
    ].flatMap(([a, b]) => [a, b, a - 1, b - 2, a + 3, b + 4]),
  ),
  feather: new Float64Array(4),
  edited: false,
});
const scene: ShapeScene = {
  shot: 'sh010',
  size: { width: 200, height: 100 },
  rate: { num: 24, den: 1 },
  range: frameRange(0, 4),
  first: frameNumber(1001),
  objects: [
    {
      object: objectId('o1'),
      name: 'Hero é',
      colour: [255, 0, 0],
      shapes: [
        {
          id: '1',
          name: 'hero 1',
          mode: 'add',
          corners: [true, true, true, true],
          visible: [frameRange(0, 3)],
          keys: [square(20, 0), square(30, 2)],
        },
      ],
    },
  ],
};
const text = (host: (typeof HOST_NAMES)[number]) => HOSTS[host].files(scene)[0].text;

/** Words and nested braces, as Tcl reads them. */
type Tcl = string | readonly Tcl[];
function tcl(source: string): readonly Tcl[] {
  const tokens = source.match(/"[^"]*"|[{}]|[^\s{}"]+/g) ?? [];
  const list = (): Tcl[] => {
    const out: Tcl[] = [];
    for (let t = tokens.shift(); t !== undefined && t !== '}'; t = tokens.shift()) out.push(t === '{' ? list() : t);
    return out;
  };
  return list();
}
const find = (tree: Tcl, head: string): readonly Tcl[] | undefined => {
  if (typeof tree === 'string') return undefined;
  if (tree[0] === head) return tree;
  for (const t of tree) {
    const found = find(t, head);
    if (found) return found;
  }
  return undefined;
};

describe('every host', () => {
  it.each(HOST_NAMES)('%s states its version and how it was checked, and writes files', (name) => {
    expect(HOSTS[name].title).toMatch(/\d/);
    expect(HOSTS[name].checked.length).toBeGreaterThan(10);
    for (const f of HOSTS[name].files(scene)) expect(f.text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('nuke', () => {
  it('nests a curve group of three pairs a point, y up, handles relative, keyed by frame numbers', () => {
    const source = text('nuke');
    expect(source).toMatch(/^[\x20-\x7e\n]*$/);
    const group = find(tcl(source), 'curvegroup') as readonly Tcl[];
    const points = find(group, 'p') as readonly Tcl[];
    expect(points).toHaveLength(1 + 4 * 3);
    expect(points[2]).toEqual([
      [
        ['1001', '20'],
        ['1003', '30'],
      ],
      [
        ['1001', '70'],
        ['1003', '70'],
      ],
    ]);
    expect(points[1]).toEqual([
      [
        ['1001', '-1'],
        ['1003', '-1'],
      ],
      [
        ['1001', '2'],
        ['1003', '2'],
      ],
    ]);
    expect(find(group, 'a')).toContainEqual([
      ['1001', '1'],
      ['1003', '1'],
      ['1004', '0'],
    ]);
  });
});

describe('after effects', () => {
  it('makes a mask a shape and keys it in seconds, in ASCII without JSON', () => {
    const source = text('ae');
    expect(source).toMatch(/^[\x20-\x7e\n]*$/);
    expect(source).not.toMatch(/JSON|=>|\b(let|const)\b/);
    const calls: unknown[] = [];
    const property = (name: string | number): object => ({
      property,
      addProperty: (n: string) => calls.push(['add', n]),
      setValuesAtTimes: (t: unknown, v: unknown) => calls.push([name, t, v]),
      setInterpolationTypeAtKey: (k: number) => calls.push(['hold', k]),
    });
    const layers = { addSolid: () => ({ property }) };
    runInNewContext(source, {
      app: { beginUndoGroup() {}, endUndoGroup() {}, project: { items: { addComp: () => ({ layers }) } } },
      Shape: function Shape() {},
      MaskMode: {},
      KeyframeInterpolationType: {},
    });
    const plain = JSON.parse(JSON.stringify(calls)) as [string, number[], { vertices: number[][] }[]][];
    const [, times, shapes] = plain.find(([n]) => n === 'ADBE Mask Shape')!;
    expect(times).toEqual([0, 0.08333333]);
    expect(shapes[1].vertices[0]).toEqual([30, 30]);
    expect(plain.find(([n]) => n === 'ADBE Mask Opacity')).toEqual(['ADBE Mask Opacity', [0, 0.125], [100, 0]]);
  });
});

describe('soft shapes', () => {
  const soft = (width: number): ShapeScene => ({
    ...scene,
    objects: scene.objects.map((o) => ({
      ...o,
      shapes: o.shapes.map((s) => ({ ...s, keys: s.keys.map((k) => ({ ...k, feather: k.feather.map(() => width) })) })),
    })),
  });
  it('have their width in After Effects and half of it as radius in MLT; narrow ramps are hard', () => {
    const of = (host: 'ae' | 'mlt', width: number) => HOSTS[host].files(soft(width))[0].text;
    expect(of('ae', 8)).toContain('feather: [[8,8],[8,8]]');
    expect(of('ae', 1)).toContain('feather: null');
    expect(of('mlt', 8)).toContain('<property name="feather">4</property>');
    expect(of('mlt', 1)).not.toContain('feather');
  });
});

describe('coordinates', () => {
  it('fusion counts from the middle, y up, in parts of the picture', () => {
    expect(text('fusion')).toContain('{ X = -0.4, Y = 0.2, LX = -0.005, LY = 0.02, RX = 0.015, RY = -0.04 }');
    expect(text('fusion')).toContain('[1003] = { 1,');
  });
  it('silhouette counts from the middle in heights, y down, frames from 0', () => {
    expect(text('silhouette')).toContain(
      '<Point>(-0.800000,-0.200000),(-0.810000,-0.220000),(-0.770000,-0.160000)</Point>',
    );
    expect(text('silhouette')).toContain('<Key frame="3" interp="hold">0</Key>');
  });
  it('mlt gives handle, point, handle as parts of the picture, keys from the clip’s first frame', () => {
    const spline = JSON.parse(/<property name="spline">(.*)<\/property>/.exec(text('mlt'))![1]);
    expect(Object.keys(spline)).toEqual(['0', '2']);
    expect(spline[2][0][1]).toEqual([30.5 / 200, 29.5 / 100]);
  });
  it('lottie has handles relative to their points', () => {
    const [layer] = JSON.parse(text('lottie')).layers;
    const [key] = layer.masksProperties[0].pt.k[0].s;
    expect([key.v[0], key.i[0], key.o[0]]).toEqual([
      [20, 30],
      [-1, -2],
      [3, 4],
    ]);
  });
  it('svg interpolates between keys and is empty where the shape is gone', () => {
    const files = HOSTS.svg.files(scene);
    expect(files.map((f) => f.name)[0]).toBe('Hero_e/sh010_Hero_e.1001.svg');
    expect(files[1].text).toContain('M25 30C28 34');
    expect(files[3].text).not.toContain('<path');
  });
});
