import { describe, expect, it } from 'vitest';
import { davisPalette, decodePng, encodePng, type PngImage, type PngPixels } from '../src/index.js';
import { seeded } from './pictures.js';

function pixels(channels: 1 | 2 | 3 | 4, deep: boolean, width = 37, height = 23): PngPixels {
  const random = seeded(channels + (deep ? 10 : 0));
  const count = channels * width * height;
  const smooth = (i: number) => 0.5 + 0.4 * Math.sin(i / 91) + 0.1 * random();
  const samples = deep
    ? Uint16Array.from({ length: count }, (_, i) => (i < 40 ? (i % 2) * 65535 : smooth(i) * 65535))
    : Uint8Array.from({ length: count }, (_, i) => (i < 40 ? (i % 2) * 255 : smooth(i) * 255));
  return { kind: 'pixels', width, height, channels, samples };
}

const labels: PngImage = {
  kind: 'indexed',
  width: 31,
  height: 9,
  indices: Uint8Array.from({ length: 279 }, (_, i) => (i % 31 < 4 ? 255 : i >> 6)),
  palette: davisPalette(),
};

describe('PNG', () => {
  const kinds = [1, 2, 3, 4].flatMap((c) => [false, true].map((deep) => [c as 1 | 2 | 3 | 4, deep] as const));
  it.each(kinds)('gives %i channels back exactly, 16 bits: %s, at every level', (channels, deep) => {
    for (const level of [1, 6, 9]) {
      expect(decodePng(encodePng(pixels(channels, deep), { level }))).toEqual(pixels(channels, deep));
      const thin = pixels(channels, deep, 1, 40);
      expect(decodePng(encodePng(thin, { level }))).toEqual(thin);
    }
  });

  it('gives indices, palette and opacities back exactly', () => {
    expect(decodePng(encodePng(labels))).toEqual(labels);
    const seen = { ...labels, alphas: Uint8Array.of(0, 255, 7) };
    expect(decodePng(encodePng(seen))).toEqual(seen);
  });

  it('keeps texts out of the way of the pixels', () => {
    const plain = encodePng(labels);
    const told = encodePng(labels, { texts: { Software: 'Rotokit', Comment: 'Füchse' } });
    expect(Buffer.from(told).includes(Buffer.from('Füchse'))).toBe(true);
    expect(decodePng(told)).toEqual(decodePng(plain));
    expect(() => encodePng(labels, { texts: { é: 'x' } })).toThrow(/keywords/);
  });

  it('has the palette of the DAVIS annotations', () => {
    const colour = (i: number) => [...davisPalette().subarray(3 * i, 3 * i + 3)];
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(colour)).toEqual([
      [0, 0, 0],
      [128, 0, 0],
      [0, 128, 0],
      [128, 128, 0],
      [0, 0, 128],
      [128, 0, 128],
      [0, 128, 128],
      [128, 128, 128],
      [64, 0, 0],
    ]);
    expect(colour(255)).toEqual([224, 224, 192]);
  });

  it('refuses what does not fit, naming the rule', () => {
    const image = pixels(1, false);
    expect(() => encodePng({ ...image, width: 36 })).toThrow(/samples must hold 828 values, got 851/);
    expect(() => encodePng({ ...labels, palette: new Uint8Array(6) })).toThrow(/below the 2 colours, got 255/);
    expect(() => encodePng({ ...labels, palette: new Uint8Array(4) })).toThrow(/palette must hold/);
    expect(() => encodePng({ ...image, width: 0 })).toThrow(/positive sides/);
  });

  it('tells what is wrong with a file, naming it', () => {
    const bytes = encodePng(pixels(3, false));
    const told = (input: Uint8Array, reason: RegExp, maxPixels?: number) =>
      expect(() => decodePng(input, maxPixels ? { name: 'a.png', maxPixels } : { name: 'a.png' })).toThrow(
        expect.objectContaining({ name: 'RotokitError', message: expect.stringMatching(reason) }),
      );
    told(new Uint8Array(3), /a\.png .*not a PNG/);
    told(bytes.subarray(0, 60), /ends early/);
    told(bytes.with(70, bytes[70] ^ 1), /checksum/);
    told(bytes, /37x23, more than 100/, 100);
  });
});
