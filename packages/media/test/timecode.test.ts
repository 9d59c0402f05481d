import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameRate, parseTimecode, type Timecode, timecodeText } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../tests/support/needs.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-timecode-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The time code of a clip's first frame as people write it. */
async function clockOf(path: string, rate?: string): Promise<string | undefined> {
  const [num, den = 1] = (rate ?? '24').split('/').map(Number) as [number, number?];
  const source = await openClip(path, rate ? { rate: frameRate(num, den) } : {});
  const { timecode, rate: found } = source.info;
  await source.close();
  return timecode && timecodeText(timecode, found);
}

const clip = (name: string, rate: string, ...options: string[]): string => {
  const path = join(folder, name);
  const source = ['-f', 'lavfi', '-i', `testsrc=size=64x48:rate=${rate}`, '-frames:v', '4'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, ...options, path], { stdio: 'pipe' });
  return path;
};

describeWith('ffmpeg', 'the time code of a movie', () => {
  it.each([
    ['a.mov', '24', '01:02:03:04', ['-c:v', 'mpeg4']],
    ['b.mov', '24000/1001', '23:59:59:23', ['-c:v', 'mpeg4']],
    ['c.mov', '30000/1001', '01:02:03;04', ['-c:v', 'mpeg4']],
    ['d.mov', '30000/1001', '10:00:00:00', ['-c:v', 'mpeg4']],
    ['e.mp4', '25', '00:00:00:00', ['-c:v', 'mpeg4']],
    ['f.mov', '60000/1001', '09:10:00;00', ['-c:v', 'mpeg4']],
    ['g.mxf', '25', '01:02:03:04', ['-c:v', 'mpeg2video']],
    ['h.mkv', '25', '05:06:07:08', ['-c:v', 'mpeg4']],
  ] as const)('%s at %s: %s', async (name, rate, timecode, codec) => {
    expect(await clockOf(clip(name, rate, ...codec, '-timecode', timecode))).toBe(timecode);
  });

  it('is absent where the file has none', async () => {
    expect(await clockOf(clip('none.mp4', '25', '-c:v', 'mpeg4'))).toBeUndefined();
  });

  it('is counted in frames of the clip where its track counts pairs of them', async () => {
    const counted = clip('t25.mov', '25', '-c:v', 'mpeg4', '-timecode', '01:00:00:10');
    const [fast, path] = [clip('t50.mov', '50', '-c:v', 'mpeg4'), join(folder, 'pairs.mov')];
    const streams = ['-i', fast, '-i', counted, '-map', '0:v', '-map', '1:d', '-c', 'copy', '-tag:d', 'tmcd'];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...streams, path], { stdio: 'pipe' });
    expect(await clockOf(path)).toBe('01:00:00:20');
  });
});

/** The least of a header that says a time code, in front of a picture that somebody else's program wrote. */
const withTimecode = (path: string, bits: number): void => {
  const [bytes, at] = [readFileSync(path), 1920];
  if (bytes.toString('latin1', 0, 4) === 'XPDS') bytes.writeUInt32LE(bits, at);
  else bytes.writeUInt32BE(bits, at);
  writeFileSync(path, bytes);
};

describeWith('ffmpeg', 'the time code of a sequence', () => {
  it.each([
    ['24', 0x01020304, '01:02:03:04'],
    ['30000/1001', 0x01020344, '01:02:03;04'],
    ['24', 0xffffffff, undefined],
    ['24', 0x01020324, undefined],
    ['24', 0x0a020304, undefined],
  ] as const)('in the header of DPX at %s', async (rate, bits, expected) => {
    const pattern = join(folder, `dpx-${rate.replace('/', '-')}-${bits}-%04d.dpx`);
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=64x48:rate=24',
      '-frames:v',
      '2',
      pattern,
    ]);
    withTimecode(pattern.replace('%04d', '0001'), bits);
    expect(await clockOf(pattern, rate)).toBe(expected);
  });
});

describeWith('oiiotool', 'the time code of EXR as another program writes it', () => {
  it.each([
    ['24', '01:02:03:04', '01:02:03:04'],
    ['25', '23:59:59:24', '23:59:59:24'],
    ['50', '01:02:03:04', '01:02:03:08'],
    ['24', '01:02:03:29', undefined],
  ] as const)('at %s: %s', async (rate, written, expected) => {
    const path = join(folder, `exr${rate}-${written.replaceAll(':', '')}.0001.exr`);
    const tag = ['--attrib:type=timecode', 'smpte:TimeCode', written];
    execFileSync('oiiotool', ['--create', '16x8', '3', '-d', 'half', ...tag, '-o', path], { stdio: 'pipe' });
    expect(await clockOf(path, rate)).toBe(expected);
  });
});

describe('time code as text', () => {
  const rates = ['24', '25', '24000/1001', '30000/1001', '60000/1001', '50'] as const;
  it.each(rates)('comes back at %s, every frame of the minutes around the tens', (text) => {
    const [num, den = 1] = text.split('/').map(Number) as [number, number?];
    const rate = frameRate(num, den);
    for (const drop of den === 1001 && num !== 24000 ? [false, true] : [false])
      for (let count = 0; count < 40_000; count += 7) {
        const time: Timecode = { count, drop };
        expect(parseTimecode(timecodeText(time, rate), rate)).toEqual(time);
      }
  });

  it('is none where no frame has it', () => {
    const ntsc = frameRate(30000, 1001);
    for (const text of ['01:01:00;00', '01:01:00;01', '24:00:00:00', '01:60:00:00', '1:2:3:4', '01:02:03:30', 'now'])
      expect([text, parseTimecode(text, ntsc)]).toEqual([text, undefined]);
    expect(parseTimecode('01:00:00;00', ntsc)).toEqual({ count: 107892, drop: true });
    expect(parseTimecode('01:00:00;00', frameRate(25))).toBeUndefined();
    expect(parseTimecode('01:10:00;00', ntsc)).toBeDefined();
  });
});
