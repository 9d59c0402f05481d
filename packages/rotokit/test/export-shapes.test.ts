import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { maskFromPlane, type SoftMask, size } from '@rotokit/core/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRoto, type Roto, verifyExport } from '../src/index.js';
import { discCentre, discMask, TINY, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
const project = join(folder, 'sh010.roto');
const out = join(folder, 'out');
const files = [join(out, 'nuke/sh010_roto.nk'), join(out, 'lottie/sh010_shapes.json')];
const FRAMES = 5;

beforeAll(async () => {
  const clip = await writeTinyClip(folder, FRAMES);
  await using roto = await openRoto(clip, { project, shot: 'sh010' });
  for (let t = 0; t < FRAMES; t++) await roto.object('hero').mask(1001 + t, discMask(t));
});

async function withRoto<T>(use: (roto: Roto) => Promise<T>): Promise<T> {
  await using roto = await openRoto(project, { shot: 'sh010' });
  return await use(roto);
}
const exported = (replace = false) =>
  withRoto((roto) => roto.export(['nuke', 'lottie'], out, { verify: true, replace }));
const inodes = () => files.map((f) => statSync(f).ino);

/** The disc with waves along its edge. */
function flowerMask(t: number): SoftMask {
  const { x: cx, y: cy } = discCentre(t);
  const plane = new Uint16Array(TINY.width * TINY.height);
  for (let y = 0; y < TINY.height; y++)
    for (let x = 0; x < TINY.width; x++) {
      const [dx, dy] = [x + 0.5 - cx, y + 0.5 - cy];
      if (Math.hypot(dx, dy) < 28 + 6 * Math.sin(8 * Math.atan2(dy, dx))) plane[y * TINY.width + x] = 65535;
    }
  return maskFromPlane(size(TINY.width, TINY.height), plane);
}

describe('an export of shapes', () => {
  it('has manifests by which it is verified, and the same one again leaves its files alone', async () => {
    await exported();
    const before = inodes();
    await exported();
    expect(inodes()).toEqual(before);
    const { exports, problems } = await verifyExport(out);
    expect(exports.map((e) => [e.kind, e.files])).toEqual([
      ['lottie', 1],
      ['nuke', 1],
    ]);
    expect(problems).toEqual([]);
  });

  it('mends a file that somebody changed, which verifying tells', async () => {
    const text = readFileSync(files[0] as string, 'utf8');
    appendFileSync(files[0] as string, '# touched\n');
    expect((await verifyExport(out)).problems.map((p) => p.path)).toEqual(['nuke/sh010_roto.nk']);
    await exported();
    expect(readFileSync(files[0] as string, 'utf8')).toBe(text);
  });

  it('is made anew when a mask changed', async () => {
    const text = readFileSync(files[0] as string, 'utf8');
    await withRoto((roto) => roto.object('hero').mask(1003, discMask(9)));
    await exported();
    expect(readFileSync(files[0] as string, 'utf8')).not.toBe(text);
    expect((await verifyExport(out)).problems).toEqual([]);
  });

  it('holds the keys that a hand has edited, which the project keeps, until they are given back', async () => {
    const fitted = await withRoto((roto) => roto.shapes());
    const [shape] = fitted.objects[0]?.shapes ?? [];
    const [first, ...rest] = shape?.keys ?? [];
    if (!shape || !first) throw new Error('no shape');
    const edited = { ...first, outline: first.outline.map((v) => v + 3), edited: true };
    await withRoto((roto) => roto.object('hero').keepShape({ ...shape, keys: [edited, ...rest] }));
    const again = await withRoto((roto) => roto.shapes());
    expect(again.objects[0]?.shapes[0]?.keys[0]?.outline).toEqual(edited.outline);
    expect(again.objects[0]?.asTheyWere).toEqual([]);
    const before = readFileSync(files[1] as string, 'utf8');
    await exported();
    const [key] = JSON.parse(readFileSync(files[1] as string, 'utf8')).layers[0].masksProperties[0].pt.k;
    const [x] = key.s[0].v[0] as [number, number];
    expect(x).toBeCloseTo(edited.outline[0] as number, 3);
    await withRoto((roto) => roto.object('hero').forgetShape(shape.id));
    await exported();
    expect(readFileSync(files[1] as string, 'utf8')).toBe(before);
  });

  it('carries edited keys over to mattes that need more points, and says so', async () => {
    const fitted = await withRoto((roto) => roto.shapes());
    const [shape] = fitted.objects[0]?.shapes ?? [];
    const [first, ...rest] = shape?.keys ?? [];
    if (!shape || !first) throw new Error('no shape');
    await withRoto((roto) => roto.object('hero').keepShape({ ...shape, keys: [{ ...first, edited: true }, ...rest] }));
    await withRoto((roto) => roto.object('hero').mask(1004, flowerMask(3)));
    const [report] = (await withRoto((roto) => roto.shapes())).objects;
    expect(report?.asTheyWere).toEqual([]);
    const points = report?.shapes[0]?.corners.length ?? 0;
    expect(points).toBeGreaterThan(shape.corners.length);
    expect(report?.statistics[0]).toMatchObject({ edited: 1, inserted: points - shape.corners.length });
    const outline = report?.shapes[0]?.keys[0]?.outline ?? [];
    for (let p = 0; p < first.outline.length; p += 6) expect(outline).toContain(first.outline[p]);
    await withRoto((roto) => roto.object('hero').forgetShape(shape.id));
    await withRoto((roto) => roto.object('hero').mask(1004, discMask(3)));
  });

  it('keeps no shape that nobody edited', async () => {
    const fitted = await withRoto((roto) => roto.shapes());
    const [shape] = fitted.objects[0]?.shapes ?? [];
    if (!shape) throw new Error('no shape');
    await expect(withRoto((roto) => roto.object('hero').keepShape(shape))).rejects.toThrow(/no edited key/);
  });
});
