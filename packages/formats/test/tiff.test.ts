import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { decodeTiff, encodeTiff, type TiffImage } from '../src/index.js';
import { seeded } from './pictures.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-tiff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [W, H] = [131, 90];
const random = seeded(4);
/** Half smooth, half noise, so that every packer has runs, strings and literals. */
const picture = (channels: 1 | 2 | 3 | 4, kind: 'u8' | 'u16' | 'f32', alpha?: TiffImage['alpha']): TiffImage => {
  const most = { u8: 256, u16: 65536, f32: 1 }[kind];
  const values = Array.from({ length: W * H * channels }, (_, i) => (i < W * H ? (i % 7) / 8 : random()) * most);
  const samples =
    kind === 'u8' ? Uint8Array.from(values) : kind === 'u16' ? Uint16Array.from(values) : Float32Array.from(values);
  return { width: W, height: H, channels, samples, ...(alpha ? { alpha } : {}) };
};
const LAYOUTS = [
  picture(1, 'u8'),
  picture(1, 'u16'),
  picture(2, 'u16', 'straight'),
  picture(3, 'u16'),
  picture(4, 'u16', 'premultiplied'),
  picture(4, 'f32', 'straight'),
];

describe('TIFF', () => {
  it.each(['none', 'deflate'] as const)('packed with %s comes back exactly', (compression) => {
    for (const image of LAYOUTS) expect(decodeTiff(encodeTiff(image, { compression }))).toEqual(image);
  });

  it('turns grey around where white is 0', () => {
    const bytes = encodeTiff(LAYOUTS[1]!);
    const view = new DataView(bytes.buffer);
    for (let at = view.getUint32(4, true) + 2; ; at += 12) {
      if (view.getUint16(at, true) !== 262) continue;
      view.setUint16(at + 8, 0, true);
      break;
    }
    expect(decodeTiff(bytes).samples).toEqual((LAYOUTS[1]!.samples as Uint16Array).map((v) => 65535 - v));
  });

  it('refuses samples that do not fill it', () => {
    expect(() => encodeTiff({ ...LAYOUTS[0]!, width: 3 })).toThrow(/samples/);
  });

  itWith('oiiotool', 'holds the same pixels for oiiotool, and is read from it in every packing', () => {
    for (const [i, image] of [LAYOUTS[1]!, LAYOUTS[4]!, LAYOUTS[5]!].entries()) {
      const ours = join(folder, `${i}.tif`);
      writeFileSync(ours, encodeTiff(image, { description: 'a matte' }));
      expect(execFileSync('oiiotool', ['--info', '-v', ours], { encoding: 'utf8' })).toMatch(
        /ImageDescription: "a matte"/,
      );
      for (const packing of ['none', 'lzw', 'zip', 'packbits']) {
        const theirs = join(folder, `${i}-${packing}.tif`);
        // A picture with alpha is kept as stored: otherwise oiiotool multiplies straight colour on its way in.
        execFileSync('oiiotool', [
          '-i:autocc=0:unpremult=0',
          ours,
          '--attrib:type=int',
          'oiio:UnassociatedAlpha',
          image.alpha === 'straight' ? '1' : '0',
          '--compression',
          packing,
          '-o',
          theirs,
        ]);
        const read = decodeTiff(readFileSync(theirs));
        expect([read.channels, read.samples.constructor]).toEqual([image.channels, image.samples.constructor]);
        if (image.alpha !== 'straight') expect(read.samples, packing).toEqual(image.samples);
      }
    }
  });

  itWith('convert', 'reads what ImageMagick writes, big-endian too', () => {
    const source = join(folder, 'source.tif');
    writeFileSync(source, encodeTiff(LAYOUTS[1]!));
    for (const args of [
      ['-endian', 'MSB'],
      ['-compress', 'LZW'],
      ['-compress', 'RLE'],
    ]) {
      const path = join(folder, 'magick.tif');
      execFileSync('convert', [source, ...args, path]);
      expect(decodeTiff(readFileSync(path)).samples).toEqual(LAYOUTS[1]!.samples);
    }
  });
});
