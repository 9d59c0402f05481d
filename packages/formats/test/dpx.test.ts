import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameRate } from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { type DpxImage, decodeDpx, encodeDpx } from '../src/index.js';
import { seeded } from './pictures.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-dpx-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [W, H] = [37, 23]; // 111 samples of RGB a line: whole words; 148 of RGBA are not
const random = seeded(8);
const picture = (channels: 1 | 3 | 4, depth: 10 | 16): DpxImage => ({
  width: W,
  height: H,
  channels,
  depth,
  samples: Uint16Array.from({ length: W * H * channels }, () => random() * 2 ** depth),
  transfer: 'linear',
  rate: frameRate(24000, 1001),
  timecode: '01:00:00:05',
});
const LAYOUTS = [
  [1, 16],
  [3, 10],
  [3, 16],
  [4, 10],
  [4, 16],
] as const;
const save = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });

describe('DPX', () => {
  it.each(LAYOUTS)('of %i channels and %i bits comes back exactly, with rate and time code', (channels, depth) => {
    const image = picture(channels, depth);
    expect(decodeDpx(encodeDpx(image))).toEqual(image);
  });

  it('says in bit 6 of its time code that numbers are dropped', () => {
    const image = { ...picture(3, 16), rate: frameRate(30000, 1001), timecode: '01:00:00;05' };
    const bytes = encodeDpx(image);
    expect(new DataView(bytes.buffer).getUint32(1920)).toBe(0x01000045);
    expect(decodeDpx(bytes).timecode).toBe('01:00:00;05');
  });

  it('has a header of 2,048 bytes with every field where the standard has it', () => {
    const bytes = encodeDpx(picture(3, 10), {
      fileName: 'a.1001.dpx',
      creator: 'rotokit',
      position: { frame: 4, of: 9 },
    });
    const view = new DataView(bytes.buffer);
    expect([0, 4, 16, 24, 28].map((at) => view.getUint32(at))).toEqual([0x53445058, 2048, bytes.length, 1664, 384]);
    expect([772, 776].map((at) => view.getUint32(at))).toEqual([W, H]);
    expect([800, 801, 802, 803].map((at) => bytes[at])).toEqual([50, 2, 2, 10]);
    expect([1724, 1940].map((at) => view.getFloat32(at))).toEqual([24000 / 1001, 24000 / 1001].map(Math.fround));
    expect(view.getUint32(1920)).toBe(0x01000005);
    expect([1712, 1716].map((at) => view.getUint32(at))).toEqual([4, 9]);
    expect(Buffer.from(bytes.subarray(36, 46)).toString()).toBe('a.1001.dpx');
  });

  it('refuses what it cannot say', () => {
    expect(() => encodeDpx(picture(1, 10))).toThrow(/RGB or RGBA/);
    expect(() => encodeDpx({ ...picture(3, 10), samples: new Uint16Array(W * H * 3).fill(1024) })).toThrow(/1023/);
    expect(() => encodeDpx({ ...picture(3, 16), timecode: '1:2:3' })).toThrow(/HH:MM:SS:FF/);
  });

  itWith('oiiotool', 'shows its values, rate and time code in oiiotool', () => {
    for (const [channels, depth] of LAYOUTS) {
      const image = picture(channels, depth);
      const path = save(`o${channels}-${depth}.dpx`, encodeDpx(image));
      const facts = run('oiiotool', '--info', '-v', path);
      expect(facts).toMatch(/smpte:TimeCode: 01:00:00:05/);
      expect(facts).toMatch(/dpx:FrameRate: 23\.976/);
      expect(facts).toMatch(/dpx:TemporalFrameRate: 23\.976/);
      const text = run('oiiotool', '--dumpdata', path);
      const first = /Pixel \(0, 0\): [^(]*\(([\d. e-]+)\)/.exec(text)![1]!.trim().split(/\s+/).map(Number);
      first.forEach((v, c) => {
        expect(v).toBeCloseTo(image.samples[c]! / (2 ** depth - 1), 3);
      });
    }
  });

  itWith('ffmpeg', 'is read by ffmpeg to the very values', () => {
    for (const [channels, depth] of LAYOUTS.filter(([c]) => c === 3)) {
      const image = picture(channels, depth);
      const path = save(`f${channels}-${depth}.dpx`, encodeDpx(image));
      const format = depth === 10 ? 'gbrp10le' : 'rgb48le';
      const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', format, '-']);
      const seen = new Uint16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
      const at = (k: number, c: number) => (depth === 10 ? seen[[2, 0, 1][c]! * W * H + k]! : seen[3 * k + c]!);
      let wrong = 0;
      for (let k = 0; k < W * H; k++) for (let c = 0; c < 3; c++) if (at(k, c) !== image.samples[3 * k + c]) wrong++;
      expect(wrong).toBe(0);
    }
  });

  itWith('ffprobe', 'tells ffprobe its layout and time code', () => {
    const path = save('probe.dpx', encodeDpx(picture(3, 10)));
    const facts = JSON.parse(run('ffprobe', '-v', 'error', '-show_streams', '-show_frames', '-of', 'json', path));
    expect(facts.streams[0]).toMatchObject({ codec_name: 'dpx', pix_fmt: 'gbrp10le', width: W, height: H });
    expect(JSON.stringify(facts)).toContain('01:00:00:05');
  });

  itWith('ffmpeg', 'reads what ffmpeg writes', () => {
    for (const [format, channels, depth] of [
      ['gbrp10le', 3, 10],
      ['rgb48be', 3, 16],
      ['rgba64be', 4, 16],
      ['gray16be', 1, 16],
    ] as const) {
      const raw = save(
        'in.raw',
        Buffer.from(Uint8Array.from({ length: W * H * channels * 2 }, (_, i) => (i % 2 ? 1 : i % 251))),
      );
      const path = join(folder, `made-${format}.dpx`);
      execFileSync('ffmpeg', [
        '-v',
        'error',
        '-y',
        '-f',
        'rawvideo',
        '-pix_fmt',
        format,
        '-s',
        `${W}x${H}`,
        '-i',
        raw,
        path,
      ]);
      const image = decodeDpx(readFileSync(path));
      expect([image.channels, image.depth, image.width]).toEqual([channels, depth, W]);
      const back = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', format, '-']);
      const value = (k: number, c: number) =>
        depth === 10 ? back.readUInt16LE(2 * ([2, 0, 1][c]! * W * H + k)) : back.readUInt16BE(2 * (channels * k + c));
      expect(image.samples.every((v, i) => v === value(Math.floor(i / channels), i % channels))).toBe(true);
    }
  });
});
