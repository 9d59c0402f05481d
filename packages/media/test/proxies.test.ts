import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FrameIndex, frameIndex, isRotokitError, type Picture } from '@rotokit/core/values';
import { encodeJpeg, openClip } from '@rotokit/media';
import { expect, it } from 'vitest';
import { describeWith } from '../../../tests/support/needs.js';
import { scratchFolder } from './support/scratch.js';

const folder = await scratchFolder();

/** Three frames of a test picture, softened so that what differs is colour and place, not the sharpness of a filter. */
function clip(name: string, size: string, ...settings: readonly string[]): string {
  const path = join(folder, name);
  const source = `testsrc2=s=${size}:r=24:d=0.125,format=gbrp,gblur=sigma=2`;
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...settings, path]);
  return path;
}

async function decoded(bytes: Uint8Array, name: string): Promise<Picture<'rgb8'>> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const still = await openClip(path);
  const { picture } = await still.read(frameIndex(0));
  await still.close();
  return picture;
}

/** How far a proxy is from the exact picture scaled to its size, in codes of 255: on average, and all but one value in a hundred. */
async function distance(path: string, lines: number): Promise<{ mean: number; most: number; size: number[] }> {
  const source = await openClip(path);
  const proxy = await decoded(await source.jpeg(frameIndex(1), { lines, quantiser: 2 }), 'proxy.jpg');
  const { picture } = await source.read(frameIndex(1));
  await source.close();
  const size = { width: proxy.width, height: proxy.height };
  const exact = await decoded(await encodeJpeg(picture, { size, quantiser: 2 }), 'exact.jpg');
  const apart = Array.from(proxy.samples, (v, i) => Math.abs(v - (exact.samples[i] as number))).sort((a, b) => a - b);
  const mean = apart.reduce((n, v) => n + v, 0) / apart.length;
  return { mean, most: apart[Math.floor(0.99 * apart.length)] as number, size: [proxy.width, proxy.height] };
}

const tagged = (matrix: string, range: string) => [
  ...['-vf', `scale=out_color_matrix=${matrix}:out_range=${range}`],
  ...['-colorspace', matrix, '-color_range', range],
];
const lossless = ['-c:v', 'ffv1'];

describeWith('ffmpeg', 'proxies', () => {
  it.each([
    ['BT.709, limited', [...tagged('bt709', 'tv'), ...lossless, '-pix_fmt', 'yuv420p']],
    ['BT.709, full', [...tagged('bt709', 'pc'), ...lossless, '-pix_fmt', 'yuvj420p']],
    ['BT.601, limited', [...tagged('smpte170m', 'tv'), ...lossless, '-pix_fmt', 'yuv420p']],
    ['BT.2020, 10 bit, 4:2:2', [...tagged('bt2020nc', 'tv'), ...lossless, '-pix_fmt', 'yuv422p10le']],
    ['4:4:4 with alpha', [...tagged('bt709', 'tv'), ...lossless, '-pix_fmt', 'yuva444p']],
    ['RGB', [...lossless, '-pix_fmt', 'bgr0']],
    ['grey, limited', [...lossless, '-pix_fmt', 'gray']],
    ['untagged', [...lossless, '-pix_fmt', 'yuv420p']],
  ])('of %s are the exact picture, scaled', async (name, settings) => {
    const path = clip(`${name.replace(/\W+/g, '_')}.mkv`, '512x384', ...settings);
    for (const lines of [192, 384]) {
      const { mean, most, size } = await distance(path, lines);
      expect(size).toEqual([Math.round((512 * lines) / 384), lines]);
      expect(mean).toBeLessThan(1.5);
      expect(most).toBeLessThanOrEqual(12);
    }
  });

  it('are turned as the clip says, and have square pixels', async () => {
    const upright = clip('plain.mp4', '256x192', '-c:v', 'libx264', '-qp', '4', '-pix_fmt', 'yuv420p');
    for (const degrees of ['90', '180', '270']) {
      const path = join(folder, `turned${degrees}.mp4`);
      execFileSync('ffmpeg', [
        '-v',
        'error',
        '-y',
        '-i',
        upright,
        '-metadata:s:v:0',
        `rotate=${degrees}`,
        '-c',
        'copy',
        path,
      ]);
      const { mean, most, size } = await distance(path, 128);
      expect(size).toEqual(degrees === '180' ? [171, 128] : [96, 128]);
      expect(mean).toBeLessThan(1.5);
      expect(most).toBeLessThanOrEqual(12);
    }
    const wide = clip('wide.mkv', '256x192', ...lossless, '-pix_fmt', 'yuv420p', '-aspect', '8:3');
    expect((await distance(wide, 96)).size).toEqual([256, 96]);
  });

  it('of interlaced clips keep both fields', async () => {
    const fields = ['-vf', 'setfield=tff', '-c:v', 'mpeg2video', '-q:v', '2'];
    const { mean } = await distance(clip('fields.mpg', '720x576', ...fields, '-flags', '+ilme+ildct'), 288);
    expect(mean).toBeLessThan(3);
  });

  it('are never larger than the clip, and come in any order and at once', async () => {
    const source = await openClip(clip('small.mkv', '65x49', ...lossless, '-pix_fmt', 'yuv420p'));
    const all = await Promise.all([2, 0, 1, 0].map((i) => source.jpeg(frameIndex(i), { lines: 540 })));
    expect(Buffer.compare(all[1] as Uint8Array, all[3] as Uint8Array)).toBe(0);
    const { width, height } = await decoded(all[0] as Uint8Array, 'small.jpg');
    expect([width, height]).toEqual([65, 49]);
    const last = source.jpeg(frameIndex(1), { lines: 10 });
    await source.close();
    expect((await last).length).toBeGreaterThan(100);
    await expect(source.jpeg(frameIndex(1), { lines: 10 })).rejects.toThrow(/is closed/);
  });

  it('refuse frames that are not there, and lines and quantisers that are none', async () => {
    const source = await openClip(clip('few.mkv', '32x32', ...lossless, '-pix_fmt', 'yuv420p'));
    const outside = await source.jpeg(3 as FrameIndex, { lines: 16 }).catch((e: unknown) => e);
    expect(isRotokitError(outside) && outside.code).toBe('FRAME_OUTSIDE');
    await expect(source.jpeg(frameIndex(0), { lines: 0 })).rejects.toThrow(RangeError);
    await expect(source.jpeg(frameIndex(0), { lines: 16, quantiser: 1 })).rejects.toThrow(RangeError);
    await source.close();
  });
});
