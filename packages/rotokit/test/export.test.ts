import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskFromPlane, type SoftMask, size } from '@rotokit/core/values';
import {
  channelFloats,
  decodeDpx,
  decodeExr,
  decodeExrParts,
  decodePng,
  type ExrChannel,
  readCryptomattes,
} from '@rotokit/formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { DELIVERABLE_NAMES, type DeliverableName, openRoto, PRESETS, type Roto, verifyExport } from '../src/index.js';
import { discMask, TINY, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const folder = temporaryFolder();
const project = join(folder, 'sh010.roto');
const FRAMES = 6;

/** A soft band that overlaps the disc, so that both share pixels. */
const band = (t: number): SoftMask =>
  maskFromPlane(
    size(TINY.width, TINY.height),
    Uint16Array.from({ length: TINY.width * TINY.height }, (_, i) => {
      const x = i % TINY.width;
      return x > 60 + 3 * t && x < 110 + 3 * t ? 20_000 + ((i * 7919) % 30_000) : 0;
    }),
  );

beforeAll(async () => {
  const clip = await writeTinyClip(folder, FRAMES);
  await using roto = await openRoto(clip, { project, shot: 'sh010' });
  for (let t = 0; t < FRAMES; t++) {
    await roto.object('hero').mask(1001 + t, discMask(t));
    if (t !== 3) await roto.object('réd car').mask(1001 + t, band(t));
    else
      await roto
        .object('réd car')
        .mask(1001 + t, maskFromPlane(size(TINY.width, TINY.height), new Uint16Array(TINY.width * TINY.height)));
  }
});

const decodePlate = () => {
  const image = decodePng(readFileSync(join(folder, 'plate.1001.png')));
  if (image.kind !== 'pixels') throw new Error('the plate is no picture');
  return image;
};
const into = (name: string) => join(folder, name);
const opened = <T>(use: (roto: Roto) => Promise<T>): Promise<T> =>
  openRoto(project, { shot: 'sh010' }).then(async (roto) => {
    try {
      return await use(roto);
    } finally {
      await roto.close();
    }
  });
const tree = (path: string): string[] =>
  (readdirSync(path, { recursive: true }) as string[]).filter((p) => statSync(join(path, p)).isFile()).sort();
const refused = expect.objectContaining({ code: 'EXPORT_REFUSED' });
const ALL = DELIVERABLE_NAMES.filter((n) => n !== 'vp9'); // the slowest to encode; prores goes the same way

describe('an export of everything at once', () => {
  it('writes every format in one pass, reads everything back equal, and leaves manifests only', async () => {
    const made = await opened((roto) =>
      roto.export(ALL, into('all'), { verify: true, overlap: 'allowed', exr: { manifest: 'sidecar' } }),
    );
    expect(Object.keys(made.files).sort()).toEqual([...ALL].sort());
    const report = await verifyExport(into('all'));
    expect(report.problems).toEqual([]);
    expect(report.exports.map((e) => e.kind).sort()).toEqual([...ALL].sort());
    expect(tree(into('all')).filter((p) => /part$|journal$|lock$/.test(p))).toEqual([]);
    expect(readdirSync(into('all/exr'))).toEqual(
      Array.from({ length: FRAMES }, (_, t) => `sh010_matte.${1001 + t}.exr`),
    );
    expect(readdirSync(into('all/crypto'))).toContain('sh010_crypto_manifest.json');
    expect(readdirSync(into('all/png'))).toEqual(['hero', 'red_car']);
  }, 60_000);

  it('names objects, frames, rate and time code in each format', () => {
    const crypto = decodeExr(readFileSync(into('all/crypto/sh010_crypto.1003.exr')));
    const [layer] = readCryptomattes(crypto, (p) => readFileSync(join(into('all/crypto'), p), 'utf8'));
    expect([...(layer as NonNullable<typeof layer>).names.keys()]).toEqual(['hero', 'réd car']);
    const dpx = decodeDpx(readFileSync(into('all/dpx/hero/sh010_hero.1003.dpx')));
    expect(dpx.timecode).toMatch(/^00:00:\d\d:\d\d$/);
    expect(dpx.rate).toBeDefined();
    const edl = readFileSync(into('all/sh010.edl'), 'utf8');
    expect(edl).toContain('* MATTE exr: exr/sh010_matte.[1001-1006].exr');
  });

  it('tells damage: a changed byte, a missing file, a folder without manifest', async () => {
    const path = into('all/png/hero/sh010_hero.1002.png');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(path, bytes);
    rmSync(into('all/exr/sh010_matte.1004.exr'));
    const { problems } = await verifyExport(into('all'));
    expect(problems.map((p) => p.path).sort()).toEqual(['exr/sh010_matte.1004.exr', 'png/hero/sh010_hero.1002.png']);
    await expect(verifyExport(folder)).rejects.toMatchObject({ code: 'WRITE_VERIFY_FAILED' });
  });
});

describe('EXR choices', () => {
  it('crops the data window and gives each object a part', async () => {
    await opened((roto) =>
      roto.export('exr', into('parts'), { exr: { parts: true, window: 'cropped' }, verify: true }),
    );
    const parts = decodeExrParts(readFileSync(into('parts/exr/sh010_matte.1002.exr')));
    expect(parts.map((p) => p.name)).toEqual(['hero', 'red_car']);
    expect(parts[0]?.dataWindow).toEqual(discMask(1).window);
  });

  it('takes presets as they are', async () => {
    for (const [name, preset] of Object.entries(PRESETS)) {
      const formats = preset.formats.filter((f) => f !== 'prores');
      await opened((roto) => roto.export(formats, into(`preset-${name}`), { ...preset.options, verify: true }));
    }
  }, 60_000);
});

describe('cut-outs', () => {
  const planes = (path: string) => {
    const image = decodeExr(readFileSync(into(path)));
    return { image, of: (name: string) => channelFloats(image.channels.find((c) => c.name === name) as ExrChannel) };
  };

  it('are linear light times alpha within the matte, and black outside', async () => {
    await opened((roto) => roto.export(['cutout', 'cutout-png'], into('cut-out'), { objects: ['hero'], verify: true }));
    const { image, of } = planes('cut-out/cutout/hero/sh010_hero_cutout.1001.exr');
    const [r, a] = [of('R'), of('A')];
    const { samples } = decodePlate();
    const { x0, x1, y0 } = image.dataWindow;
    let worst = 0;
    for (let k = 0; k < a.length; k++) {
      const [x, y] = [x0 + (k % (x1 - x0)), y0 + Math.floor(k / (x1 - x0))];
      const code = (samples[3 * (y * TINY.width + x)] as number) / 255;
      const light = code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4;
      worst = Math.max(worst, Math.abs((r[k] as number) - light * (a[k] as number)));
    }
    expect(worst).toBeLessThan(5e-4);
    const png = decodePng(readFileSync(into('cut-out/cutout-png/hero/sh010_hero_cutout.1001.png')));
    expect(png).toMatchObject({ kind: 'pixels', channels: 4, width: TINY.width });
  });

  it('of a soft edge lose what was behind it; straight and despilled where that is asked for', async () => {
    const soft = { objects: ['réd car'] };
    await opened((roto) => roto.export('cutout', into('cut-est'), { ...soft, verify: true }));
    const plate = { colour: 'plate', alpha: 'straight', despill: { screen: 'blue' } } as const;
    await opened((roto) => roto.export('cutout', into('cut-raw'), { ...soft, cutout: plate, verify: true }));
    const [est, raw] = ['cut-est', 'cut-raw'].map((f) => planes(`${f}/cutout/red_car/sh010_red_car_cutout.1001.exr`));
    expect(est?.of('A')).toEqual(raw?.of('A'));
    expect(est?.of('R')).not.toEqual(raw?.of('R'));
    const [r, g, b] = ['R', 'G', 'B'].map((c) => raw?.of(c) as Float32Array) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const spill = b.reduce((most, v, k) => Math.max(most, v - ((r[k] as number) + (g[k] as number)) / 2), 0);
    expect(spill).toBeLessThan(1e-3); // the light that is given back is grey
  });
});

describe('names', () => {
  const named = (formats: readonly DeliverableName[], to: string, naming: object) =>
    opened((roto) => roto.export(formats, into(to), { naming }));

  it('come from a template with shot, object, version, digits and start', async () => {
    await named(['png', 'exr'], 'named', {
      template: '{shot}_{object}_{version}/{shot}_{object}_{version}.{frame}.{ext}',
      version: 3,
      padding: 6,
      start: 1,
    });
    expect(tree(into('named')).filter((p) => p.endsWith('g') || p.endsWith('r'))).toEqual(
      ['hero', 'matte', 'red_car'].flatMap((o) =>
        Array.from(
          { length: FRAMES },
          (_, t) => `sh010_${o}_v003/sh010_${o}_v003.00000${t + 1}.${o === 'matte' ? 'exr' : 'png'}`,
        ),
      ),
    );
    expect((await verifyExport(into('named'))).problems).toEqual([]);
  });

  it.each([
    ['a character that is not allowed', '{shot} {object}.{frame}.{ext}'],
    ['a field that does not exist', '{shot}_{take}.{frame}.{ext}'],
    ['a version that nobody gave', '{shot}_{version}_{object}.{frame}.{ext}'],
    ['a way out of the folder', '../{object}.{frame}.{ext}'],
    ['a device of Windows', 'con/{object}.{frame}.{ext}'],
    ['two objects with one name', '{shot}.{frame}.{ext}'],
    ['all frames with one name', '{shot}_{object}.{ext}'],
    ['a name that is too long', `${'x'.repeat(250)}{object}.{frame}.{ext}`],
  ])('are refused before the first byte for %s', async (_, template) => {
    await expect(named(['png'], 'refused', { template })).rejects.toEqual(refused);
    expect(existsSync(into('refused'))).toBe(false);
  });
});

describe('a folder that holds an export', () => {
  it('is left alone when nothing changed, and gets the changed frame only', async () => {
    await opened((roto) => roto.export('png', into('again')));
    const skipped: boolean[] = [];
    const onFrame = (_: number, s: boolean) => void skipped.push(s);
    await opened((roto) => roto.export('png', into('again'), { onFrame }));
    expect(skipped).toEqual(new Array(FRAMES).fill(true));
    skipped.length = 0;
    await opened(async (roto) => {
      await roto.object('hero').mask(1004, discMask(0));
      await roto.export('png', into('again'), { onFrame, verify: true });
      await roto.undo();
    });
    expect(skipped).toEqual([true, true, true, false, true, true]);
  });

  it('is not mixed with another one: other objects, frames, choices, pictures', async () => {
    await opened((roto) => roto.export('exr', into('mixed')));
    for (const choices of [{ objects: ['hero'] }, { last: 1003 }, { exr: { type: 'float' } as const }])
      await expect(opened((roto) => roto.export('exr', into('mixed'), choices))).rejects.toEqual(refused);
    await expect(opened((roto) => roto.export(['exr'], into('mixed'), { naming: { start: 1 } }))).rejects.toEqual(
      refused,
    );
    writeFileSync(into('mixed/exr/other.0001.exr'), '');
    await expect(opened((roto) => roto.export('exr', into('mixed')))).rejects.toThrow(/other\.0001\.exr/);
    rmSync(into('mixed/exr/other.0001.exr'));
    rmSync(into('mixed/sh010_exr.manifest.json'));
    await expect(opened((roto) => roto.export('exr', into('mixed')))).rejects.toThrow(/no manifest/);
  });

  it('is made over where that is asked for, and nothing of the old one stays', async () => {
    await opened((roto) => roto.export('png', into('over')));
    await opened((roto) => roto.export('png', into('over'), { objects: ['hero'], last: 1002, replace: true }));
    expect(tree(into('over'))).toEqual([
      'png/hero/sh010_hero.1001.png',
      'png/hero/sh010_hero.1002.png',
      'sh010_png.manifest.json',
    ]);
  });

  it('is not written by two at once', async () => {
    await opened(async (roto) => {
      const results = await Promise.allSettled([roto.export('exr', into('two')), roto.export('exr', into('two'))]);
      expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(results.find((r) => r.status === 'rejected')?.reason).toMatchObject({ code: 'EXPORT_REFUSED' });
    });
    writeFileSync(into('two/.rotokit-export.lock'), `999999999 ${(await import('node:os')).hostname()}\n`);
    await opened((roto) => roto.export('exr', into('two'))); // left by a process that is no more
  });

  it('keeps what a cancelled run finished, also of data sets, and is completed by the next one', async () => {
    const formats: readonly DeliverableName[] = ['exr', 'coco', 'davis', 'labelme'];
    const cancel = new AbortController();
    let done = 0;
    const onFrame = () => void (++done === 3 && cancel.abort());
    const first = opened((roto) => roto.export(formats, into('cut'), { signal: cancel.signal, onFrame }));
    await expect(first).rejects.toThrow();
    await expect(verifyExport(into('cut'))).rejects.toMatchObject({ code: 'WRITE_VERIFY_FAILED' });
    const skipped: boolean[] = [];
    await opened((roto) =>
      roto.export(formats, into('cut'), { verify: true, onFrame: (_, s) => void skipped.push(s) }),
    );
    expect(skipped).toEqual([true, true, true, false, false, false]);
    await opened((roto) => roto.export(formats, into('whole')));
    for (const path of tree(into('whole')))
      expect(readFileSync(join(into('cut'), path)).equals(readFileSync(join(into('whole'), path))), path).toBe(true);
  });
});
