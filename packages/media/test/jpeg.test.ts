import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Picture, SRGB } from '@rotokit/core/values';
import { encodeJpeg, openClip } from '@rotokit/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotokit-jpeg-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Four flat quarters of known colours: what a wrong matrix or range would shift. */
function quarters(width: number, height: number): Picture<'rgb8'> {
  const samples = new Uint8Array(width * height * 3);
  const colours = [
    [200, 40, 40],
    [40, 180, 60],
    [30, 60, 200],
    [255, 255, 255],
  ];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      samples.set(colours[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!, 3 * (y * width + x));
  return { format: 'rgb8', width, height, samples, colour: SRGB };
}

async function readBack(bytes: Uint8Array, name: string): Promise<Picture<'rgb8'>> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const clip = await openClip(path);
  const { picture } = await clip.read(0 as never);
  await clip.close();
  return picture;
}

describe('encodeJpeg', () => {
  it.each([
    { size: { width: 65, height: 49 }, name: 'own' },
    { size: { width: 32, height: 24 }, name: 'smaller' },
  ])('keeps colours within a few codes in its $name size', async ({ size, name }) => {
    const picture = quarters(65, 49);
    const read = await readBack(await encodeJpeg(picture, name === 'own' ? {} : { size }), `${name}.jpg`);
    expect([read.width, read.height]).toEqual([size.width, size.height]);
    for (const [x, y] of [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.2, 0.8],
      [0.8, 0.8],
    ] as const) {
      const at = (p: Picture<'rgb8'>) => {
        const i = 3 * (Math.floor(y * p.height) * p.width + Math.floor(x * p.width));
        return [...p.samples.subarray(i, i + 3)];
      };
      const [want, got] = [at(picture), at(read)];
      for (const [c, v] of got.entries()) expect(Math.abs(v - want[c]!)).toBeLessThanOrEqual(6);
    }
  });

  it('refuses sides and quantisers that no JPEG has', async () => {
    const picture = quarters(16, 16);
    await expect(encodeJpeg(picture, { size: { width: 0, height: 4 } })).rejects.toThrow(/sides of 1 to 65500/);
    await expect(encodeJpeg(picture, { quantiser: 1 })).rejects.toThrow(/2 to 31/);
  });
});
