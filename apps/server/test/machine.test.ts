/** Beyond one project: presets, the batch, models, resources, the outlook of an export, what was open lately. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeMask } from '@rotokit/core/values';
import type {
  BatchItem,
  EngineList,
  ExportOutlook,
  ListedPreset,
  ModelState,
  ProjectState,
  Resources,
  SpaceEstimate,
} from '@rotokit/server/api';
import { DELIVERABLE_NAMES, openRoto, verifyExport } from 'rotokit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CARD, GATED, hubOn, WEIGHTS } from '../../../packages/hub/test/support/bench.js';
import { HubServer } from '../../../packages/hub/test/support/hub-server.js';
import { discMask, writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { TestStudio } from './support/studio.js';

const models = mkdtempSync(join(tmpdir(), 'rotokit-models-'));
const at: { studio: TestStudio; hub: HubServer; project: string; object: string } = {} as never;
beforeAll(async () => {
  at.hub = await HubServer.start();
  for (const card of [CARD, GATED]) at.hub.publish(card.repository, 'model.safetensors', WEIGHTS);
  at.studio = await TestStudio.start({ tiny: 8, hub: hubOn({ server: at.hub, folder: models }) });
  at.project = `/api/projects/${(await at.studio.project()).id}`;
  at.object = (await post(`${at.project}/objects`, { name: 'disc' })).json().object;
  for (let t = 0; t < 8; t++)
    await at.studio.ask(`${at.project}/objects/${at.object}/anchors/${1001 + t}`, {
      method: 'PUT',
      body: Buffer.from(encodeMask(discMask(t))),
      headers: { 'content-type': 'application/octet-stream' },
    });
});
afterAll(async () => {
  await at.studio?.stop();
  await at.hub?.stop();
  rmSync(models, { recursive: true, force: true });
});

const post = (path: string, json: unknown) => at.studio.ask(path, { method: 'POST', json });
const get = async <T>(path: string): Promise<T> => (await at.studio.ask(`/api${path}`)).json() as T;

describe('presets', () => {
  const file = (...presets: unknown[]) => ({ rotokit: 'presets', version: 1, presets });
  const mine = { kind: 'export', name: 'dailies', value: { formats: ['preview', 'exr'], exr: { type: 'float' } } };

  it("are the program's own and the user's, kept as JSON that can be handed on", async () => {
    const before = await get<ListedPreset[]>('/presets');
    expect(before.map((p) => p.preset.name)).toEqual(expect.arrayContaining(['nuke', 'blender', 'best', 'fast']));
    expect((await post('/api/presets', file(mine))).status).toBe(200);
    const kept = JSON.parse(await readFile(join(at.studio.folder, '.config', 'presets.json'), 'utf8'));
    expect(kept).toEqual(file(mine));
    const other = { ...mine, name: 'other' };
    const handed = await post('/api/presets', file({ ...mine, value: { formats: ['png'] } }, other));
    const own = (handed.json() as ListedPreset[]).filter((p) => !p.builtIn).map((p) => p.preset);
    expect(own.map((p) => [p.name, p.kind === 'export' && p.value.formats])).toEqual([
      ['dailies', ['png']],
      ['other', ['preview', 'exr']],
    ]);
    expect((await at.studio.ask('/api/presets/export/other', { method: 'DELETE' })).status).toBe(204);
    expect((await at.studio.ask('/api/presets/export/other', { method: 'DELETE' })).status).toBe(404);
  });

  it("of the program's own cannot be replaced or removed, and what is none is refused", async () => {
    expect((await post('/api/presets', file({ ...mine, name: 'nuke' }))).status).toBe(422);
    expect((await at.studio.ask('/api/presets/export/nuke', { method: 'DELETE' })).status).toBe(404);
    expect((await post('/api/presets', file({ ...mine, value: { formats: ['gif'] } }))).status).toBe(400);
    expect((await post('/api/presets', { presets: [] })).status).toBe(400);
  });

  it('choose the engine of a project, which stays chosen when it is opened again', async () => {
    const put = (json: unknown) => at.studio.ask(`${at.project}/engine`, { method: 'PUT', json });
    expect((await put({ engine: 'embedded', profile: 'fast' })).status).toBe(200);
    expect((await get<{ engine: unknown }>(at.project.slice(4))).engine).toMatchObject({
      engine: 'embedded',
      profile: 'fast',
      name: 'embedded',
      accepts: ['point', 'box', 'brush', 'mask'],
    });
    const unknown = await put({ engine: 'no-such-engine' });
    expect([unknown.status, unknown.json().code]).toEqual([422, 'ENGINE_UNAVAILABLE']);
    expect((await get<{ engine: { profile: string } }>(at.project.slice(4))).engine.profile).toBe('fast');
    const { path } = await at.studio.project();
    await at.studio.ask(at.project, { method: 'DELETE' });
    await post('/api/projects', { path });
    expect((await get<{ engine: { profile: string } }>(at.project.slice(4))).engine.profile).toBe('fast');
  });
});

describe('engines and markers', () => {
  const state = () => get<ProjectState>(at.project.slice(4));
  const own = (json: unknown) =>
    at.studio.ask(`${at.project}/objects/${at.object}/engine`, {
      method: json ? 'PUT' : 'DELETE',
      ...(json ? { json } : {}),
    });

  it('are listed with what stands against them, chosen for one object at once, undone, and refused with a code', async () => {
    const { engines, policies } = await get<EngineList>('/engines');
    expect(engines.find((e) => e.name === 'sam3')?.refused).toContain('cannot run them yet');
    expect(engines.find((e) => e.name === 'embedded')?.refused).toBeUndefined();
    expect(policies.find((p) => p.name === 'samurai')?.thresholds.motionWeight).toBeTypeOf('number');
    expect((await own({ engine: 'embedded', profile: 'full' })).status).toBe(200);
    expect((await state()).objects[0]?.engine).toMatchObject({ name: 'embedded', own: { profile: 'full' } });
    expect((await state()).history.entries.at(-1)?.label).toBe('engine of disc: embedded, full');
    const refused = await own({ engine: 'sam3' });
    expect([refused.status, refused.json().code]).toEqual([422, 'ENGINE_UNAVAILABLE']);
    expect((await own({ engine: 'embedded', policy: 'no-such' })).status).toBe(422);
    await post(`${at.project}/history/undo`, {});
    expect((await state()).objects[0]?.engine.own).toBeUndefined();
    await post(`${at.project}/history/redo`, {});
    expect((await own(undefined)).status).toBe(200);
    expect((await state()).objects[0]?.engine.own).toBeUndefined();
  });

  it('mark frames in the project, with names and colours, with undo', async () => {
    const mark = (frame: number, json: unknown) =>
      at.studio.ask(`${at.project}/markers/${frame}`, { method: 'PUT', json });
    expect((await mark(1003, { name: 'hand crosses' })).status).toBe(200);
    expect((await mark(1003, { colour: '#2fa34a' })).status).toBe(200);
    expect((await mark(1002, {})).status).toBe(200);
    expect((await mark(900, {})).json().code).toBe('FRAME_OUTSIDE');
    expect((await mark(1002, { colour: 'red' })).status).toBe(400);
    const marked = [
      { frame: 1002, name: '', colour: '#d9a94a' },
      { frame: 1003, name: 'hand crosses', colour: '#2fa34a' },
    ];
    expect((await state()).markers).toEqual(marked);
    expect((await at.studio.ask(`${at.project}/markers/1003`, { method: 'DELETE' })).status).toBe(200);
    await post(`${at.project}/history/undo`, {});
    expect((await state()).markers).toEqual(marked);
  });
});

describe('the outlook of an export', () => {
  const outlook = async (json: unknown) =>
    (await post(`${at.project}/export/outlook`, json)).json() as ExportOutlook & { code?: string };

  it('names exactly the files that the export then writes, in every format', async () => {
    const pictures = DELIVERABLE_NAMES.filter((f) => !['prores', 'vp9', 'preview'].includes(f));
    const request = { formats: pictures, folder: 'all', last: 1003, naming: { version: 2 } };
    const told = await outlook(request);
    expect([told.problems, told.frames]).toEqual([[], 3]);
    const { id } = (await post(`${at.project}/export`, request)).json();
    const job = async () =>
      (
        await get<{ jobs: { id: string; state: string; files: Record<string, string[]> }[] }>(at.project.slice(4))
      ).jobs.find((j) => j.id === id);
    await expect.poll(async () => (await job())?.state, { timeout: 60_000 }).toBe('done');
    const files = (await job())?.files ?? {};
    for (const { format, files: count, names } of told.formats) {
      const made = (files[format] ?? []).map((f) => f.slice(told.folder.length + 1));
      expect(made.length, format).toBe(count);
      for (const name of names) expect(made, format).toContain(name);
    }
    expect((await outlook(request)).formats.find((f) => f.format === 'exr')?.kept).toBe(3);
  });

  it('tells every problem before starting: missing masks, names that cannot stand, another export in the folder', async () => {
    const empty = (await post(`${at.project}/objects`, { name: 'nothing' })).json().object;
    const missing = await outlook({ formats: ['exr'], folder: 'x' });
    expect(missing.problems[0]?.message).toContain('nothing has no mask on 8 frames');
    await at.studio.ask(`${at.project}/objects/${empty}`, { method: 'DELETE' });
    const named = await outlook({
      formats: ['png'],
      folder: 'x',
      naming: { template: '{shot}/{wrong}.{frame}.{ext}' },
    });
    expect(named.problems[0]?.message).toContain('there is no {wrong} here');
    const one = await outlook({ formats: ['png'], folder: 'x', naming: { template: 'same.{ext}' } });
    expect(one.problems[0]?.message).toContain('another file of this export is called same.png');
    const mixed = await outlook({ formats: ['exr'], folder: 'all', exr: { type: 'float' }, last: 1003 });
    expect(mixed.problems[0]?.message).toContain('it holds another export of exr');
    expect((await outlook({ formats: ['exr'], folder: '../../etc' })).code).toBe('PATH_REFUSED');
    expect(readdirSync(at.studio.folder)).not.toContain('x');
  });

  it('estimates the room from a few frames that are really encoded, near what it then takes', async () => {
    const request = { formats: ['exr', 'png'], folder: 'room' };
    const answer = await post(`${at.project}/export/estimate`, request);
    const { bytes, sampled, free } = answer.json() as SpaceEstimate;
    expect(sampled).toEqual([1002, 1006]);
    expect(free).toBeGreaterThan(1e6);
    await post(`${at.project}/export`, request);
    const folder = join(at.studio.folder, 'room');
    await expect
      .poll(
        () =>
          verifyExport(folder).then(
            (v) => v.exports.length,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(2);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) =>
      /\.(exr|png)$/.test(e.name),
    );
    let taken = 0;
    for (const e of files) taken += (await stat(join(e.parentPath, e.name))).size;
    expect(Math.abs(bytes / taken - 1)).toBeLessThan(0.1);
    expect(readdirSync(tmpdir()).filter((n) => n.startsWith('rotokit-estimate-'))).toEqual([]);
  });
});

describe('the batch', () => {
  it('does one clip after the other; one that fails does not stop the others, and each says what came of it', async () => {
    const clips = await Promise.all(
      ['one', 'two', 'three'].map(async (name) => {
        const folder = join(at.studio.folder, name);
        await mkdir(folder);
        const clip = await writeTinyClip(folder, 4);
        const project = join(folder, `${name}.roto`);
        await using roto = await openRoto(clip, { project });
        if (name !== 'two') await roto.object('disc').mask(1001, discMask(0));
        return project;
      }),
    );
    await writeFile(join(at.studio.folder, 'broken.mp4'), 'this is no clip');
    const paths = [clips[0], join(at.studio.folder, 'broken.mp4'), ...clips.slice(1)];
    const added = await post('/api/batch', { paths, track: true, export: { formats: ['exr'] }, folder: 'out/{shot}' });
    expect(added.json()).toHaveLength(4);
    const items = () => get<BatchItem[]>('/batch');
    await expect
      .poll(async () => (await items()).every((i) => i.state === 'done' || i.state === 'failed'), { timeout: 60_000 })
      .toBe(true);
    const all = await items();
    expect(all.map((i) => i.state)).toEqual(['done', 'failed', 'failed', 'done']);
    expect(all[1]?.failure?.code).toBe('MEDIA_UNREADABLE');
    expect(all[2]?.failure?.code).toBe('EXPORT_REFUSED');
    for (const item of [all[0], all[3]]) {
      expect(item?.files).toBe(4);
      expect((await verifyExport(item?.folder as string)).problems).toEqual([]);
    }
    expect((await get<{ projects: unknown[] }>('/session')).projects).toHaveLength(1);
    expect((await at.studio.ask(`/api/batch/${all[1]?.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await items()).toHaveLength(3);
    expect((await post('/api/batch', { paths: ['/etc/passwd'], track: true })).status).toBe(404);
  });
});

describe('models', () => {
  const model = async (name: string) => (await get<ModelState[]>('/models')).find((m) => m.name === name);
  const pull = (name: string, acceptLicence = false) => post(`/api/models/${name}/pull`, { acceptLicence });

  it('come with progress, say why when they do not, and go', async () => {
    expect(await model('little')).toMatchObject({ licence: { id: 'Apache-2.0', gated: false } });
    let release = () => {};
    at.hub.next.push((bytes, _request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 2_000_000));
      release = () => response.end(bytes.subarray(2_000_000));
    });
    expect((await pull('little')).status).toBe(204);
    await expect.poll(async () => (await model('little'))?.pull?.bytes ?? 0).toBeGreaterThan(0);
    release();
    await expect.poll(async () => (await model('little'))?.installed, { timeout: 20_000 }).toBe(WEIGHTS.length);
    expect((await get<Resources>('/resources')).models.bytes).toBe(WEIGHTS.length);
    const { freed } = (await at.studio.ask('/api/models/little', { method: 'DELETE' })).json();
    expect(freed).toBe(WEIGHTS.length);
    expect((await model('little'))?.installed).toBeUndefined();
    expect((await pull('no-such-model')).json().code).toBe('MODEL_UNKNOWN');
  });

  it('under terms come only when they are accepted', async () => {
    const refused = await pull('guarded');
    expect([refused.status, refused.json().code]).toEqual([422, 'MODEL_LICENCE']);
    expect((await pull('guarded', true)).status).toBe(204);
    await expect.poll(async () => (await model('guarded'))?.installed, { timeout: 20_000 }).toBe(WEIGHTS.length);
    await at.studio.ask('/api/models/guarded', { method: 'DELETE' });
  });
});

describe('at a glance', () => {
  it('tells memory of server and projects, and how the cache of pictures does', async () => {
    await at.studio.ask(`${at.project}/frames/1001/jpeg?height=100`);
    await at.studio.ask(`${at.project}/frames/1001/jpeg?height=100`);
    const { server, projects } = await get<Resources>('/resources');
    expect(server.memory).toBeGreaterThan(1e7);
    expect(projects[0]?.memory).toBeGreaterThan(1e7);
    expect(projects[0]?.pictures).toMatchObject({ hits: 1, misses: 1 });
  });

  it('lists what was open lately and can be opened here, the latest first', async () => {
    const recent = (await get<{ recent: { name: string }[] }>('/session')).recent.map((r) => r.name);
    expect(recent).toEqual(expect.arrayContaining(['plate.roto', 'one.roto', 'three.roto']));
    await copyFile(join(at.studio.folder, '.config', 'recent.json'), join(at.studio.folder, '.config', 'kept.json'));
    const elsewhere = await TestStudio.start({ config: join(at.studio.folder, '.config') });
    expect((await elsewhere.ask('/api/session')).json().recent).toEqual([]);
    await elsewhere.stop();
  });
});
