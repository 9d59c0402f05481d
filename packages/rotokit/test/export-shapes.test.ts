import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRoto, type Roto, verifyExport } from '../src/index.js';
import { discMask, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

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

  it('keeps no shape that nobody edited', async () => {
    const fitted = await withRoto((roto) => roto.shapes());
    const [shape] = fitted.objects[0]?.shapes ?? [];
    if (!shape) throw new Error('no shape');
    await expect(withRoto((roto) => roto.object('hero').keepShape(shape))).rejects.toThrow(/no edited key/);
  });
});
