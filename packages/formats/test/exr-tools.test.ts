import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameRate } from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { channelFloats, decodeExr, type ExrImage, encodeExr, halfChannel, matteExr } from '../src/index.js';
import { disc, seeded } from './pictures.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-exr-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = seeded(11);
const W = 53;
const H = 41;
const count = W * H;
const rgba = (compression: ExrImage['compression']): ExrImage => ({
  displayWindow: { width: W, height: H },
  dataWindow: { x0: 0, y0: 0, x1: W, y1: H },
  compression,
  channels: ['R', 'G', 'B', 'A'].map((name, c) =>
    halfChannel(
      name,
      Array.from({ length: count }, (_, i) => (c === 3 ? (i % 7) / 6 : Math.exp(8 * random() - 4))),
    ),
  ),
});

const save = (name: string, image: ExrImage) => {
  writeFileSync(join(folder, name), encodeExr(image));
  return join(folder, name);
};
const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });

describe('EXR in other programs', () => {
  itWith('ffmpeg', 'ffmpeg reads the very values', () => {
    for (const compression of ['none', 'zips', 'zip'] as const) {
      const image = rgba(compression);
      const path = save(`ff-${compression}.exr`, image);
      const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'gbrapf32le', '-']);
      const seen = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
      const planes = ['G', 'B', 'R', 'A'].map((name) => image.channels.find((c) => c.name === name)!);
      planes.forEach((plane, p) => {
        expect(seen.subarray(p * count, (p + 1) * count)).toEqual(channelFloats(plane));
      });
    }
  });

  itWith('oiiotool', 'oiiotool reads all channels and writes the same values again', () => {
    const image: ExrImage = {
      ...rgba('zip'),
      dataWindow: { x0: 4, y0: 7, x1: 4 + W, y1: 7 + H },
      displayWindow: { width: 80, height: 60 },
      channels: [
        ...rgba('zip').channels,
        {
          name: 'crypto00.r',
          type: 'float',
          values: Float32Array.from({ length: count }, () => (random() - 0.5) * 1e30),
        },
        { name: 'hero.A', type: 'half', values: Uint16Array.from({ length: count }, (_, i) => i % 0x7c00) },
        { name: 'id', type: 'uint', values: Uint32Array.from({ length: count }, () => random() * 2 ** 32) },
      ],
    };
    const [ours, theirs] = [save('ours.exr', image), join(folder, 'theirs.exr')];
    expect(run('oiiotool', '--diff', ours, save('none.exr', { ...image, compression: 'none' }))).toMatch(/PASS/);
    run('oiiotool', ours, '--ch', 'R,G,B,A,hero.A,crypto00.r', '--compression', 'zips', '-o', theirs);
    const read = decodeExr(readFileSync(theirs));
    expect(read.dataWindow).toEqual(image.dataWindow);
    expect(read.displayWindow).toEqual(image.displayWindow);
    for (const channel of image.channels.filter((c) => c.type !== 'uint')) {
      const found = read.channels.find((c) => c.name === channel.name)!; // oiiotool widens halves beside floats
      expect(channelFloats(found)).toEqual(channelFloats(channel));
    }
  });

  itWith('oiiotool', "oiiotool sees the matte's rate, time code and windows", () => {
    const mattes = [{ channel: 'hero.A', mask: disc(W, H, 20, 20, 6) }];
    const frame = { size: { width: W, height: H }, rate: frameRate(24000, 1001), frame: 1001, mattes };
    const attributes = { comments: { type: 'string', value: 'made by a test' } } as const;
    const path = save('matte.exr', matteExr(frame, { window: 'cropped', attributes }));
    const facts = run('oiiotool', '--info', '-v', path);
    expect(facts).toMatch(/channel list: hero\.A/);
    expect(facts).toMatch(/half openexr/);
    expect(facts).toMatch(/framesPerSecond: 24000\/1001/);
    expect(facts).toMatch(/smpte:TimeCode: 00:00:41:17/);
    expect(facts).toMatch(/ImageDescription: "made by a test"/);
    expect(facts).toMatch(/pixel data origin: x=10, y=10/);
    expect(facts).toMatch(/full\/display size: 53 x 41/);
  });

  itWith('exrheader', 'exrheader prints windows, channels and attributes', () => {
    const mattes = ['hero.A', 'a.name.that.is.longer.than.thirty.one.bytes.A'].map((channel) => ({
      channel,
      mask: disc(W, H, 20, 20, 6),
    }));
    const frame = { size: { width: W, height: H }, rate: frameRate(25), frame: 90000, mattes };
    const text = run('exrheader', save('header.exr', matteExr(frame, { window: 'cropped', compression: 'zips' })));
    expect(text).toMatch(/hero\.A, 16-bit floating-point, sampling 1 1/);
    expect(text).toMatch(/a\.name\.that\.is\.longer\.than\.thirty\.one\.bytes\.A, 16-bit/);
    expect(text).toMatch(/compression \(type compression\): zip, individual scanlines/);
    expect(text).toMatch(/dataWindow \(type box2i\): \(10 10\) - \(29 29\)/);
    expect(text).toMatch(/displayWindow \(type box2i\): \(0 0\) - \(52 40\)/);
    expect(text).toMatch(/framesPerSecond \(type rational\): 25\/1/);
    expect(text).toMatch(/time 01:00:00:00/);
    expect(text).toMatch(/red {3}\(0\.64 0\.33\)/);
  });
});
