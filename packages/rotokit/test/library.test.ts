import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { regionJ } from '@rotokit/core/evaluation';
import { type SoftMask, sameMask } from '@rotokit/core/values';
import { decodeExr, maskFromExr } from '@rotokit/formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRoto } from '../src/index.js';
import { shotName } from '../src/library/open.js';
import { discCentre, discMask, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
let clip: string;
beforeAll(async () => {
  clip = await writeTinyClip(folder);
});

const drain = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('the library', () => {
  it('follows one click through the clip and writes every frame as EXR, each pixel on its side of one half', async () => {
    await using roto = await openRoto(clip, { project: join(folder, 'one.roto') });
    const hero = roto.object('hero');
    const first = await hero.click({ frame: 1001, ...discCentre(0) });
    expect(regionJ(first, discMask(0))).toBeGreaterThan(0.9);
    const done = await drain(roto.track());
    expect(done.map((d) => d.frame)).toEqual(Array.from({ length: 11 }, (_, i) => 1002 + i));
    for (let t = 0; t < 12; t++)
      expect(regionJ((await hero.maskOn(1001 + t)) as SoftMask, discMask(t))).toBeGreaterThan(0.9);
    const { files } = await roto.export('exr', join(folder, 'out'));
    expect(files.exr).toHaveLength(12);
    const image = decodeExr(readFileSync(join(folder, 'out/exr/one_matte.1005.exr')));
    const written = maskFromExr(image, image.channels[0] as (typeof image.channels)[number]);
    const kept = (await hero.maskOn(1005)) as SoftMask;
    expect(regionJ(written, kept)).toBe(1);
  });

  it('keeps an anchor bit for bit and tracks only the spans beside an edit', async () => {
    await using roto = await openRoto(clip, { project: join(folder, 'anchors.roto') });
    const hero = roto.object('hero');
    await hero.mask(1001, discMask(0));
    await hero.mask(1006, discMask(5));
    await hero.mask(1012, discMask(11));
    expect(await drain(roto.track())).toHaveLength(9);
    expect(await drain(roto.track())).toHaveLength(0);
    await hero.mask(1009, discMask(8));
    const again = await drain(roto.track());
    expect(again.map((d) => d.frame).sort()).toEqual([1007, 1008, 1010, 1011]);
    expect(sameMask((await hero.maskOn(1006)) as SoftMask, discMask(5))).toBe(true);
  });

  it('undoes a prompt with its anchor, also after reopening', async () => {
    const project = join(folder, 'undo.roto');
    {
      await using roto = await openRoto(clip, { project });
      await roto.object('hero').click({ frame: 1003, ...discCentre(2) });
    }
    await using roto = await openRoto(project);
    expect(roto.object('hero').anchors()).toEqual([1003]);
    expect(await roto.undo()).toContain('1003');
    expect(roto.project.objects()).toHaveLength(0);
    await roto.redo();
    expect(roto.object('hero').anchors()).toEqual([1003]);
  });

  it('keeps what was finished when a run is cancelled, and does the rest afterwards with the same bytes', async () => {
    const cancel = new AbortController();
    await using roto = await openRoto(clip, { project: join(folder, 'cancel.roto') });
    await using whole = await openRoto(clip);
    for (const r of [roto, whole]) await r.object('hero').mask(1001, discMask(0));
    let walked = 0;
    const run = drain(roto.track({ signal: cancel.signal, onWalked: () => void (++walked === 4 && cancel.abort()) }));
    await expect(run).rejects.toThrow();
    const { id } = roto.object('hero');
    const kept = roto.project.trackedFrames(id).length;
    expect(kept).toBeGreaterThan(0);
    expect(await drain(roto.track())).toHaveLength(11 - kept);
    await drain(whole.track());
    for (let n = 1002; n <= 1012; n++) {
      expect(
        sameMask((await roto.object('hero').maskOn(n)) as SoftMask, (await whole.object('hero').maskOn(n)) as SoftMask),
      ).toBe(true);
    }
  });

  it('refuses an export that would be incomplete and writes nothing', async () => {
    await using roto = await openRoto(clip);
    await roto.object('hero').mask(1001, discMask(0));
    const out = join(folder, 'refused');
    await expect(roto.export(['exr', 'preview'], out)).rejects.toMatchObject({ code: 'EXPORT_REFUSED' });
    expect(() => readdirSync(out)).toThrow();
  });

  it('names frame, prompt and object when something is outside or unknown', async () => {
    await using roto = await openRoto(clip);
    await expect(roto.object('hero').click({ frame: 2000, x: 1, y: 1 })).rejects.toMatchObject({
      code: 'FRAME_OUTSIDE',
    });
    await expect(roto.object('hero').click({ frame: 1001, x: 999, y: 1 })).rejects.toMatchObject({
      code: 'PROMPT_OUTSIDE',
    });
    expect(() => roto.object('nobody').id).toThrow(/no object named nobody/);
    await expect(openRoto(join(folder, 'missing.mov'))).rejects.toMatchObject({ code: 'MEDIA_NOT_FOUND' });
  });
});

describe('the name of a shot', () => {
  it.each([
    ['plates/sh010.mov', 'sh010'],
    ['sh010.roto', 'sh010'],
    ['plates/sh010_plate.####.exr', 'sh010_plate'],
    ['plates/sh010_plate.%04d.dpx', 'sh010_plate'],
    ['plates/sh010_plate.1001.png', 'sh010_plate'],
    ['my clip (2).mp4', 'my_clip_2_'],
  ])('of %s is %s', (path, name) => {
    expect(shotName(path)).toBe(name);
  });
});
