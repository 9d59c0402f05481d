import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameRate, maskToPlane } from '@rotokit/core/values';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPython } from '../../../tests/support/python.js';
import { cryptomatteExr, encodeExr, encodeExrParts, matteExr, matteExrParts } from '../src/index.js';
import { disc } from './pictures.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-exr-py-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [W, H] = [70, 50];
const objects = [
  { name: 'hero', mask: disc(W, H, 25, 22, 14, 9) },
  { name: 'mädchen', mask: disc(W, H, 40, 26, 13, 7) },
  { name: 'far', mask: disc(W, H, 60, 10, 5, 3) },
];
const mattes = objects.map(({ name, mask }) => ({ channel: `${name}.A`, mask }));
const frame = { size: { width: W, height: H }, rate: frameRate(24000, 1001), frame: 1001 };
const save = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

/** Every part: name, channels with type and values, windows, and the header values that matter here. */
const READ = `
import OpenEXR, json, sys
import numpy as np
def plain(v):
    if isinstance(v, (str, int, float)): return v
    if isinstance(v, tuple): return [plain(x) for x in v]
    if isinstance(v, np.ndarray): return v.astype(float).tolist()
    return str(v)
out = []
with OpenEXR.File(sys.argv[1], separate_channels=True) as f:
    for part in f.parts:
        out.append({'name': part.name() or '', 'header': {k: plain(v) for k, v in part.header.items() if k != 'channels'},
          'channels': {n: {'type': str(c.pixels.dtype), 'shape': list(c.pixels.shape), 'values': c.pixels.astype(np.float64).ravel().tolist()} for n, c in part.channels.items()}})
print(json.dumps(out))
`;
interface ReadPart {
  readonly name: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly channels: Readonly<Record<string, { type: string; shape: number[]; values: number[] }>>;
}

/** Decodes a matte by its name with the official package alone, following the specification. */
const MATTE = `
import OpenEXR, json, sys, struct
import numpy as np
out = {}
with OpenEXR.File(sys.argv[1], separate_channels=True) as f:
    h = f.header(); c = f.channels()
    key = [k.split('/')[1] for k in h if k.startswith('cryptomatte/') and k.endswith('/name')][0]
    layer = h['cryptomatte/%s/name' % key]
    for name, hexa in json.loads(h['cryptomatte/%s/manifest' % key]).items():
        ident = np.uint32(int(hexa, 16))
        m = 0
        for level in range(8):
            for i, a in ('rg', 'ba'):
                ids = c.get('%s%02d.%s' % (layer, level, i)); cov = c.get('%s%02d.%s' % (layer, level, a))
                if ids is not None: m = m + np.where(ids.pixels.view(np.uint32) == ident, cov.pixels, 0)
        out[name] = np.asarray(m, float).ravel().tolist()
print(json.dumps({'key': key, 'mattes': out}))
`;

describeWithPython('OpenEXR', 'EXR in the official Python package', (run) => {
  it('finds layers, windows, rate, time code, chromaticities and provenance', () => {
    const attributes = { 'rotokit/engine': { type: 'string', value: 'embedded 0.1' } } as const;
    const image = matteExr({ ...frame, mattes }, { type: 'float', window: 'cropped', attributes });
    const [part] = run(READ, save('layers.exr', encodeExr(image))) as ReadPart[];
    expect(Object.keys(part!.channels).sort()).toEqual(['far.A', 'hero.A', 'mädchen.A']);
    const hero = part!.channels['hero.A']!;
    expect(hero.type).toBe('float32');
    const { x0, x1, y0, y1 } = image.dataWindow;
    expect(hero.shape).toEqual([y1 - y0, x1 - x0]);
    const plane = maskToPlane(objects[0]!.mask);
    const ours = hero.values.map((_, i) => plane[(y0 + Math.floor(i / (x1 - x0))) * W + x0 + (i % (x1 - x0))]!);
    expect(hero.values).toEqual(ours.map((v) => Math.fround(v / 65535)));
    expect(part!.header['rotokit/engine']).toBe('embedded 0.1');
    expect(part!.header.framesPerSecond).toBe('24000/1001');
    expect(part!.header.chromaticities).toEqual([0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329].map(Math.fround));
    expect(part!.header.displayWindow).toEqual([
      [0, 0],
      [W - 1, H - 1],
    ]);
  });

  it('reads every part of a file of several', () => {
    for (const compression of ['none', 'rle', 'zips', 'zip'] as const) {
      const parts = matteExrParts({ ...frame, mattes }, { window: 'cropped', compression });
      const read = run(READ, save(`parts-${compression}.exr`, encodeExrParts(parts))) as ReadPart[];
      expect(read.map((p) => p.name)).toEqual(['hero', 'mädchen', 'far']);
      read.forEach((p, i) => {
        const { x0, x1, y0, y1 } = parts[i]!.dataWindow;
        expect(p.channels.A!.shape).toEqual([y1 - y0, x1 - x0]);
        expect(p.channels.A!.type).toBe('float16');
      });
    }
  });

  it('gives each matte of a Cryptomatte by its name, within 1/1024 of ours', () => {
    const path = save('crypto.exr', encodeExr(cryptomatteExr({ ...frame, objects }, { ranks: 6 })));
    const { key, mattes: found } = run(MATTE, path) as { key: string; mattes: Record<string, number[]> };
    expect(key).toBe('3ae39a5');
    const planes = objects.map((o) => maskToPlane(o.mask));
    objects.forEach(({ name }, i) => {
      const worst = found[name]!.reduce((most, v, k) => {
        const sum = planes.reduce((s, p) => s + p[k]!, 0);
        return Math.max(most, Math.abs(v - planes[i]![k]! / Math.max(65535, sum)));
      }, 0);
      expect(worst).toBeLessThan(1 / 1024);
      expect(found[name]!.some((v) => v > 0.5)).toBe(true);
    });
  });
});
