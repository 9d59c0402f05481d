import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { blobMask } from '@rotokit/core/contracts/store';
import { RotoDocument, SCHEMA, setAnchor } from '@rotokit/core/project';
import { frameIndex, sameMask } from '@rotokit/core/values';
import { createRoto, openRoto } from '@rotokit/store';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from './support/scratch.js';
import { CLIP, TRIAL_RUN, trialProject, trialResult } from './support/trial.js';

const folder = scratchFolder();
const at = (name: string) => path.join(folder, name);

const closed = async (name: string) => {
  const { doc, hero } = await trialProject(at(name));
  const run = await doc.startRun(TRIAL_RUN);
  await doc.keepTracked(run, [trialResult(hero, 0), trialResult(hero, 1)]);
  await doc.close();
  return { file: at(name), hero };
};

const tampered = async (name: string, sql: string) => {
  const { file, hero } = await closed(name);
  const db = new Libsql(file);
  db.exec(sql);
  db.close();
  return { file, hero };
};

describe('a file that is no project', () => {
  it.each([
    ['nothing', () => undefined, 'PROJECT_NOT_FOUND'],
    ['a folder', (file: string) => mkdirSync(file), 'PROJECT_UNREADABLE'],
    ['empty', (file: string) => writeFileSync(file, ''), 'PROJECT_UNREADABLE'],
    ['text', (file: string) => writeFileSync(file, 'hello '.repeat(1000)), 'PROJECT_UNREADABLE'],
    ['another database', (file: string) => new Libsql(file).exec('CREATE TABLE a(b)'), 'PROJECT_UNREADABLE'],
  ] as const)('%s: is refused for writers and viewers', async (name, make, code) => {
    make(at(name));
    for (const access of ['write', 'read'] as const)
      await expect(openRoto(at(name), { access })).rejects.toMatchObject({ code, facts: { path: at(name) } });
  });

  it('is not overwritten by a new project', async () => {
    const { file } = await closed('there.roto');
    for (const taken of [file, at('text'), at('another database'), at('a folder')])
      await expect(createRoto(taken, [CLIP])).rejects.toMatchObject({ code: 'PROJECT_EXISTS' });
    await expect(createRoto(at('no/such/folder.roto'), [CLIP])).rejects.toMatchObject({ code: 'WRITE_FAILED' });
    const again = await openRoto(file);
    expect((await again.load()).records).toHaveLength(5);
    await again.close();
  });

  it('is taken for nothing when it is the empty trace of an interrupted beginning', async () => {
    writeFileSync(at('begun.roto'), '');
    const store = await createRoto(at('begun.roto'), [CLIP]);
    expect((await store.load()).records).toEqual([CLIP]);
    await store.close();
  });
});

describe('a damaged project', () => {
  it.each([
    ['a record', "UPDATE records SET body = CAST('{' AS BLOB) WHERE id = CAST('clip' AS BLOB)"],
    ['text that is not UTF-8', "UPDATE records SET body = CAST(x'ff00fe' AS TEXT)"],
    ['a field', `UPDATE records SET body = CAST(replace(CAST(body AS TEXT), '"frames":2000', '"frames":-1') AS BLOB)`],
    ['a swapped id', "UPDATE records SET id = CAST('other' AS BLOB) WHERE id = CAST('clip' AS BLOB)"],
    ['a foreign trigger', 'CREATE TRIGGER t AFTER INSERT ON masks BEGIN DELETE FROM masks; END'],
    ['a foreign table', 'CREATE TABLE more(x)'],
    ['a missing table', 'DROP TABLE history'],
    ['a lost counter', "DELETE FROM meta WHERE key = CAST('applied' AS BLOB)"],
    ['a wrong counter', "UPDATE meta SET value = CAST('7' AS BLOB) WHERE key = CAST('applied' AS BLOB)"],
    ['a schema of nonsense', `UPDATE meta SET value = CAST('"x"' AS BLOB) WHERE key = CAST('schema' AS BLOB)`],
  ])('%s: is refused with what is wrong, and stays as it is', async (name, sql) => {
    const { file } = await tampered(`${name}.roto`, sql);
    const before = statSync(file).size;
    const use = async () => {
      const store = await openRoto(file);
      try {
        await store.load();
      } finally {
        await store.close();
      }
    };
    await expect(use()).rejects.toMatchObject({ code: 'PROJECT_UNREADABLE' });
    expect(statSync(file).size).toBe(before);
  });

  it('cut short: is refused', async () => {
    const { file } = await closed('cut.roto');
    truncateSync(file, statSync(file).size - 4096);
    await expect(openRoto(file)).rejects.toMatchObject({ code: 'PROJECT_UNREADABLE' });
  });

  it('a flipped bit in a mask: that mask is refused by name, the others are read', async () => {
    const sql = `UPDATE masks SET bytes = substr(bytes, 1, 8) || x'00' || substr(bytes, 10) WHERE key = CAST('tracked/' || 'KEY' AS BLOB)`;
    const { file, hero } = await closed('bit.roto');
    const db = new Libsql(file);
    db.exec(sql.replace('KEY', `${hero}/0`));
    db.close();
    const doc = await RotoDocument.open(await openRoto(file));
    await expect(doc.mask(hero, frameIndex(0))).rejects.toMatchObject({ code: 'PROJECT_UNREADABLE' });
    expect(sameMask((await doc.mask(hero, frameIndex(1)))!, blobMask(1))).toBe(true);
    await doc.close();
  });
});

describe('versions', () => {
  const schema = {
    version: 2,
    steps: [(r: Readonly<Record<string, unknown>>) => (r.type === 'object' ? { ...r, nickname: `${r.name}!` } : r)],
  };

  it('an older project is brought up to date, its history included, and only once', async () => {
    const { doc, hero } = await trialProject(at('old.roto'));
    await doc.edit('anchor', (p) => setAnchor(p, hero, frameIndex(3), blobMask(3), { made: 'painted' }));
    await doc.close();
    const viewer = await RotoDocument.open(await openRoto(at('old.roto'), { access: 'read', schema }));
    expect(viewer.project.object(hero).nickname).toBe('hero!');
    await viewer.close();
    for (let i = 0; i < 2; i++) {
      const newer = await RotoDocument.open(await openRoto(at('old.roto'), { schema }));
      expect(newer.project.object(hero).nickname).toBe('hero!');
      expect([await newer.undo(), await newer.undo()]).toEqual(['anchor', 'add hero']);
      expect([await newer.redo(), await newer.redo()]).toEqual(['add hero', 'anchor']);
      expect(newer.project.object(hero).nickname).toBe('hero!');
      expect(sameMask((await newer.mask(hero, frameIndex(3)))!, blobMask(3))).toBe(true);
      await newer.close();
    }
  });

  it('a newer project is refused for writers and viewers, and not touched', async () => {
    await (await createRoto(at('new.roto'), [CLIP], { schema })).close();
    for (const access of ['write', 'read'] as const)
      await expect(openRoto(at('new.roto'), { access })).rejects.toMatchObject({
        code: 'PROJECT_TOO_NEW',
        facts: { found: 2, known: SCHEMA.version },
      });
    const { file } = await tampered('layout.roto', 'PRAGMA user_version = 2');
    await expect(openRoto(file)).rejects.toMatchObject({ code: 'PROJECT_TOO_NEW' });
    await (await openRoto(at('new.roto'), { schema })).close();
  });
});

describe('a full disk', () => {
  it.skipIf(process.platform === 'win32')(
    'costs nothing that was kept, and the rest can follow when there is room',
    async () => {
      const script = path.join(import.meta.dirname, 'support/fill-disk.mjs');
      const limited = `ulimit -f 120; exec "${process.execPath}" "${script}" "${at('full.roto')}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', limited], { encoding: 'utf8' });
      expect(stderr).toBe('');
      const told = JSON.parse(stdout) as { kept: number; known: number; refusals: string[]; readable: boolean };
      expect(told.refusals).toEqual(['WRITE_FAILED', 'WRITE_FAILED', 'WRITE_FAILED']);
      expect(told).toMatchObject({ known: told.kept, readable: true });
      expect(told.kept).toBeGreaterThan(10);
      const doc = await RotoDocument.open(await openRoto(at('full.roto')));
      const object = doc.project.object('a').id;
      expect(doc.project.trackedFrames(object)).toHaveLength(told.kept);
      for (let f = 0; f < told.kept; f++) expect(await doc.mask(object, frameIndex(f))).toBeDefined();
      await doc.close();
    },
    180_000,
  );
});
