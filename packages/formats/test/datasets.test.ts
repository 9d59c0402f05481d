import { MASK_ONE, maskFromPlane, type SoftMask, sameMask, size } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { describeWithPython } from '../../../tests/support/python.js';
import {
  binaryMask,
  cocoJson,
  countsFromText,
  cvatXml,
  type Dataset,
  type DatasetFacts,
  davisPalette,
  decodePng,
  encodePng,
  labelmeJson,
  maskFromCounts,
  masksFromLabels,
  motsId,
  motsText,
  type RunFrame,
  readCoco,
  readCvat,
  readLabelme,
  readMots,
  readYoutubeVis,
  rleCounts,
  rleText,
  runMask,
  youtubeVisJson,
} from '../src/index.js';
import { disc, seeded } from './pictures.js';

const [W, H] = [53, 41];
const random = seeded(77);
const noise = (share: number): SoftMask =>
  maskFromPlane(
    size(W, H),
    Uint16Array.from({ length: W * H }, () => (random() < share ? 30_000 + random() * 35_000 : random() * 20_000)),
  );
const ring = (() => {
  const [outer, inner] = [disc(W, H, 26, 20, 15), disc(W, H, 26, 20, 8)].map((m) => binaryMask(m));
  const plane = new Uint16Array(W * H);
  for (const [m, v] of [
    [outer!, MASK_ONE],
    [inner!, 0],
  ] as const)
    for (let y = m.window.y0, i = 0; y < m.window.y1; y++)
      for (let x = m.window.x0; x < m.window.x1; x++, i++) if (m.values[i]) plane[y * W + x] = v;
  return maskFromPlane(size(W, H), plane);
})();
const none = disc(W, H, -50, -50, 1);
const full = maskFromPlane(size(W, H), new Uint16Array(W * H).fill(MASK_ONE));
const masks = [
  disc(W, H, 20, 20, 9, 6),
  noise(0.5),
  ring,
  none,
  full,
  noise(0.02),
  disc(W, H, 0, 0, 9),
  disc(W, H, W, H, 9),
];
/** Every mask takes its turn as first and as second object. */
const frames = masks.map((_, f) => [masks[f]!, masks[(f + 3) % masks.length]!]);
const runs: RunFrame[] = frames.map((objects, f) => ({ number: 1001 + f, objects: objects.map(runMask) }));
const facts: DatasetFacts = {
  shot: 'sh010',
  size: { width: W, height: H },
  rate: { num: 24, den: 1 },
  objects: ['hero "1" <&>', 'собака'],
  picture: (n) => `sh010.${n}.png`,
};
const bytes = (text: string) => new TextEncoder().encode(text);

/** Every object of a data set on every frame is the binary mask that went in. */
function expectSame(read: Dataset, names: readonly string[]): void {
  expect(read.size).toEqual(facts.size);
  expect(read.frames).toBe(frames.length);
  expect(read.tracks.map((t) => t.name)).toEqual(names);
  read.tracks.forEach((track, o) => {
    const here = frames.flatMap((objects, f) => (runMask(objects[o]!) ? [f] : []));
    expect(track.frames).toEqual(here);
    for (const f of here) expect(sameMask(track.mask(f), binaryMask(frames[f]![o]!)), `${track.name} ${f}`).toBe(true);
  });
}

describe('run lengths', () => {
  it.each([
    [[4, 2, 2, 3, 8, 1], '42216N'],
    [[0, 20], '0d0'],
    [[20], 'd0'],
    [[100, 40, 3, 900, 2, 1], 'T3X13lj0OmSO'],
  ])('%j is %s, as COCO writes it', (counts, text) => {
    expect(rleText(counts)).toBe(text);
    expect(countsFromText(text)).toEqual(counts);
  });

  it('go down the columns and begin with zeros', () => {
    const mask = maskFromPlane(size(2, 3), Uint16Array.of(65535, 0, 65535, 0, 0, 65535));
    expect(rleCounts(mask)).toEqual([0, 2, 3, 1]);
    expect(sameMask(maskFromCounts(size(2, 3), [0, 2, 3, 1]), mask)).toBe(true);
  });

  it('give every mask back', () => {
    for (const mask of masks) {
      const counts = rleCounts(mask);
      expect(counts.reduce((a, b) => a + b)).toBe(W * H);
      expect(counts.slice(1).every((n) => n > 0)).toBe(true);
      expect(sameMask(maskFromCounts(size(W, H), countsFromText(rleText(counts))), binaryMask(mask))).toBe(true);
    }
  });
});

describe('data sets come back equal', () => {
  it('COCO', () => expectSame(readCoco(bytes(cocoJson(facts, runs))), facts.objects));
  it('YouTube-VIS', () => expectSame(readYoutubeVis(bytes(youtubeVisJson(facts, runs))), facts.objects));
  it('CVAT for video', () => expectSame(readCvat(bytes(cvatXml(facts, runs))), facts.objects));
  it('MOTS', () => expectSame(readMots(bytes(motsText(facts.size, runs))), ['object 1', 'object 2']));

  it('LabelMe, with polygons where nothing is cut out and masks where something is', () => {
    for (const objects of frames) {
      const named = objects.map((mask, i) => ({ name: facts.objects[i]!, mask }));
      const text = labelmeJson({ size: facts.size, picture: 'sh010.1001.png', objects: named });
      const read = readLabelme(bytes(text));
      for (const { name, mask } of named) {
        const found = read.masks.get(name);
        expect(found === undefined).toBe(runMask(mask) === null);
        if (found) expect(sameMask(found, binaryMask(mask))).toBe(true);
      }
    }
    const kinds = (mask: SoftMask) =>
      JSON.parse(labelmeJson({ size: facts.size, picture: 'p', objects: [{ name: 'o', mask }] })).shapes.map(
        (s: { shape_type: string }) => s.shape_type,
      );
    expect(kinds(disc(W, H, 20, 20, 9))).toEqual(['polygon']);
    expect(kinds(ring)).toEqual(['mask']);
  });

  it('DAVIS numbers, without those that are not counted', () => {
    const indices = Uint8Array.from({ length: W * H }, (_, i) => [0, 1, 2, 255][i % 4]!);
    const png = encodePng({ kind: 'indexed', width: W, height: H, indices, palette: davisPalette() });
    const read = masksFromLabels(decodePng(png));
    expect([...read.keys()]).toEqual([1, 2]);
    for (const [label, mask] of read)
      expect(
        sameMask(
          mask,
          maskFromPlane(
            size(W, H),
            Uint16Array.from(indices, (v) => (v === label ? 65535 : 0)),
          ),
        ),
      ).toBe(true);
  });

  it('MOTS pictures of 16 bits', () => {
    const samples = Uint16Array.from({ length: W * H }, (_, i) => [0, motsId(0), motsId(1), 10_000][i % 4]!);
    const read = masksFromLabels(decodePng(encodePng({ kind: 'pixels', width: W, height: H, channels: 1, samples })));
    expect([...read.keys()]).toEqual([2001, 2002]);
  });
});

describe('what other tools write', () => {
  it('reads COCO polygons and plain counts, and joins annotations of one object', () => {
    const [a, b] = [disc(W, H, 10, 10, 6), disc(W, H, 40, 30, 7)].map(binaryMask);
    const text = JSON.stringify({
      images: [
        { id: 7, file_name: 'b.jpg', width: W, height: H },
        { id: 9, file_name: 'a.jpg', width: W, height: H },
      ],
      categories: [{ id: 3, name: 'cat' }],
      annotations: [
        { id: 1, image_id: 9, category_id: 3, segmentation: { size: [H, W], counts: rleCounts(a!) } },
        { id: 2, image_id: 9, category_id: 3, segmentation: { size: [H, W], counts: rleCounts(b!) } },
        { id: 3, image_id: 7, category_id: 3, segmentation: [[2, 3, 6, 3, 6, 9, 2, 9]] },
      ],
    });
    const [track] = readCoco(bytes(text)).tracks;
    expect(track!.frames).toEqual([0, 1]);
    expect(track!.mask(0).values.filter((v) => v).length).toBe(
      [a, b].reduce((n, m) => n + m!.values.filter((v) => v).length, 0),
    );
    expect(track!.mask(1).window).toEqual({ x0: 2, y0: 3, x1: 6, y1: 9 });
  });

  it('ends damage in a coded error', () => {
    const unreadable = expect.objectContaining({ code: 'MEDIA_UNREADABLE' });
    for (const text of ['', '{}', '[]', '{"images":[],"categories":[],"annotations":[]}'])
      for (const read of [readCoco, readYoutubeVis, readLabelme]) expect(() => read(bytes(text))).toThrow(unreadable);
    for (const text of ['', '<a>', '<annotations/>', '<!DOCTYPE a [<!ENTITY b "c">]><a/>'])
      expect(() => readCvat(bytes(text))).toThrow(unreadable);
    expect(() => readMots(bytes('0 2001 2 4 5'))).toThrow(unreadable);
    expect(() => readMots(bytes('0 2001 2 4 5 d0')).tracks[0]!.mask(0)).not.toThrow();
    expect(() => readMots(bytes('0 2001 2 4 5 d1')).tracks[0]!.mask(0)).toThrow(unreadable);
  });
});

describeWithPython('pycocotools', 'run lengths in pycocotools', (run) => {
  it('decode to the very pixels, with the same area and box', () => {
    const program = `
import json, sys
from pycocotools import mask as M
out = []
for rle in json.loads(sys.argv[1]):
    r = {'size': rle['size'], 'counts': rle['counts'].encode()}
    m = M.decode(r)
    out.append({'pixels': m.ravel().tolist(), 'area': int(M.area(r)), 'bbox': M.toBbox(r).tolist(), 'again': M.encode(m)['counts'].decode()})
print(json.dumps(out))`;
    const written = masks.map((m) => runMask(m)).filter((m) => m !== null);
    const seen = run(program, JSON.stringify(written.map((m) => ({ size: [H, W], counts: m.rle })))) as {
      pixels: number[];
      area: number;
      bbox: number[];
      again: string;
    }[];
    seen.forEach((s, i) => {
      const m = written[i]!;
      expect([s.area, s.bbox, s.again]).toEqual([m.area, m.bbox, m.rle]);
      const mask = maskFromPlane(
        size(W, H),
        Uint16Array.from(s.pixels, (v) => v * 65535),
      );
      expect(sameMask(mask, maskFromCounts(size(W, H), countsFromText(m.rle)))).toBe(true);
    });
  });
});
