import { describe, expect, it } from 'vitest';
import { encodeManifest, MANIFEST_SCHEMA, type Manifest } from '../src/index.js';

const file = (frame: number) => ({
  path: `matte/hero.${frame}.exr`,
  frames: { first: frame, last: frame },
  bytes: 1000 + frame,
  sha256: String(frame).padStart(64, '0'),
});
const manifest: Manifest = {
  kind: 'exr',
  clip: { path: 'plate.mov', size: { width: 1920, height: 1080 }, rate: { num: 24000, den: 1001 } },
  frames: { first: 1001, last: 1003 },
  objects: [{ id: 'a1', name: 'hero', channel: 'hero.A' }],
  files: [file(1003), file(1001), file(1002)],
  provenance: { engine: 'embedded', version: '0.1.0' },
};
const text = (m: Manifest) => new TextDecoder().decode(encodeManifest(m));

describe('manifest', () => {
  it('says what is in every file, sorted, and is the same for the same export', () => {
    const read = JSON.parse(text(manifest));
    expect(read.schema).toBe(MANIFEST_SCHEMA);
    expect(read.files.map((f: { path: string }) => f.path)).toEqual([1001, 1002, 1003].map((n) => file(n).path));
    expect(read.objects).toEqual(manifest.objects);
    expect(text({ ...manifest, files: [...manifest.files].reverse() })).toBe(text(manifest));
  });

  it('accepts one movie for all frames', () => {
    const movie = { ...file(1001), path: 'hero.mov', frames: { first: 1001, last: 1003 } };
    expect(JSON.parse(text({ ...manifest, files: [movie] })).files).toEqual([movie]);
  });

  it('refuses to claim an export in which a frame is missing', () => {
    expect(() => encodeManifest({ ...manifest, files: [file(1001), file(1003)] })).toThrow(/1002 is in none/);
  });

  it.each(['/etc/x', '../x', 'a\\b', 'C:/x', ''])('refuses the path %j', (path) => {
    expect(() => encodeManifest({ ...manifest, files: [{ ...file(1001), path }] })).toThrow(/files.path/);
  });

  it('refuses a checksum that is none', () => {
    expect(() => encodeManifest({ ...manifest, files: [{ ...file(1001), sha256: 'abc' }] })).toThrow(/no SHA-256/);
  });
});
