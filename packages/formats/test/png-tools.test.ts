import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { davisPalette, decodePng, encodePng, type PngPixels } from '../src/index.js';
import { seeded } from './pictures.js';

const random = seeded(3);
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-png-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const W = 45;
const H = 28;
const grey16: PngPixels = {
  kind: 'pixels',
  width: W,
  height: H,
  channels: 1,
  samples: Uint16Array.from({ length: W * H }, () => random() * 65536),
};
const rgba16: PngPixels = {
  ...grey16,
  channels: 4,
  samples: Uint16Array.from({ length: 4 * W * H }, (_, i) => (i * 97) % 65536),
};
const rgb8: PngPixels = { ...grey16, channels: 3, samples: Uint8Array.from({ length: 3 * W * H }, (_, i) => i >> 3) };

/** The samples that ffmpeg sees in a file. */
const ffmpegSees = (path: string, format: string) =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', format, '-']);
const bytesOf = (v: Uint8Array | Uint16Array) => Buffer.from(v.buffer, v.byteOffset, v.byteLength);

describe('PNG in other programs', () => {
  itWith('ffmpeg', 'ffmpeg reads the very samples', () => {
    for (const [image, format] of [
      [grey16, 'gray16le'],
      [rgba16, 'rgba64le'],
      [rgb8, 'rgb24'],
    ] as const) {
      const path = join(folder, `${format}.png`);
      writeFileSync(path, encodePng(image));
      expect(ffmpegSees(path, format).equals(bytesOf(image.samples))).toBe(true);
    }
  });

  itWith('ffmpeg', 'ffmpeg sees numbers and colours of a DAVIS annotation', () => {
    const path = join(folder, 'labels.png');
    const indices = Uint8Array.from({ length: W * H }, (_, i) => i % 256);
    writeFileSync(path, encodePng({ kind: 'indexed', width: W, height: H, indices, palette: davisPalette() }));
    const seen = ffmpegSees(path, 'rgb24');
    const palette = davisPalette();
    expect(indices.every((v, i) => [0, 1, 2].every((c) => seen[3 * i + c] === palette[3 * v + c]))).toBe(true);
  });

  itWith('oiiotool', 'oiiotool finds 16 bits and no gamma', () => {
    const path = join(folder, 'oiio.png');
    writeFileSync(path, encodePng(grey16));
    const facts = execFileSync('oiiotool', ['--info', '-v', path], { encoding: 'utf8' });
    expect(facts).toMatch(/45 x +28, 1 channel, uint16/);
    expect(facts).not.toMatch(/Gamma/i);
  });

  itWith('convert', 'reads interlaced and 1, 2, 4-bit files of ImageMagick', () => {
    const path = join(folder, 'source.png');
    writeFileSync(path, encodePng(rgb8));
    const made = (args: string[]) => {
      execFileSync('convert', [path, ...args, join(folder, 'made.png')]);
      return decodePng(readFileSync(join(folder, 'made.png')));
    };
    expect(made(['-interlace', 'PNG', '-define', 'png:color-type=2'])).toEqual(rgb8);
    for (const bits of [1, 2, 4]) {
      const found = made([
        '-colorspace',
        'gray',
        '-depth',
        `${bits}`,
        '-define',
        `png:bit-depth=${bits}`,
        '-define',
        'png:color-type=0',
      ]);
      const levels = new Set(found.kind === 'pixels' ? found.samples : []);
      expect([...levels].every((v) => v % (255 / (2 ** bits - 1)) === 0)).toBe(true);
      const gray = ffmpegSees(join(folder, 'made.png'), 'gray');
      expect(found).toEqual({ ...rgb8, channels: 1, samples: new Uint8Array(gray) });
    }
  });
});
