import { existsSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { frameIndex, frameNumber, frameRate } from '@rotokit/core/values';
import { describe, expect, it, vi } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { createH264Preview, createPngSequence, createProRes4444, createVp9Alpha, openClip } from '../src/index.js';
import { probe } from './support/ffmpeg.js';
import { type Look, testPicture, writeAll } from './support/pictures.js';
import { scratchFolder } from './support/scratch.js';

// Real footage and encoders on a machine that may be busy with other things.
vi.setConfig({ testTimeout: 300_000 });

const folder = await scratchFolder();
const rate = frameRate(24000, 1001);

/** Largest and mean difference of what a movie gives to what was written, in 255ths; colour only where alpha is over a half. */
async function errors(path: string, look: Look, count: number) {
  const clip = await openClip(path);
  const worst = { colour: 0, alpha: 0 };
  let [sum, n] = [0, 0];
  for (let i = 0; i < count; i++) {
    const { samples } = (await clip.read(frameIndex(i), 'rgba16')).picture;
    const truth = testPicture(i, look).samples;
    const k = look.bits === 8 ? 257 : 1;
    for (let p = 0; p < look.width * look.height; p++) {
      const at = p * look.channels;
      const alpha = look.channels === 4 ? truth[at + 3] * k : 65535;
      worst.alpha = Math.max(worst.alpha, Math.abs(samples[p * 4 + 3] - alpha) / 257);
      for (let c = 0; c < 3 && alpha > 32768; c++, n++) {
        const off = Math.abs(samples[p * 4 + c] - truth[at + (look.channels === 1 ? 0 : c)] * k) / 257;
        worst.colour = Math.max(worst.colour, off);
        sum += off;
      }
    }
  }
  await clip.close();
  return { ...worst, mean: sum / n };
}

describe('PNG sequences', () => {
  const looks = ([1, 3, 4] as const).flatMap((channels) => ([8, 16] as const).map((bits) => ({ channels, bits })));
  it.each(looks)('hold $channels channels of $bits bits exactly', async (its) => {
    const look: Look = { width: 53, height: 31, ...its };
    const path = join(folder, `exact-${its.channels}-${its.bits}.####.png`);
    await writeAll(await createPngSequence(path), look, 3);
    expect(await errors(path, look, 3)).toEqual({ colour: 0, alpha: 0, mean: 0 });
    const clip = await openClip(path);
    expect([clip.info.bitDepth, clip.info.hasAlpha]).toEqual([its.bits, its.channels === 4]);
    expect(clip.info.colour).toMatchObject({ primaries: 1, transfer: 13 });
    await clip.close();
  });

  it('keep the numbers they are given, gaps included, and leave no partial file', async () => {
    const sink = await createPngSequence(join(folder, 'gap.%03d.png'));
    const look: Look = { width: 8, height: 8, channels: 1, bits: 16 };
    for (const n of [3, 4, 1200]) await sink.write(frameNumber(n), testPicture(n, look));
    expect((await sink.close()).frames).toBe(3);
    const names = (await readdir(folder)).filter((name) => name.includes('gap'));
    expect(names.sort()).toEqual(['gap.003.png', 'gap.004.png', 'gap.1200.png']);
  });

  it('refuse a name without a place for the number', async () => {
    await expect(createPngSequence(join(folder, 'plain.png'))).rejects.toThrow(RangeError);
  });
});

describe('movies', () => {
  const size = { width: 162, height: 120 };
  const look: Look = { ...size, channels: 4, bits: 16 };

  itWith('ffprobe', 'ProRes 4444 is what its name says, tagged BT.709', async () => {
    const path = join(folder, 'a.mov');
    await writeAll(await createProRes4444(path, { size, rate }), look, 6);
    expect(probe(path)).toMatchObject({
      codec_name: 'prores',
      profile: '4444',
      codec_tag_string: 'ap4h',
      pix_fmt: 'yuva444p12le',
      color_space: 'bt709',
      color_transfer: 'bt709',
      color_primaries: 'bt709',
      r_frame_rate: '24000/1001',
      nb_frames: '6',
    });
  });

  it('ProRes 4444 reads back within 1/255 in colour and 0.25/255 in alpha', async () => {
    for (const bits of [8, 16] as const) {
      const path = join(folder, `b${bits}.mov`);
      await writeAll(await createProRes4444(path, { size, rate }), { ...look, bits }, 5);
      const off = await errors(path, { ...look, bits }, 5);
      expect(off.colour).toBeLessThan(1);
      expect(off.mean).toBeLessThan(0.15);
      expect(off.alpha).toBeLessThan(0.25);
    }
  });

  it('pictures without alpha become exactly opaque', async () => {
    const path = join(folder, 'opaque.mov');
    await writeAll(await createProRes4444(path, { size, rate }), { ...look, channels: 3 }, 2);
    expect((await errors(path, { ...look, channels: 3 }, 2)).alpha).toBe(0);
  });

  itWith('ffprobe', 'VP9 carries its alpha where browsers look for it', async () => {
    const path = join(folder, 'c.webm');
    await writeAll(await createVp9Alpha(path, { size, rate }), { ...look, bits: 8 }, 12);
    expect(probe(path)).toMatchObject({ codec_name: 'vp9', pix_fmt: 'yuv420p', ALPHA_MODE: '1', color_space: 'bt709' });
    const off = await errors(path, { ...look, bits: 8 }, 12);
    expect(off.alpha).toBeLessThan(6);
    expect(off.mean).toBeLessThan(2);
  });

  itWith('ffprobe', 'H.264 previews are 4:2:0, tagged, and start with their index; odd sides grow by one', async () => {
    const path = join(folder, 'd.mp4');
    const odd = { width: 161, height: 119 };
    await writeAll(
      await createH264Preview(path, { size: odd, rate: frameRate(25) }),
      { ...look, ...odd, channels: 3 },
      5,
    );
    const facts = probe(path);
    expect(facts).toMatchObject({ codec_name: 'h264', pix_fmt: 'yuv420p', color_space: 'bt709', color_range: 'tv' });
    expect([facts.width, facts.height, facts.r_frame_rate]).toEqual([162, 120, '25/1']);
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(path);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('grey masks become grey pictures', async () => {
    const path = join(folder, 'grey.mp4');
    const grey: Look = { ...size, channels: 1, bits: 8 };
    await writeAll(await createH264Preview(path, { size, rate }), grey, 3);
    expect((await errors(path, grey, 3)).mean).toBeLessThan(2);
  });

  it('refuse a gap in the numbers', async () => {
    const sink = await createH264Preview(join(folder, 'gap.mp4'), { size, rate });
    await sink.write(frameNumber(5), testPicture(0, look));
    await expect(sink.write(frameNumber(7), testPicture(1, look))).rejects.toThrow('frame 7 must come right after 5');
    await sink.abort();
    expect(existsSync(join(folder, 'gap.mp4'))).toBe(false);
  });
});

describe('places that cannot be written', () => {
  const look: Look = { width: 16, height: 16, channels: 3, bits: 8 };
  const options = { size: { width: 16, height: 16 }, rate };

  it('a missing folder is told before any work', async () => {
    for (const create of [createProRes4444, createVp9Alpha, createH264Preview]) {
      await expect(create(join(folder, 'no', 'a.mov'), options)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    }
    await expect(createPngSequence(join(folder, 'no', 'a.####.png'))).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });

  it.skipIf(process.getuid?.() === 0)(
    'a folder without permission is told at the first frame [needs a user other than root]',
    async () => {
      const { mkdir } = await import('node:fs/promises');
      const locked = join(folder, 'locked');
      await mkdir(locked);
      await chmod(locked, 0o500);
      const sink = await createH264Preview(join(locked, 'a.mp4'), options);
      await expect(sink.write(frameNumber(1), testPicture(0, look))).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    },
  );

  it.skipIf(!existsSync('/dev/full'))('a full disk fails the movie and leaves no file', async () => {
    const { symlink } = await import('node:fs/promises');
    const path = join(folder, 'full.mp4');
    await symlink('/dev/full', join(folder, '.full.mp4.partial'));
    const sink = await createH264Preview(path, options);
    const write = async () => {
      for (let n = 0; n < 3; n++) await sink.write(frameNumber(n), testPicture(n, look));
      await sink.close();
    };
    await expect(write()).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    expect((await readdir(folder)).filter((name) => name.includes('full'))).toEqual([]);
  });
});
