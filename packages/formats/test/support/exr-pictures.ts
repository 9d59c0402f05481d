import type { ExrChannel, ExrImage } from '../../src/index.js';
import { seeded } from '../pictures.js';

const KINDS = ['noise', 'smooth', 'matte', 'zero', 'few'] as const;
type Kind = (typeof KINDS)[number];

/** Half samples of a kind: every bit pattern that is a number, a ramp, a soft disc, nothing, five values. */
function halves(kind: Kind, width: number, height: number, random: () => number): Uint16Array {
  return Uint16Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (kind === 'noise') return Math.floor(random() * 0x7c00) | (random() < 0.5 ? 0x8000 : 0);
    if (kind === 'smooth') return 0x3000 + 3 * x + 5 * y;
    if (kind === 'zero') return 0;
    if (kind === 'few') return [0, 0x3c00, 0x3800, 0xbc00, 0x1234][Math.floor(random() * 5)]!;
    const inside = Math.min(1, Math.max(0, width / 3 - Math.hypot(x - width / 2, y - height / 2)));
    return inside === 0 ? 0 : 0x3800 + Math.round(inside * 0x400);
  });
}

/** The same numbers as another type; noise fills all bits of it. */
function asType(type: ExrChannel['type'], name: string, kind: Kind, values: Uint16Array): ExrChannel {
  if (type === 'half') return { name, type, values };
  if (type === 'float')
    return { name, type, values: Float32Array.from(values, (v, i) => (kind === 'zero' ? 0 : v * 1.37 + (i % 3))) };
  return {
    name,
    type,
    values: Uint32Array.from(values, (v, i) => (kind === 'noise' ? Math.imul(v + i, 0x9e3779b1) : v)),
  };
}

/** A picture with a channel of every kind, of one type or of all three in turn. */
export function picture(width: number, height: number, seed: number, only?: ExrChannel['type']): ExrImage {
  const random = seeded(seed);
  const channels = KINDS.map((kind, i) => {
    const type = only ?? (['half', 'float', 'uint'] as const)[i % 3]!;
    return asType(type, `${'ABCDE'[i]}.${kind}`, kind, halves(kind, width, height, random));
  });
  const dataWindow = { x0: 3, y0: -2, x1: 3 + width, y1: height - 2 };
  return { displayWindow: { width: width + 4, height: height + 4 }, dataWindow, compression: 'none', channels };
}

/** What tools/exr/write-fixtures.ts has OpenEXR's programs write into test/fixtures: the arguments of exrmaketiled or oiiotool, and the picture. */
export const FIXTURES: readonly {
  readonly name: string;
  readonly make: readonly string[];
  readonly image: ExrImage;
}[] = [
  {
    name: 'piz.exr',
    make: ['oiiotool', '--nosoftwareattrib', '--native', 'FROM', '-d', 'half', '--compression', 'piz', '-o', 'TO'],
    image: picture(40, 35, 1, 'half'),
  },
  {
    name: 'piz-tiles.exr',
    make: ['exrmaketiled', '-m', '-t', '16', '8', '-z', 'piz', 'FROM', 'TO'],
    image: picture(21, 19, 2),
  },
  {
    name: 'zip-tiles.exr',
    make: ['exrmaketiled', '-r', '-u', '-t', '8', '16', '-z', 'zip', 'FROM', 'TO'],
    image: picture(13, 22, 3),
  },
  {
    name: 'pxr24-tiles.exr',
    make: ['exrmaketiled', '-t', '16', '16', '-z', 'pxr24', 'FROM', 'TO'],
    image: picture(20, 18, 4, 'half'),
  },
];
