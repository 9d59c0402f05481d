import { frameRate, isRotokitError } from '@rotokit/core/values';
import { expect, it } from 'vitest';
import {
  cocoJson,
  cryptomatteExr,
  cvatXml,
  type Dataset,
  decodeDpx,
  decodeExrParts,
  decodeManifest,
  decodeTiff,
  encodeDpx,
  encodeExr,
  encodeExrParts,
  encodeManifest,
  encodeTiff,
  labelmeJson,
  matteExrParts,
  motsText,
  readCoco,
  readCryptomattes,
  readCvat,
  readLabelme,
  readMots,
  readYoutubeVis,
  runMask,
  youtubeVisJson,
} from '../src/index.js';
import { mutated, mutatedText } from './mutations.js';
import { disc, seeded } from './pictures.js';

const [W, H] = [40, 35];
const size = { width: W, height: H };
const rate = frameRate(24);
const objects = [
  { name: 'hero', mask: disc(W, H, 15, 15, 8) },
  { name: 'car', mask: disc(W, H, 25, 20, 7) },
];
const mattes = objects.map((o) => ({ channel: `${o.name}.A`, mask: o.mask }));
const frames = [1001, 1002].map((number) => ({ number, objects: objects.map((o) => runMask(o.mask)) }));
const facts = { shot: 's', size, rate, objects: ['hero', 'car'], picture: (n: number) => `s.${n}.png` };
const wave = (n: number) => Uint16Array.from({ length: n }, (_, i) => 500 + 400 * Math.sin(i / 9));
const bytes = (text: string) => new TextEncoder().encode(text);
const limit = { maxPixels: 1 << 20 };
const drained = (data: Dataset) => {
  for (const track of data.tracks) for (const frame of track.frames) track.mask(frame);
};

const PICTURES: readonly (readonly [Uint8Array, (input: Uint8Array) => unknown])[] = [
  [
    encodeExrParts(matteExrParts({ size, mattes, rate, frame: 1001 }, { compression: 'rle' })),
    (b) => decodeExrParts(b, limit),
  ],
  [
    encodeExrParts(matteExrParts({ size, mattes, rate, frame: 1001 }, { window: 'cropped' })),
    (b) => decodeExrParts(b, limit),
  ],
  [
    encodeExr(cryptomatteExr({ size, objects, rate, frame: 1001 })),
    (b) =>
      decodeExrParts(b, limit).forEach((p) => {
        for (const { names, matte } of readCryptomattes(p)) for (const id of names.values()) matte(id);
      }),
  ],
  [
    encodeDpx({
      ...size,
      channels: 3,
      depth: 10,
      samples: wave(W * H * 3),
      transfer: 'linear',
      rate,
      timecode: '01:00:00:00',
    }),
    (b) => decodeDpx(b, limit),
  ],
  [
    encodeDpx({ ...size, channels: 1, depth: 16, samples: wave(W * H), transfer: 'linear' }),
    (b) => decodeDpx(b, limit),
  ],
  [encodeTiff({ ...size, channels: 1, samples: wave(W * H) }), (b) => decodeTiff(b, limit)],
  [
    encodeTiff({ ...size, channels: 4, samples: wave(W * H * 4) }, { compression: 'none' }),
    (b) => decodeTiff(b, limit),
  ],
];
const sha256 = 'a'.repeat(64);
const manifest = encodeManifest({
  kind: 'png',
  clip: { path: 'a.mov', size, rate },
  frames: { first: 1, last: 1 },
  objects: [{ id: 'o', name: 'hero', label: 1 }],
  files: [{ path: 'a.png', frames: { first: 1, last: 1 }, bytes: 3, sha256 }],
  provenance: { engine: 'e' },
  choices: { a: true, b: 1 },
});
const TEXTS: readonly (readonly [string, (input: Uint8Array) => unknown])[] = [
  [cocoJson(facts, frames), (b) => drained(readCoco(b, limit))],
  [youtubeVisJson(facts, frames), (b) => drained(readYoutubeVis(b, limit))],
  [cvatXml(facts, frames), (b) => drained(readCvat(b, limit))],
  [motsText(size, frames), (b) => drained(readMots(b, limit))],
  [labelmeJson({ size, picture: 'p.png', objects }), (b) => readLabelme(b, limit)],
  [new TextDecoder().decode(manifest), (b) => decodeManifest(b)],
];

/** Runs a reader. @returns whether it read the input; what is neither a result nor a coded error goes to `wrong`. */
function reads(read: (input: Uint8Array) => unknown, input: Uint8Array, wrong: unknown[]): boolean {
  try {
    read(input);
    return true;
  } catch (error) {
    if (!isRotokitError(error) || !/^(MEDIA|MASK)_/.test(error.code)) wrong.push(error);
    return false;
  }
}

it('ends 2,000 mutated EXR, Cryptomatte, DPX and TIFF files in a picture or in a coded error', () => {
  const random = seeded(6);
  const wrong: unknown[] = [];
  const before = process.memoryUsage().arrayBuffers;
  let read = 0;
  for (let run = 0; run < 2000; run++) {
    const [seed, reader] = PICTURES[run % PICTURES.length]!;
    if (reads(reader, mutated(seed, random), wrong)) read++;
  }
  expect(wrong).toEqual([]);
  expect(read).toBeGreaterThan(200);
  expect(read).toBeLessThan(1900);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256e6);
});

it('ends 2,000 mutated JSON, XML and text files in masks or in a coded error', () => {
  const random = seeded(7);
  const wrong: unknown[] = [];
  let read = 0;
  for (let run = 0; run < 2000; run++) {
    const [seed, reader] = TEXTS[run % TEXTS.length]!;
    if (reads(reader, bytes(mutatedText(seed, random)), wrong)) read++;
  }
  expect(wrong).toEqual([]);
  expect(read).toBeGreaterThan(200);
  expect(read).toBeLessThan(1900);
});

it('gives up on texts that only claim much: sizes, runs, polygons, nesting', () => {
  const refused = expect.objectContaining({ code: expect.stringMatching(/^MEDIA_/) });
  const image = (width: number, height: number) =>
    `{"images":[{"id":1,"file_name":"a","width":${width},"height":${height}}],"categories":[{"id":1,"name":"c"}]`;
  const one = (segmentation: string) =>
    `"annotations":[{"image_id":1,"category_id":1,"segmentation":${segmentation}}]}`;
  expect(() => readCoco(bytes(`${image(1e9, 1e9)},${one('[]')}`))).toThrow(refused);
  const huge = `${image(1000, 1000)},${one('{"size":[1000,1000],"counts":[0,1e15]}')}`;
  expect(() => drained(readCoco(bytes(huge)))).toThrow(refused);
  const teeth = Array.from({ length: 60_000 }, (_, i) => `${i % 1000},${i % 2 ? -1e9 : 1e9}`).join(',');
  expect(() => drained(readCoco(bytes(`${image(1000, 1000)},${one(`[[${teeth}]]`)}`)))).toThrow(refused);
  expect(() => readCvat(bytes('<a>'.repeat(100_000)))).toThrow(refused);
  expect(() => readCoco(bytes('['.repeat(1_000_000)))).toThrow(refused);
});
