import { join } from 'node:path';
import { MASK_HALF, maskFromPlane, type SoftMask, sameMask, size } from '@rotokit/core/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DeliverableName, importMasks, openRoto, type Roto, readMask } from '../src/index.js';
import { discMask, TINY, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
const FRAMES = 4;
let clip: string;

/** The disc with a soft inside, so that 16-bit formats are told from binary ones. */
const soft = (t: number): SoftMask => {
  const { window, values } = discMask(t);
  return {
    size: size(TINY.width, TINY.height),
    window,
    values: values.map((v, i) => (v ? 40_000 + ((i * 31) % 25_536) : 0)),
  };
};
const square = (t: number): SoftMask => {
  const plane = new Uint16Array(TINY.width * TINY.height);
  for (let y = 120; y < 150; y++) plane.fill(65535, y * TINY.width + 10 + t, y * TINY.width + 40 + t);
  return maskFromPlane(size(TINY.width, TINY.height), plane);
};

const EXACT: readonly DeliverableName[] = ['png', 'tiff', 'dpx'];
const BINARY: readonly DeliverableName[] = ['davis', 'coco', 'youtube-vis', 'mots', 'mots-png', 'labelme', 'cvat'];

beforeAll(async () => {
  clip = await writeTinyClip(folder, FRAMES);
  await using roto = await openRoto(clip, { shot: 'sh' });
  for (let t = 0; t < FRAMES; t++) {
    await roto.object('hero').mask(1001 + t, soft(t));
    await roto.object('car').mask(1001 + t, square(t));
  }
  await roto.export([...EXACT, ...BINARY, 'crypto'], join(folder, 'out'));
  await roto.export('exr', join(folder, 'out'), { exr: { type: 'float', parts: true, window: 'cropped' } });
});

/** What an import left as anchors. */
async function imported(path: string, choices: Parameters<typeof importMasks>[2], see: (roto: Roto) => Promise<void>) {
  await using roto = await openRoto(clip);
  for await (const _ of importMasks(roto, join(folder, path), choices));
  await see(roto);
}
const on = async (roto: Roto, object: string, frame: number) => (await roto.object(object).maskOn(frame)) as SoftMask;
const binary = (m: SoftMask): SoftMask => ({ ...m, values: m.values.map((v) => (v >= MASK_HALF ? 65535 : 0)) });

describe('masks come in as anchors', () => {
  it.each([
    ['exr', 'out/exr'],
    ['Cryptomatte', 'out/crypto'],
  ])('from %s, every object by its name, bit for bit', async (_, path) => {
    await imported(path, {}, async (roto) => {
      for (let t = 0; t < FRAMES; t++) {
        expect(sameMask(await on(roto, 'hero', 1001 + t), soft(t))).toBe(true);
        expect(sameMask(await on(roto, 'car', 1001 + t), square(t))).toBe(true);
      }
      expect(roto.object('hero').anchors()).toEqual([1001, 1002, 1003, 1004]);
    });
  });

  it.each(EXACT)('from %s, one folder an object, bit for bit', async (format) => {
    await imported(`out/${format}/hero`, {}, async (roto) => {
      for (let t = 0; t < FRAMES; t++) expect(sameMask(await on(roto, 'hero', 1001 + t), soft(t))).toBe(true);
    });
  });

  it.each([
    ['davis', 'out/davis', ['object 1', 'object 2']],
    ['MOTS pictures', 'out/mots', ['object 1', 'object 2']],
    ['MOTS', 'out/sh_mots.txt', ['object 1', 'object 2']],
    ['COCO', 'out/sh_coco.json', ['hero', 'car']],
    ['YouTube-VIS', 'out/sh_youtube-vis.json', ['hero', 'car']],
    ['LabelMe', 'out/labelme', ['hero', 'car']],
    ['CVAT', 'out/sh_cvat.xml', ['hero', 'car']],
  ])('from %s, each pixel on its side of one half', async (_, path, [hero, car]) => {
    await imported(path, {}, async (roto) => {
      for (let t = 0; t < FRAMES; t++) {
        expect(sameMask(await on(roto, hero as string, 1001 + t), binary(soft(t)))).toBe(true);
        expect(sameMask(await on(roto, car as string, 1001 + t), square(t))).toBe(true);
      }
    });
  });

  it('on every n-th frame, of one object, under another name', async () => {
    await imported('out/exr', { object: 'car', every: 2 }, async (roto) => {
      expect(roto.project.objects().map((o) => o.name)).toEqual(['car']);
      expect(roto.object('car').anchors()).toEqual([1001, 1003]);
    });
    await imported('out/png/hero', { object: 'someone', last: 1002 }, async (roto) => {
      expect(roto.object('someone').anchors()).toEqual([1001, 1002]);
    });
  });

  it('not from nothing, and not in another size', async () => {
    const unreadable = { code: 'MASK_UNREADABLE' };
    await expect(imported('out', {}, async () => {})).rejects.toMatchObject(unreadable);
    await expect(imported('out/missing', {}, async () => {})).rejects.toMatchObject(unreadable);
    await expect(imported('out/exr', { object: 'nobody' }, async () => {})).rejects.toMatchObject(unreadable);
  });

  it('from one picture for a prompt: TIFF, DPX and Cryptomatte too', async () => {
    for (const path of ['tiff/hero/sh_hero.1001.tif', 'dpx/hero/sh_hero.1001.dpx', 'crypto/sh_crypto.1001.exr'])
      expect(sameMask(await readMask(join(folder, 'out', path), size(TINY.width, TINY.height)), soft(0))).toBe(true);
  });
});
