import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { frameIndex } from '@rotokit/core/values';
import { expect, it } from 'vitest';
import { describeWith } from '../../../tests/support/needs.js';
import { openClip } from '../src/index.js';
import { scratchFolder } from './support/scratch.js';

const folder = await scratchFolder();

/** A clip of two frames in one colour, Y'CbCr given in eight bits, tagged as asked. */
function clip(
  name: string,
  [width, height]: readonly [number, number],
  pixels: string,
  [y, u, v]: readonly number[],
  tags: string[],
): string {
  const path = join(folder, name);
  const scale = pixels.includes('10') ? 4 : 1;
  const expression = `nullsrc=s=${width}x${height}:r=24:d=0.0834,format=${pixels},geq=lum=${y * scale}:cb=${u * scale}:cr=${v * scale}`;
  const args = ['-v', 'error', '-f', 'lavfi', '-i', expression, '-c:v', 'ffv1', '-pix_fmt', pixels, ...tags, path];
  execFileSync('ffmpeg', args);
  return path;
}

async function pixel(path: string): Promise<number[]> {
  const source = await openClip(path);
  const { samples } = (await source.read(frameIndex(1))).picture;
  const deep = (await source.read(frameIndex(1), 'rgba16')).picture.samples;
  await source.close();
  const at = samples.length / 2 - ((samples.length / 2) % 3);
  const eight = [...samples.subarray(at, at + 3)];
  const sixteen = [...deep.subarray((at / 3) * 4, (at / 3) * 4 + 3)].map((w) => w / 257);
  for (let c = 0; c < 3; c++) expect(Math.abs(eight[c] - sixteen[c])).toBeLessThan(0.6);
  return eight;
}

const bt709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];
const near = (a: number[], b: number[]) => {
  for (const [i, v] of a.entries()) expect(Math.abs(v - b[i])).toBeLessThanOrEqual(1);
};

// Pure red in limited range: BT.709 is (63, 102, 240), BT.601 is (81, 90, 240).
describeWith('ffmpeg', 'colours', () => {
  it('follow the tagged matrix, not the size', async () => {
    near(await pixel(clip('a.mkv', [64, 48], 'yuv420p', [63, 102, 240], bt709)), [255, 0, 0]);
  });

  it('are BT.709 from 720 lines on and BT.601 below where nothing is tagged', async () => {
    near(await pixel(clip('b.mkv', [64, 720], 'yuv420p', [63, 102, 240], [])), [255, 0, 0]);
    near(await pixel(clip('c.mkv', [64, 576], 'yuv420p', [81, 90, 240], [])), [255, 0, 0]);
  });

  it('expand full range and limited range to the same white and black', async () => {
    const full = [...bt709.slice(0, -1), 'pc'];
    near(await pixel(clip('d.mkv', [64, 48], 'yuv444p', [255, 128, 128], full)), [255, 255, 255]);
    near(await pixel(clip('e.mkv', [64, 48], 'yuv444p', [235, 128, 128], bt709)), [255, 255, 255]);
    near(await pixel(clip('f.mkv', [64, 48], 'yuv420p', [16, 128, 128], bt709)), [0, 0, 0]);
    near(await pixel(clip('g.mkv', [64, 48], 'gray', [128, 128, 128], full)), [128, 128, 128]);
  });

  it('keep ten bits: white is 65535 and one step is one step', async () => {
    near(await pixel(clip('h.mkv', [64, 48], 'yuv420p10le', [235, 128, 128], bt709)), [255, 255, 255]);
    const source = await openClip(join(folder, 'h.mkv'));
    const { samples } = (await source.read(frameIndex(0), 'rgba16')).picture;
    expect(source.info.bitDepth).toBe(10);
    expect([...samples.subarray(0, 4)].every((v) => v > 65520)).toBe(true);
    await source.close();
  });
});
