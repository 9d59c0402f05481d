import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRotokitError } from '@rotokit/core/values';
import { decodeDpx, decodeExr, decodePng } from '@rotokit/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeliverableName, openRoto, verifyExport } from '../src/index.js';
import { discMask, rotokit, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
const project = join(folder, 'sh010.roto');
const FRAMES = 40;
const FORMATS: readonly DeliverableName[] = ['exr', 'crypto', 'dpx', 'png', 'coco'];
const whole = join(folder, 'whole');

beforeAll(async () => {
  const clip = await writeTinyClip(folder, FRAMES);
  await using roto = await openRoto(clip, { project });
  for (let t = 0; t < FRAMES; t++) await roto.object('hero').mask(1001 + t, discMask(t % 12));
  await roto.export(FORMATS, whole);
}, 60_000);

const tree = (path: string): string[] =>
  (readdirSync(path, { recursive: true }) as string[]).filter((p) => statSync(join(path, p)).isFile()).sort();
const decoders: Record<string, (bytes: Uint8Array) => unknown> = { exr: decodeExr, dpx: decodeDpx, png: decodePng };

/** Every picture that stands under its name is whole. @returns how many there are. */
function expectValid(path: string): number {
  const pictures = tree(path).filter((p) => /\.(exr|dpx|png)$/.test(p));
  for (const p of pictures) decoders[p.slice(p.lastIndexOf('.') + 1)]?.(readFileSync(join(path, p)));
  return pictures.length;
}

/** The folder holds the very bytes of an export that nothing happened to, and nothing else. */
function expectWhole(path: string): void {
  expect(tree(path)).toEqual(tree(whole));
  for (const p of tree(whole).filter((f) => !f.endsWith('.manifest.json')))
    expect(readFileSync(join(path, p)).equals(readFileSync(join(whole, p))), p).toBe(true);
}

/** A file system of its own, as large as is told; undefined where that is not allowed. */
function smallDisk(size: string): { path: string; grow(size: string): void } | undefined {
  const path = join(folder, 'disk');
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  afterAll(() => execFileSync('umount', ['-l', path], { stdio: 'ignore' }));
  return { path, grow: (to) => execFileSync('mount', ['-o', `remount,size=${to}`, path]) };
}

const disk = smallDisk('3m');

describe('a disk that fills up', () => {
  it.skipIf(!disk)(
    `ends in a coded error with every written frame whole, and the next run does the rest ${disk ? '' : '[needs leave to mount a tmpfs]'}`,
    async () => {
      const out = join((disk as NonNullable<typeof disk>).path, 'out');
      const attempt = async () => {
        await using roto = await openRoto(project);
        await roto.export(FORMATS, out, { verify: true });
      };
      const error = await attempt().then(
        () => undefined,
        (e: unknown) => e,
      );
      expect(isRotokitError(error) && error.code).toBe('WRITE_FAILED');
      const written = expectValid(out);
      expect(written).toBeGreaterThan(10);
      expect(written).toBeLessThan(FRAMES * 4);
      expect(tree(out).filter((p) => p.endsWith('.manifest.json'))).toEqual([]);
      const again = await attempt().then(
        () => undefined,
        (e: unknown) => e,
      );
      expect(isRotokitError(again) && again.code).toBe('WRITE_FAILED');
      disk?.grow('64m');
      await attempt();
      expectWhole(out);
    },
    60_000,
  );
});

describe('kill -9 during an export', () => {
  it.each([1, 17, 39])(
    'after %i frames leaves whole frames, and the next run does the rest',
    async (after) => {
      const out = join(folder, `killed-${after}`);
      const args = ['export', project, '--as', FORMATS.join(','), '-o', out];
      let seen = 0;
      const ended = await rotokit([...args, '--json'], (line, kill) => {
        if (line.includes('"event":"frame"') && ++seen === after) kill('SIGKILL');
      });
      expect(ended.signal).toBe('SIGKILL');
      expect(expectValid(out)).toBeGreaterThanOrEqual(after * 4);
      const { code, stderr } = await rotokit([...args, '--verify', '--json']);
      expect(code, stderr).toBe(0);
      const skipped = stderr.split('\n').filter((l) => l.includes('"skipped":true')).length;
      expect(skipped).toBeGreaterThanOrEqual(after);
      expectWhole(out);
      expect((await verifyExport(out)).problems).toEqual([]);
      rmSync(out, { recursive: true });
    },
    60_000,
  );
});

describe('the command', () => {
  it('exports by presets with names, verifies on its own, and says what is wrong by its exit code', async () => {
    const out = join(folder, 'command');
    const naming = [
      '--shot',
      'sh010',
      '--name',
      '{shot}_{version}/{object}/{shot}_{object}.{frame}.{ext}',
      '--file-version',
      'v002',
      '--start',
      '1',
    ];
    const made = await rotokit([
      'export',
      project,
      '--preset',
      'nuke',
      '--as',
      'png',
      ...naming,
      '--range',
      '1001-1004',
      '-o',
      out,
      '--json',
    ]);
    expect(made.code, made.stderr).toBe(0);
    expect(Object.keys(JSON.parse(made.stdout).files)).toEqual(['exr', 'crypto', 'nuke', 'png']);
    const picture = 'sh010_v002/hero/sh010_hero.0003.png';
    expect(tree(out)).toContain(picture);
    expect((await rotokit(['verify', out])).stdout).toContain('everything is as written');
    rmSync(join(out, picture));
    const bad = await rotokit(['verify', out, '--json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout).problems).toMatchObject([{ path: picture }]);
    const mixed = await rotokit(['export', project, '--as', 'png', ...naming, '-o', out]);
    expect(mixed.code).toBe(1);
    expect(mixed.stderr).toMatch(/EXPORT_REFUSED[\s\S]*--replace/);
  }, 60_000);
});
