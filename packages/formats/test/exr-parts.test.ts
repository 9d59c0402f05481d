import { frameRate, maskToPlane, sameMask } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import {
  decodeExr,
  decodeExrParts,
  type ExrImage,
  encodeExr,
  encodeExrParts,
  halfChannel,
  maskFromExr,
  matteExr,
  matteExrParts,
} from '../src/index.js';
import { disc, seeded } from './pictures.js';

const [W, H] = [57, 43];
const random = seeded(3);
const part = (name: string, over: Partial<ExrImage> = {}): ExrImage => ({
  name,
  displayWindow: { width: W, height: H },
  dataWindow: { x0: 0, y0: 0, x1: W, y1: H },
  compression: 'zip',
  channels: [
    halfChannel(
      'A',
      Array.from({ length: W * H }, () => Math.floor(random() * 4) / 4),
    ),
  ],
  ...over,
});
const mattes = [
  { channel: 'hero.A', mask: disc(W, H, 20, 20, 9) },
  { channel: 'dog_2.A', mask: disc(W, H, 40, 25, 8) },
  { channel: 'gone.A', mask: disc(W, H, -40, -40, 2) },
];
const frame = { size: { width: W, height: H }, rate: frameRate(25), frame: 1001, mattes };

describe('EXR of several parts', () => {
  it('comes back part by part, bit for bit, whatever each part is packed with', () => {
    const parts = (['none', 'rle', 'zips', 'zip'] as const).map((compression, i) =>
      part(`p${i}`, { compression, attributes: { view: { type: 'string', value: 'left' } } }),
    );
    const read = decodeExrParts(encodeExrParts(parts));
    expect(read).toHaveLength(4);
    expect(read).toEqual(parts.map((p) => ({ ...p, pixelAspect: 1 })));
  });

  it('gives each matte a part with a window of its own', () => {
    const read = decodeExrParts(encodeExrParts(matteExrParts(frame, { window: 'cropped', type: 'float' })));
    expect(read.map((p) => p.name)).toEqual(['hero', 'dog_2', 'gone']);
    expect(read.map((p) => p.dataWindow)).toEqual([
      mattes[0]!.mask.window,
      mattes[1]!.mask.window,
      { x0: 0, y0: 0, x1: 1, y1: 1 },
    ]);
    expect(read.map((p, i) => sameMask(maskFromExr(p, p.channels[0]!), mattes[i]!.mask))).toEqual([true, true, true]);
  });

  it('refuses names that are missing or double, and parts that differ in what a file has once', () => {
    expect(() => encodeExrParts([part('a'), part('a')])).toThrow(/names/);
    expect(() => encodeExrParts([{ ...part('a'), name: '' }])).toThrow(/names/);
    expect(() => encodeExrParts([part('a'), part('b', { displayWindow: { width: 9, height: 9 } })])).toThrow(/share/);
  });

  it('asks for one part where several are not expected', () => {
    const bytes = encodeExrParts([part('a'), part('b')]);
    expect(() => decodeExr(bytes)).toThrow(expect.objectContaining({ code: 'MEDIA_UNREADABLE' }));
    expect(decodeExr(encodeExrParts([part('a')])).name).toBe('a');
  });
});

describe('EXR made line by line', () => {
  it('has the bytes of the picture as a whole', () => {
    const whole = matteExr(frame, { window: 'cropped' });
    const { channels, ...header } = whole;
    const width = whole.dataWindow.x1 - whole.dataWindow.x0;
    const top = whole.dataWindow.y0;
    const made: number[] = [];
    const bytes = encodeExr({
      ...header,
      layout: channels.map(({ name, type }) => ({ name, type })),
      lines(y0, y1) {
        made.push(y1 - y0);
        return channels.map((c) => c.values.slice((y0 - top) * width, (y1 - top) * width));
      },
    });
    expect(bytes).toEqual(encodeExr(whole));
    expect(Math.max(...made)).toBe(16);
  });
});

describe('EXR of run lengths', () => {
  it('packs mattes well and noise no larger than it is', () => {
    const matte = part('m', { channels: [{ name: 'A', type: 'half', values: maskToPlane(mattes[0]!.mask) }] });
    const noise = part('n', {
      channels: [{ name: 'A', type: 'half', values: Uint16Array.from({ length: W * H }, () => random() * 65536) }],
    });
    for (const image of [matte, noise]) {
      const bytes = encodeExr({ ...image, compression: 'rle' });
      expect(decodeExr(bytes).channels).toEqual(image.channels);
      expect(bytes.length).toBeLessThanOrEqual(encodeExr({ ...image, compression: 'none' }).length);
    }
    expect(encodeExr({ ...matte, compression: 'rle' }).length).toBeLessThan(W * H);
  });
});
