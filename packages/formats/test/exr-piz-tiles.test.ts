import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isRotokitError } from '@rotokit/core/values';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../tests/support/needs.js';
import { decodeExr, decodeExrParts, type ExrChannel, type ExrImage, encodeExr, encodeExrParts } from '../src/index.js';
import { mutated } from './mutations.js';
import { seeded } from './pictures.js';
import { FIXTURES, picture } from './support/exr-pictures.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-piz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIZES = [
  [1, 1],
  [40, 1],
  [2, 3],
  [31, 33],
  [300, 97],
] as const;

/** Writes a picture, has another program write it anew, and reads that. */
function through(image: ExrImage, make: (from: string, to: string) => readonly [string, ...string[]]): ExrImage {
  const [from, to] = [join(folder, 'from.exr'), join(folder, 'to.exr')];
  writeFileSync(from, encodeExr(image));
  const [program, ...args] = make(from, to);
  execFileSync(program, args, { stdio: 'pipe' });
  return decodeExr(readFileSync(to));
}

/** What differs between two pictures, in a few words: NaNs and signs of zero count by their bits. */
function differences(a: ExrImage, b: ExrImage): string[] {
  const found: string[] = [];
  for (const key of ['dataWindow', 'displayWindow'] as const)
    if (JSON.stringify(a[key]) !== JSON.stringify(b[key])) found.push(`${key} ${JSON.stringify(a[key])}`);
  if (a.channels.length !== b.channels.length) found.push(`${a.channels.length} channels`);
  for (const c of b.channels) {
    const other = a.channels.find((o) => o.name === c.name);
    const bits = ({ values }: ExrChannel) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    if (other?.type !== c.type || !bits(other).equals(bits(c))) found.push(`${c.name}: ${other?.type}`);
  }
  return found;
}

/** `oiiotool` gives all channels one type unless they have one. */
const OIIO = { half: 'half', float: 'float', uint: 'uint32' } as const;

describeWith('oiiotool', 'EXR as other programs write it', () => {
  it.each(SIZES)('PIZ of %i x %i comes back bit for bit, whatever is in it', (width, height) => {
    for (const type of ['half', 'float', 'uint'] as const) {
      const image = picture(width, height, 7, type);
      const piz = ['--native', '-d', OIIO[type], '--compression', 'piz'];
      const read = through(image, (from, to) => ['oiiotool', ...piz.slice(0, 1), from, ...piz.slice(1), '-o', to]);
      expect(read.compression).toBe('piz');
      expect(differences(read, image)).toEqual([]);
    }
  });

  it.each([
    ['none', 16, 16],
    ['rle', 64, 32],
    ['zips', 16, 64],
    ['zip', 32, 32],
    ['piz', 16, 48],
  ] as const)('tiles with %s of %i x %i', (compression, width, height) => {
    for (const [w, h] of [
      [31, 33],
      [300, 97],
    ] as const) {
      const image = picture(w, h, 3, 'half');
      const tiles = ['-d', 'half', '--tile', String(width), String(height), '--compression', compression];
      const read = through(image, (from, to) => ['oiiotool', from, ...tiles, '-o', to]);
      expect(differences(read, image)).toEqual([]);
      expect(read.attributes).not.toHaveProperty('tiles');
    }
  });
});

describeWith('exrheader', 'PXR24', () => {
  it.each(SIZES)('of %i x %i is what OpenEXR makes of it, and exact for halves and whole numbers', (width, height) => {
    const image = picture(width, height, 11);
    const packed = join(folder, 'pxr24.exr');
    const read = through(image, (from, to) => {
      execFileSync('exrmaketiled', ['-t', '64', '32', '-z', 'pxr24', from, packed], { stdio: 'pipe' });
      return ['exrmaketiled', '-t', '64', '32', '-z', 'none', packed, to];
    });
    const ours = decodeExr(readFileSync(packed));
    expect(ours.compression).toBe('pxr24');
    expect(differences(ours, read)).toEqual([]);
    const kept = (i: ExrImage) => ({ ...i, channels: i.channels.filter((c) => c.type !== 'float') });
    expect(differences(kept(ours), kept(image))).toEqual([]);
  });
});

describeWith('exrheader', 'tiles of several levels, as OpenEXR’s own program makes them', () => {
  it.each([
    ['-o', '-d'],
    ['-m', '-d'],
    ['-m', '-u'],
    ['-r', '-d'],
    ['-r', '-u'],
  ] as const)('%s %s: the full picture is read, every type', (levels, rounding) => {
    for (const [w, h, compression] of [
      [1, 1, 'piz'],
      [5, 3, 'zip'],
      [33, 64, 'piz'],
      [100, 37, 'rle'],
    ] as const) {
      const image = picture(w, h, 5);
      const options = [levels, rounding, '-t', '16', '8', '-z', compression];
      const read = through(image, (from, to) => ['exrmaketiled', ...options, from, to]);
      expect(differences(read, image)).toEqual([]);
    }
  });

  it('parts in tiles and in lines beside one another', () => {
    const parts = (['zip', 'none'] as const).map((compression, i) => ({
      ...picture(50, 40, i),
      compression,
      name: `part${i}`,
    }));
    const files = parts.map((part, i) => {
      const path = join(folder, `part${i}.exr`);
      writeFileSync(path, encodeExrParts([part]));
      return path;
    });
    const tiled = join(folder, 'tiled.exr');
    execFileSync('exrmaketiled', ['-m', '-t', '16', '16', files[0]!, tiled], { stdio: 'pipe' });
    const both = join(folder, 'both.exr');
    execFileSync('exrmultipart', ['-combine', '-i', tiled, files[1]!, '-o', both], { stdio: 'pipe' });
    const read = decodeExrParts(readFileSync(both));
    expect(read).toHaveLength(2);
    for (const [i, part] of read.entries()) expect(differences(part, parts[i]!)).toEqual([]);
  });
});

const fixture = (name: string) => readFileSync(resolve(import.meta.dirname, 'fixtures', name));

it.each(FIXTURES)('$name, which another program wrote, comes back bit for bit', ({ name, image }) => {
  expect(differences(decodeExr(fixture(name)), image)).toEqual([]);
});

it('ends 2,000 damaged PIZ and tiled files in a picture or in a coded error, within a stated room', () => {
  const random = seeded(20261123);
  const seeds = FIXTURES.map(({ name }) => new Uint8Array(fixture(name)));
  const outcomes = new Map<string, number>();
  const before = process.memoryUsage().arrayBuffers;
  for (let run = 0; run < 2000; run++) {
    let how = 'picture';
    try {
      decodeExr(mutated(seeds[run % seeds.length]!, random));
    } catch (error) {
      how = isRotokitError(error) ? error.code : String(error);
    }
    outcomes.set(how, (outcomes.get(how) ?? 0) + 1);
  }
  const known = ['picture', 'MEDIA_UNREADABLE', 'MEDIA_TOO_LARGE'];
  expect([...outcomes.keys()].filter((how) => !known.includes(how))).toEqual([]);
  expect(outcomes.get('picture')).toBeGreaterThan(100);
  expect(outcomes.get('MEDIA_UNREADABLE')).toBeGreaterThan(500);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256e6);
});

it.each(['piz', 'pxr24'] as const)('%s is not written, and says so', (compression) => {
  expect(() => encodeExr({ ...picture(8, 8, 1), compression })).toThrow(RangeError);
});
