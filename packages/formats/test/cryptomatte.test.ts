import { frameRate, maskAt, maskFromPlane, type SoftMask, sameMask, size } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import {
  cryptoId,
  cryptoKey,
  cryptoManifest,
  cryptomatteExr,
  decodeExr,
  type ExrImage,
  encodeExr,
  readCryptomattes,
} from '../src/index.js';
import { disc, seeded } from './pictures.js';

/** Names, hashes and manifest values of Psyop's own tests, and names that reach the exponent rule. */
const VECTORS: readonly (readonly [name: string, hex: string])[] = [
  ['hello', '248bfa47'],
  ['cube', 'd9682f08'],
  ['sphere', '591e9a8d'],
  ['plane', '2e2136b8'],
  ['torus', 'f19c73fd'],
  ['равнина', '9623511e'],
  ['mädchen', '6a4e5613'],
  ['bunny', '13851a76'],
  ['default', '42c9679f'],
  ['CryptoObject', '3ae39a58'],
  ['object_440', 'ff416c53'],
  ['object_572', '7f307d23'],
  ['object_491', '80e38c9f'],
  ['object_602', '009e82c6'],
];

const [W, H] = [61, 47];
const random = seeded(5);
const noise = (): SoftMask =>
  maskFromPlane(
    size(W, H),
    Uint16Array.from({ length: W * H }, () => (random() < 0.4 ? 0 : random() * 65536)),
  );
const frame = (objects: readonly { name: string; mask: SoftMask }[]) => ({
  size: { width: W, height: H },
  objects,
  rate: frameRate(24),
  frame: 1001,
});
const objects = ['hero', 'car "7"', 'равнина'].map((name) => ({ name, mask: noise() }));
const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Reads a matte the way the specification words it, from nothing but the decoded channels and attributes. */
function matteByName(image: ExrImage, name: string): Float32Array {
  const key = Object.keys(image.attributes!).find((k) => /^cryptomatte\/.{7}\/manifest$/.test(k))!;
  const manifest = JSON.parse((image.attributes![key] as { value: string }).value) as Record<string, string>;
  bits[0] = Number.parseInt(manifest[name]!, 16);
  const id = float[0];
  const matte = new Float32Array(W * H);
  const by = new Map(image.channels.map((c) => [c.name, c.values]));
  for (const layer of ['00', '01', '02']) {
    for (const [i, c] of ['rg', 'ba']) {
      const [ids, coverage] = [by.get(`CryptoObject${layer}.${i}`), by.get(`CryptoObject${layer}.${c}`)];
      if (ids && coverage) for (let k = 0; k < matte.length; k++) if (ids[k] === id) matte[k] += coverage[k]!;
    }
  }
  return matte;
}

describe('Cryptomatte', () => {
  it.each(VECTORS)('identifies %s as %s', (name, hex) => {
    expect(cryptoId(name).hex).toBe(hex);
    bits[0] = cryptoId(name).bits;
    expect(Number.isFinite(float[0]!)).toBe(true);
  });

  it('files a layer under seven digits of its own identifier', () => expect(cryptoKey('CryptoObject')).toBe('3ae39a5'));

  it('gives every matte back through an independent decoder, overlaps shared by weight', () => {
    const image = decodeExr(encodeExr(cryptomatteExr(frame(objects))));
    expect(image.channels.map((c) => c.name)).toEqual(
      ['00', '01'].flatMap((l) => ['a', 'b', 'g', 'r'].map((c) => `CryptoObject${l}.${c}`)),
    );
    let worst = 0;
    for (const { name, mask } of objects) {
      const matte = matteByName(image, name);
      for (let k = 0; k < matte.length; k++) {
        const at = (m: SoftMask) => maskAt(m, k % W, Math.floor(k / W)) / 65535;
        const sum = objects.reduce((s, o) => s + at(o.mask), 0);
        worst = Math.max(worst, Math.abs(matte[k]! - at(mask) / Math.max(1, sum)));
      }
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it('ranks the strongest object first and fills no more than all of a pixel', () => {
    const image = decodeExr(encodeExr(cryptomatteExr(frame(objects))));
    const by = new Map(image.channels.map((c) => [c.name, c.values]));
    const ranks = ['00.g', '00.a', '01.g', '01.a'].map((n) => by.get(`CryptoObject${n}`)!);
    for (let k = 0; k < W * H; k++) {
      const coverage = ranks.map((r) => r[k]!);
      expect(coverage).toEqual([...coverage].sort((a, b) => b - a));
      expect(coverage.reduce((a, b) => a + b)).toBeLessThan(1 + 1e-6);
    }
  });

  it('reads masks that do not overlap back bit for bit, cropped as well', () => {
    const apart = [
      { name: 'left', mask: disc(W, H, 15, 20, 11) },
      { name: 'right', mask: disc(W, H, 45, 24, 12) },
      { name: 'gone', mask: disc(W, H, -50, -50, 3) },
    ];
    for (const window of ['whole', 'cropped'] as const) {
      const image = decodeExr(encodeExr(cryptomatteExr(frame(apart), { window })));
      const [crypto] = readCryptomattes(image);
      expect([...crypto!.names.keys()]).toEqual(['left', 'right', 'gone']);
      for (const { name, mask } of apart)
        expect(sameMask(crypto!.matte(crypto!.names.get(name)!), mask), name).toBe(true);
    }
  });

  it('keeps keys, manifest and channels the same on frames where objects are absent', () => {
    const absent = objects.map((o) => ({ ...o, mask: disc(W, H, -50, -50, 3) }));
    const [a, b] = [objects, absent].map((o) => decodeExr(encodeExr(cryptomatteExr(frame(o)))));
    expect(b!.attributes).toEqual(a!.attributes);
    expect(b!.channels.map((c) => c.name)).toEqual(a!.channels.map((c) => c.name));
  });

  it('takes the manifest from a file beside the picture', () => {
    const image = decodeExr(encodeExr(cryptomatteExr(frame(objects), { sidecar: 'shot_crypto.json' })));
    expect(readCryptomattes(image)[0]).toMatchObject({ sidecar: 'shot_crypto.json', names: new Map() });
    const manifest = cryptoManifest(objects.map((o) => o.name));
    const [crypto] = readCryptomattes(image, (path) => (path === 'shot_crypto.json' ? manifest : undefined));
    expect([...crypto!.names.keys()]).toEqual(objects.map((o) => o.name));
  });

  it('keeps the strongest where a pixel has more objects than ranks', () => {
    const four = [10, 40, 20, 30].map((w, i) => ({
      name: `o${i}`,
      mask: maskFromPlane(size(W, H), new Uint16Array(W * H).fill(w * 600)),
    }));
    const image = decodeExr(encodeExr(cryptomatteExr(frame(four), { ranks: 2 })));
    const [crypto] = readCryptomattes(image);
    const found = four.map((o) => maskAt(crypto!.matte(crypto!.names.get(o.name)!), 5, 5));
    expect(found).toEqual([0, 24_000, 0, 18_000]);
  });

  it('refuses paths, ranks and names that no reader could follow', () => {
    for (const sidecar of ['../m.json', './m.json', '/m.json', 'a\\m.json'])
      expect(() => cryptomatteExr(frame(objects), { sidecar })).toThrow(/sidecar/);
    expect(() => cryptomatteExr(frame(objects), { ranks: 3 })).toThrow(/even/);
    expect(() => cryptoManifest(['a', 'a'])).toThrow(/identifiers/);
  });

  it('turns a broken manifest into a coded error', () => {
    const image = decodeExr(encodeExr(cryptomatteExr(frame(objects), { sidecar: 'm.json' })));
    for (const text of ['', '[]', '{"a":1}', '{"a":"xyz"}'])
      expect(() => readCryptomattes(image, () => text)).toThrow(expect.objectContaining({ code: 'MEDIA_UNREADABLE' }));
  });
});
