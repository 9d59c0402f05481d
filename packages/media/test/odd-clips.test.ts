import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { frameIndex, isRotokitError } from '@rotokit/core/values';
import { expect, it, vi } from 'vitest';
import { DATA, describeWithData, itWith } from '../../../tests/support/needs.js';
import { inspectClip, openClip } from '../src/index.js';
import { ffmpegRgb } from './support/ffmpeg.js';

// Real footage and encoders on a machine that may be busy with other things.
vi.setConfig({ testTimeout: 300_000 });

const odd = resolve(DATA, 'clips/odd');

/** What ffmpeg 5.1 made of each file: coded size, display matrix, and how many frames it decoded. */
const manifest = existsSync(resolve(odd, 'manifest.csv'))
  ? readFileSync(resolve(odd, 'manifest.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([file, , , , , w, h, , rot, , , , , , , , , , decoded]) => ({ file, w, h, rot, decoded: Number(decoded) }))
  : [];

// VVC is newer than the ffmpeg of the manifest: we read it, by its packet count.
const NEWER = new Map([['ax_sample_vvc.mp4', 120]]);

describeWithData('clips/odd/manifest.csv', 'odd and broken clips', () => {
  it.each(manifest)('$file ends in the right frames or a coded error', async ({ file, w, h, rot, decoded }) => {
    const expected = NEWER.get(file) ?? decoded;
    const report = await inspectClip(resolve(odd, file)).catch((error: unknown) => error);
    if (report instanceof Error) {
      expect(isRotokitError(report) && report.code).toBe('MEDIA_UNREADABLE');
      expect(expected).toBe(0);
      return;
    }
    const { decoded: found, info, coded, rotation } = report as Awaited<ReturnType<typeof inspectClip>>;
    expect(found?.readable).toBe(expected);
    // A frame that cannot be read keeps its number: frames and unreadable ones account for each other.
    expect(info.frames).toBe(expected + found!.problems.filter((p) => p.kind === 'unreadable').length);
    if (w) expect([coded.width, coded.height]).toEqual([Number(w), Number(h)]);
    expect(rotation).toBe(Number(rot || 0) || 0);
  });

  it('names the unreadable frame of a damaged clip, at its own number', async () => {
    const clip = await openClip(resolve(odd, 'decord_corrupted.mp4'));
    const outcomes = new Map<number, string>();
    for (let i = 28; i < 35; i++) {
      const frame = await clip.read(frameIndex(i)).catch((error: unknown) => error);
      outcomes.set(i, isRotokitError(frame) ? `${frame.code} ${frame.facts.frame}` : 'read');
    }
    await clip.close();
    expect(outcomes.get(30)).toBe('MEDIA_FRAME_DAMAGED 1031');
    expect([...outcomes.values()].filter((o) => o === 'read')).toHaveLength(6);
  });

  it('applies pixel aspect, except where it is a rounding of square', async () => {
    const sizes: Record<string, string> = {};
    for (const file of ['sar2x1_mediabunny.mp4', 'nokey_start_mediabunny.ts', 'editlist_mediabunny.mp4']) {
      const { info } = await inspectClip(resolve(odd, file), { decode: false });
      sizes[file] = `${info.size.width}x${info.size.height}`;
    }
    expect(sizes).toEqual({
      'sar2x1_mediabunny.mp4': '1280x360',
      'nokey_start_mediabunny.ts': '640x360', // 44:45
      'editlist_mediabunny.mp4': '854x480', // 1280:1281
    });
  });

  it('tells what a user should know', async () => {
    const notices = async (file: string) =>
      (await inspectClip(resolve(odd, file), { decode: false })).info.notices.join('; ');
    expect(await notices('interlaced_sony_a7m3_1080i.mts')).toContain('interlaced');
    expect(await notices('vfr_photoprism_270x480.mp4')).toContain('variable frame rate');
    expect(await notices('tc_bt2020_10bit.mp4')).toContain('PQ');
    expect(await notices('annexb_in_mp4_mediabunny.mp4')).toContain('lists 745 frames, 6 can be read');
    expect(await notices('fps2997_moviepy.mp4')).toBe('');
  });

  itWith('ffmpeg', 'turns pictures as ffmpeg does', async () => {
    for (const file of ['decord_video_90.mov', 'decord_video_180.mov']) {
      const clip = await openClip(resolve(odd, file));
      const { picture } = await clip.read(frameIndex(0));
      await clip.close();
      const flags = 'scale=flags=bilinear+full_chroma_int+accurate_rnd';
      const theirs = ffmpegRgb(resolve(odd, file), flags).subarray(0, picture.samples.length);
      const off = picture.samples.reduce((sum, v, i) => sum + Math.abs(v - theirs[i]), 0) / theirs.length;
      expect(off).toBeLessThan(1);
    }
  });
});
