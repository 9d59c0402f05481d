import { cp, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FrameIndex, frameIndex, frameNumber, frameRange, isRotokitError } from '@rotokit/core/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPngSequence, inspectClip, openClip } from '../src/index.js';
import { type Look, testPicture } from './support/pictures.js';
import { scratchFolder } from './support/scratch.js';
import { floats, writeStill } from './support/stills.js';

const folder = await scratchFolder();
const look: Look = { width: 40, height: 24, channels: 3, bits: 8 };

async function pngs(pattern: string, numbers: readonly number[], its = look): Promise<void> {
  const sink = await createPngSequence(pattern);
  for (const n of numbers) await sink.write(frameNumber(n), testPicture(n, its));
  await sink.close();
}

const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  return isRotokitError(error) ? error.code : error;
};

describe('a sequence of pictures', () => {
  const shot = join(folder, 'shot');
  beforeAll(async () => {
    await mkdir(shot);
    await pngs(join(shot, 'plate.####.png'), [1001, 1002, 1003, 1004, 1005]);
    await pngs(join(shot, 'plate_v02.####.png'), [7]);
  });

  it.each(['plate.####.png', 'plate.%04d.png', '', 'plate.1003.png'])('opens as %j', async (name) => {
    const clip = await openClip(join(shot, name));
    expect([clip.info.first, clip.info.frames, clip.info.codec]).toEqual([1001, 5, 'png']);
    expect(clip.info.path).toBe(join(shot, 'plate.####.png'));
    const { picture } = await clip.read(frameIndex(2));
    expect(picture.samples).toEqual(testPicture(1003, look).samples);
    await clip.close();
  });

  it('opens a lone file as a clip of one frame, and does not take a version for a number', async () => {
    await cp(join(shot, 'plate.1001.png'), join(folder, 'still_v02.png'));
    await cp(join(shot, 'plate.1001.png'), join(folder, 'still_v03.png'));
    const clip = await openClip(join(folder, 'still_v02.png'));
    expect([clip.info.frames, clip.info.first]).toEqual([1, 1001]);
    await clip.close();
  });

  it('keeps numbers past their padding: 0999 is followed by 1000 and 10000 by 10001', async () => {
    const over = join(folder, 'over');
    await mkdir(over);
    await pngs(join(over, 'a.####.png'), [9998, 9999, 10000]);
    for (const name of ['a.####.png', 'a.10000.png', '']) {
      const clip = await openClip(join(over, name));
      expect([clip.info.first, clip.info.frames]).toEqual([9998, 3]);
      await clip.close();
    }
  });

  it('tells gaps, and refuses only the missing frames', async () => {
    const gaps = join(folder, 'gaps');
    await mkdir(gaps);
    await pngs(join(gaps, 'a.####.png'), [10, 11, 13, 17]);
    const clip = await openClip(gaps);
    expect([clip.info.first, clip.info.frames]).toEqual([10, 8]);
    expect(clip.info.notices).toEqual(['no files for 12, 14-16']);
    expect(await codeOf(clip.read(frameIndex(2)))).toBe('MEDIA_FRAME_MISSING');
    expect((await clip.read(frameIndex(7))).picture.samples).toEqual(testPicture(17, look).samples);
    await clip.close();
    const { decoded } = await inspectClip(gaps);
    expect(decoded?.problems.map((p) => `${p.frame} ${p.kind}`)).toEqual([12, 14, 15, 16].map((n) => `${n} missing`));
  });

  it('repeats the frame before, marked as damaged, where it is asked to hold', async () => {
    const clip = await openClip(join(folder, 'gaps'), { unreadable: 'hold' });
    const { picture, damaged } = await clip.read(frameIndex(2));
    expect(damaged).toBe(true);
    expect(picture.samples).toEqual(testPicture(11, look).samples);
    expect((await clip.read(frameIndex(3))).damaged).toBe(false);
    await clip.close();
  });

  it('refuses a broken file, a file of another size and a file that vanished, and no other', async () => {
    const bad = join(folder, 'bad');
    await mkdir(bad);
    await pngs(join(bad, 'a.####.png'), [1, 2, 3, 4, 5]);
    await truncate(join(bad, 'a.0002.png'), 60);
    await pngs(join(bad, 'b.####.png'), [3], { ...look, width: 44 });
    await cp(join(bad, 'b.0003.png'), join(bad, 'a.0003.png'));
    const clip = await openClip(join(bad, 'a.####.png'));
    await rm(join(bad, 'a.0004.png'));
    expect(await codeOf(clip.read(frameIndex(1)))).toBe('MEDIA_FRAME_DAMAGED');
    const other = await clip.read(frameIndex(2)).catch((e: Error) => e.message);
    expect(other).toContain('it is 44x24, the sequence is 40x24');
    expect(await codeOf(clip.read(frameIndex(3)))).toBe('MEDIA_FRAME_DAMAGED');
    expect((await clip.read(frameIndex(4))).picture.samples).toEqual(testPicture(5, look).samples);
    await clip.close();
  });

  it('decodes every PNG on its own, whatever was decoded before', async () => {
    const clip = await openClip(join(shot, 'plate.####.png'));
    for await (const f of clip.frames(frameRange(0, 5), { step: -1 })) {
      expect(f.picture.samples).toEqual(testPicture(1001 + f.index, look).samples);
    }
    await clip.close();
  });
});

describe('kinds of picture files', () => {
  const size = [32, 16] as const;

  it('reads EXR floats as stored, and as an sRGB signal where eight bits are asked for', async () => {
    const value = (x: number, _y: number, n: number) => (n === 3 ? 0.5 : (x - 4) / 16); // below 0, above 1
    const path = join(folder, 'f.1001.exr');
    await writeStill(path, ['exr', 'gbrapf32le', { format: 'float' }], size, floats(32, value));
    const clip = await openClip(path);
    expect([clip.info.bitDepth, clip.info.hasAlpha, clip.info.colour.transfer]).toEqual([32, true, 8]);
    const { samples } = (await clip.read(frameIndex(0), 'rgbaf')).picture;
    expect([...samples.subarray(0, 4)]).toEqual([-0.25, -0.25, -0.25, 0.5]);
    expect(samples[31 * 4]).toBe(27 / 16);
    const eight = (await clip.read(frameIndex(0))).picture;
    expect(eight.colour).toMatchObject({ transfer: 13, range: 'full' });
    expect([eight.samples[0], eight.samples[12 * 3], eight.samples[31 * 3]]).toEqual([0, 188, 255]); // 0.5 -> 188
    await clip.close();
  });

  it('reads half floats exactly', async () => {
    const path = join(folder, 'h.1001.exr');
    await writeStill(
      path,
      ['exr', 'gbrpf32le', { format: 'half', compression: 'zip16' }],
      size,
      floats(32, (x) => x / 8),
    );
    const clip = await openClip(path);
    expect([clip.info.bitDepth, clip.info.hasAlpha]).toEqual([16, false]);
    const { samples } = (await clip.read(frameIndex(0), 'rgbaf')).picture;
    expect([samples[8 * 4], samples[31 * 4], samples[3]]).toEqual([1, 31 / 8, 1]);
    await clip.close();
  });

  it('keeps the ten bits of a DPX and the sixteen of a TIFF', async () => {
    const words = (bits: number, be: boolean) => (plane: Buffer, linesize: number) => {
      for (let y = 0; y * linesize < plane.length; y++) {
        for (let x = 0; x * 2 < linesize; x++)
          plane[be ? 'writeUInt16BE' : 'writeUInt16LE']((x * 33) % 2 ** bits, y * linesize + x * 2);
      }
    };
    await writeStill(join(folder, 'd.1001.dpx'), ['dpx', 'gbrp10be'], size, words(10, true));
    await writeStill(join(folder, 't.1001.tif'), ['tiff', 'rgb48le'], size, words(16, false));
    const dpx = await openClip(join(folder, 'd.1001.dpx'));
    expect(dpx.info.bitDepth).toBe(10);
    const ten = (await dpx.read(frameIndex(0), 'rgba16')).picture.samples;
    expect(ten[5 * 4]).toBe(Math.round((5 * 33 * 65535) / 1023));
    await dpx.close();
    const tif = await openClip(join(folder, 't.1001.tif'));
    expect(tif.info.bitDepth).toBe(16);
    const { samples } = (await tif.read(frameIndex(0), 'rgba16')).picture;
    expect([...samples.subarray(4, 8)]).toEqual([3 * 33, 4 * 33, 5 * 33, 65535]);
    await tif.close();
  });

  it('reads JPEG as JFIF says: full range, BT.601', async () => {
    const path = join(folder, 'j.1001.jpg');
    const [y, u, v] = [149, 44, 21]; // pure green in JFIF
    const fill = (plane: Buffer, _: number, n: number) => void plane.fill([y, u, v][n]);
    await writeStill(path, ['mjpeg', 'yuvj420p', { qmin: '1', qmax: '1' }], size, fill);
    const clip = await openClip(path);
    expect([clip.info.codec, clip.info.colour.range, clip.info.colour.matrix]).toEqual(['jpeg', 'full', 5]);
    const { samples } = (await clip.read(frameIndex(0))).picture;
    for (const [i, expected] of [0, 255, 0].entries()) expect(Math.abs(samples[3 * 40 + i] - expected)).toBeLessThan(4);
    await clip.close();
  });
});

describe('paths that are no sequence', () => {
  it('refuses what does not exist, an empty folder, a folder of unnumbered pictures', async () => {
    expect(await codeOf(openClip(join(folder, 'none.####.png')))).toBe('MEDIA_NOT_FOUND');
    expect(await codeOf(openClip(join(folder, 'nowhere', 'a.%04d.png')))).toBe('MEDIA_NOT_FOUND');
    expect(await codeOf(openClip(join(folder, 'none.mov')))).toBe('MEDIA_NOT_FOUND');
    await mkdir(join(folder, 'empty'));
    expect(await codeOf(openClip(join(folder, 'empty')))).toBe('MEDIA_UNREADABLE');
    await mkdir(join(folder, 'loose'));
    await writeFile(join(folder, 'loose', 'cat.png'), '');
    expect(await codeOf(openClip(join(folder, 'loose')))).toBe('MEDIA_UNREADABLE');
  });

  it('refuses text, nothing at all and text called movie or picture', async () => {
    for (const [name, text] of [
      ['a.txt', 'hello'.repeat(99)],
      ['b.mp4', 'hello'],
      ['c.mov', ''],
      ['d.png', 'hello'],
      ['e.jpg', ''],
    ]) {
      await writeFile(join(folder, name), text);
      expect([name, await codeOf(openClip(join(folder, name)))]).toEqual([name, 'MEDIA_UNREADABLE']);
    }
  });

  it('refuses a picture above the pixel limit before decoding it', async () => {
    const path = join(folder, 'huge.png');
    const header = Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea600802000000', 'hex'); // 60000x60000
    await writeFile(path, Buffer.concat([header, Buffer.alloc(64)]));
    const error = await openClip(path).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'MEDIA_TOO_LARGE', facts: { width: 60000, height: 60000 } });
    expect(await codeOf(openClip(join(folder, 'shot'), { pixelLimit: 40 * 24 - 1 }))).toBe('MEDIA_TOO_LARGE');
  });

  it('takes wrong options and paths for the caller’s mistake', async () => {
    await expect(openClip('')).rejects.toThrow(TypeError);
    await expect(openClip('a\0b')).rejects.toThrow(TypeError);
    await expect(openClip('a.mov', { pixelLimit: 0 })).rejects.toThrow(RangeError);
    await expect(openClip('a.mov', { ahead: 0.5 })).rejects.toThrow(RangeError);
    await expect((await openClip(join(folder, 'shot'))).read(5 as FrameIndex)).rejects.toMatchObject({
      code: 'FRAME_OUTSIDE',
    });
  });
});
