import { type Picture, SRGB } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { contactSheet, objectColour, shrinkTile, type Tile } from '../src/index.js';
import { disc } from './pictures.js';

const [W, H] = [640, 360];
const tile = (n: number, extra: Partial<Tile> = {}): Tile => ({
  picture: { format: 'rgb8', width: W, height: H, samples: new Uint8Array(3 * W * H).fill(20 * n), colour: SRGB },
  layers: [{ mask: disc(W, H, 100 + 20 * n, 180, 60), colour: objectColour(0) }],
  label: String(1001 + n),
  ...extra,
});
const six = Array.from({ length: 6 }, (_, n) => tile(n));
const pixel = (p: Picture<'rgb8'>, x: number, y: number) => [
  ...p.samples.subarray(3 * (y * p.width + x)).subarray(0, 3),
];
const differing = (a: Picture<'rgb8'>, b: Picture<'rgb8'>) => {
  const spots: { x: number; y: number }[] = [];
  for (let i = 0; i < a.samples.length; i++) {
    const p = Math.floor(i / 3);
    if (a.samples[i] !== b.samples[i]) spots.push({ x: p % a.width, y: Math.floor(p / a.width) });
  }
  return spots;
};

describe('contact sheet', () => {
  it('holds every frame, scaled, in reading order', () => {
    const sheet = contactSheet(six, { columns: 3, tileWidth: 160 });
    const column = (i: number) => 5 + (i % 3) * 165;
    const row = (i: number) => 5 + Math.floor(i / 3) * (90 + 12 + 5);
    expect([sheet.width, sheet.height]).toEqual([500, 219]);
    six.forEach((_, i) => {
      expect(pixel(sheet, column(i) + 155, row(i) + 85)).toEqual([20 * i, 20 * i, 20 * i]);
      const [red, green] = pixel(sheet, column(i) + 25 + 5 * i, row(i) + 45);
      expect(red - green).toBeGreaterThan(20); // the object's tint
    });
  });

  it('writes numbers and confidence under their own tile, and frames the flagged one', () => {
    const plain = contactSheet(six, { columns: 3, tileWidth: 160 });
    const changed = (extra: Partial<Tile>) =>
      differing(
        plain,
        contactSheet(
          six.map((t, i) => (i === 4 ? { ...t, ...extra } : t)),
          { columns: 3, tileWidth: 160 },
        ),
      );
    const strip = { x0: 170, x1: 330, y0: 202, y1: 214 };
    for (const extra of [{ label: '1905' }, { confidence: 0.5 }]) {
      const spots = changed(extra);
      expect(spots.length).toBeGreaterThan(20);
      expect(spots.every((s) => s.x >= strip.x0 && s.x < strip.x1 && s.y >= strip.y0 && s.y < strip.y1)).toBe(true);
    }
    expect(changed({ flagged: true }).length).toBeGreaterThan(400);
  });

  it('gives equal texts equal pixels, and different digits different ones', () => {
    const digits = Array.from({ length: 10 }, (_, n) =>
      contactSheet([{ ...six[0], label: `${n}` }], { tileWidth: 160 }),
    );
    expect(new Set(digits.map((d) => Buffer.from(d.samples).toString('base64'))).size).toBe(10);
    expect(contactSheet([{ ...six[0], label: 'Zoë' }])).toEqual(contactSheet([{ ...six[0], label: 'Zoe' }]));
  });

  it('has a line for a title, cut to what fits', () => {
    const short = contactSheet(six, { columns: 3, tileWidth: 160, title: 'shot' });
    const long = contactSheet(six, { columns: 3, tileWidth: 160, title: 'shot '.repeat(100) });
    expect(short.height).toBe(219 + 13);
    expect([long.width, long.height]).toEqual([short.width, short.height]);
  });

  it('looks the same from tiles that were shrunk early', () => {
    const early = six.map((t) => shrinkTile(t, 160));
    expect(early[0].picture.width).toBe(160);
    expect(contactSheet(early, { tileWidth: 160 })).toEqual(contactSheet(six, { tileWidth: 160 }));
    expect(shrinkTile(six[0], 5000)).toBe(six[0]);
  });

  it('refuses nothing at all and unequal pictures', () => {
    expect(() => contactSheet([])).toThrow(/tiles must not be empty/);
    expect(() => contactSheet([six[0], shrinkTile(six[1])])).toThrow(/must all be 640x360, got 320x180/);
  });
});
