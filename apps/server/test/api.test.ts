/** The main job over HTTP, as a script or the page does it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { idealClick } from '@rotokit/core/evaluation';
import { decodeMask, maskArea, maskIou } from '@rotokit/core/values';
import { type Edited, type Job, type ObjectState, ProjectState, ServerEvent } from '@rotokit/server/api';
import { openSample } from 'rotokit/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStudio } from './support/studio.js';

const at: { studio: TestStudio; project: string; object: string; click: [number, number] } = {} as never;
beforeAll(async () => {
  at.studio = await TestStudio.start({ clip: true });
  at.project = `/api/projects/${(await at.studio.project()).id}`;
  const point = idealClick((await openSample()).truth(0)) as { at: { x: number; y: number } };
  at.click = [point.at.x, point.at.y];
});
afterAll(() => at.studio?.stop());

const state = async (): Promise<ProjectState> => ProjectState.parse((await at.studio.ask(at.project)).json());
const post = (path: string, json: unknown) => at.studio.ask(at.project + path, { method: 'POST', json });

/** Listens to the events until the returned function is called, which gives them. */
async function listen(): Promise<() => ServerEvent[]> {
  const stop = new AbortController();
  const { body } = await fetch(`${at.studio.origin}${at.project}/events`, {
    headers: { cookie: at.studio.cookie },
    signal: stop.signal,
  });
  const events: ServerEvent[] = [];
  let text = '';
  const read = async () => {
    for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString();
      const lines = text.split('\n');
      text = lines.pop() as string;
      for (const line of lines)
        if (line.startsWith('data: ')) events.push(ServerEvent.parse(JSON.parse(line.slice(6))));
    }
  };
  read().catch(() => {});
  return () => {
    stop.abort();
    return events;
  };
}

async function ended(job: string): Promise<Job> {
  for (;;) {
    const found = (await state()).jobs.find((j) => j.id === job) as Job;
    if (found.state !== 'running' && found.state !== 'waiting') return found;
    await delay(100);
  }
}

describe('the API', () => {
  it('describes itself in OpenAPI 3.1 with every route, from the schemas that check the requests', async () => {
    const api = (await at.studio.ask('/api/openapi.json')).json();
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths)).toContain('/projects/{project}/objects/{object}/prompts');
    const { post: say } = api.paths['/projects/{project}/objects/{object}/prompts'];
    expect(say.parameters.map((p: { name: string }) => p.name)).toEqual(['project', 'object']);
    expect(JSON.stringify(say.requestBody)).toContain('"positive"');
  });

  it('gives frames exactly as engines see them, and as JPEG for playing', async () => {
    const raw = await at.studio.ask(`${at.project}/frames/1001/raw`);
    expect([raw.headers['x-width'], raw.headers['x-height'], raw.body.length]).toEqual(['854', '480', 854 * 480 * 3]);
    const jpeg = await at.studio.ask(`${at.project}/frames/1040/jpeg?height=270`);
    expect([...jpeg.body.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(jpeg.headers['cache-control']).toBe('no-store'); // the page keeps what it needs
  });

  it('answers a click with a mask that is on disk and can be asked for under its version', async () => {
    at.object = (await post('/objects', { name: 'fox' })).json().object;
    const said = await post(`/objects/${at.object}/prompts`, {
      frame: 1001,
      prompts: [{ kind: 'point', at: at.click, positive: true }],
    });
    const { mask } = said.json() as Edited;
    const { body, headers } = await at.studio.ask(
      `${at.project}/masks/${at.object}/1001?v=${encodeURIComponent(mask as string)}`,
    );
    const truth = (await openSample()).truth(0);
    expect(maskIou(decodeMask(body, truth.size), truth)).toBeGreaterThan(0.5);
    expect(headers['cache-control']).toContain('immutable');
    const [object] = (await state()).objects;
    expect(object).toMatchObject({ name: 'fox', anchors: [1001], masks: [[1001, 1001, mask]] });
    expect(object?.stale).toEqual([[1002, 1076]]);
  });

  it('takes back one of two prompts and answers to the other', async () => {
    const path = `/objects/${at.object}/prompts`;
    await post(path, { frame: 1001, prompts: [{ kind: 'point', at: [600, 100], positive: false }] });
    const prompts = (await state()).objects[0]?.prompts ?? [];
    expect(prompts.map((p) => p.prompt.kind)).toEqual(['point', 'point']);
    await at.studio.ask(`${at.project}${path}/${prompts[1]?.id}`, { method: 'DELETE' });
    const after = (await state()).objects[0];
    expect([after?.prompts.length, after?.anchors]).toEqual([1, [1001]]);
  });

  it('tracks as a job that is told of as it goes, steps aside for a click, and goes on', async () => {
    const heard = await listen();
    const job = (await post('/track', { last: 1016 })).json() as Job;
    await expect.poll(async () => (await state()).jobs[0]?.done, { timeout: 60_000 }).toBeGreaterThan(2);
    const box = { kind: 'box', from: [20, 250], to: [320, 420] };
    expect((await post(`/objects/${at.object}/prompts`, { frame: 1001, prompts: [box] })).status).toBe(200);
    expect((await ended(job.id)).state).toBe('done');
    const { objects } = await state();
    expect(objects[0]?.stale).toEqual([[1017, 1076]]);
    const events = heard();
    const tracked = new Set(events.flatMap((e) => (e.type === 'tracked' ? e.masks.map((m) => m[1]) : [])));
    for (let frame = 1002; frame <= 1016; frame++) expect(tracked).toContain(frame);
    expect(events.some((e) => e.type === 'job' && e.job.state === 'waiting')).toBe(true);
  });

  it('lists doubtful frames with a thumbnail and takes verdicts off the list', async () => {
    const { objects } = await state();
    const version = objects[0]?.masks.at(-1)?.[2] as string;
    const query = `v=${encodeURIComponent(version)}&colour=56b4e9`;
    const thumb = await at.studio.ask(`${at.project}/thumbnails/${at.object}/1016?${query}`);
    expect([...thumb.body.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    const said = await post('/review', { object: 'fox', frame: 1016, verdict: 'accepted' });
    expect(said.status).toBe(200);
    expect((await state()).review.some((r) => r.frame === 1016)).toBe(false);
  });

  it('exports to a folder beside the project, every frame, and says which files', async () => {
    const job = (await post('/export', { formats: ['exr'], folder: 'delivery', last: 1016 })).json() as Job;
    const done = await ended(job.id);
    expect(done).toMatchObject({ state: 'done', done: 16, folder: join(at.studio.folder, 'delivery') });
    expect(done.files?.exr).toHaveLength(16);
    for (const file of done.files?.exr ?? []) expect(existsSync(file)).toBe(true);
  });

  it('refuses an export of frames without masks with the reason, and writes nothing', async () => {
    const job = (await post('/export', { formats: ['exr'], folder: 'nothing' })).json() as Job;
    expect(await ended(job.id)).toMatchObject({ state: 'failed', failure: { code: 'EXPORT_REFUSED' } });
    expect(readdirSync(join(at.studio.folder, 'nothing'))).toEqual([]);
  });

  it('undoes and redoes, and says what', async () => {
    const { label } = (await post('/history/undo', {})).json() as Edited;
    expect(label).toMatch(/accepted fox on 1016/);
    expect((await post('/history/redo', {})).json().label).toBe(label);
  });

  it('tells a locked object, an unknown one and a point outside apart, each with a code', async () => {
    const point = { frame: 1001, prompts: [{ kind: 'point', at: [9000, 10], positive: true }] };
    expect((await post(`/objects/${at.object}/prompts`, point)).json().code).toBe('PROMPT_OUTSIDE');
    expect((await post('/objects/nobody/prompts', point)).json().code).toBe('OBJECT_UNKNOWN');
    await at.studio.ask(`${at.project}/objects/${at.object}`, { method: 'PATCH', json: { locked: true } });
    const inside = { frame: 1001, prompts: [{ kind: 'point', at: at.click, positive: true }] };
    expect((await post(`/objects/${at.object}/prompts`, inside)).json().code).toBe('OBJECT_LOCKED');
    await at.studio.ask(`${at.project}/objects/${at.object}`, { method: 'PATCH', json: { locked: false } });
  });

  it('keeps everything through a server that is gone: closed and opened again, the project is the same', async () => {
    const before = await state();
    const { path, id } = await at.studio.project();
    await at.studio.ask(at.project, { method: 'DELETE' });
    expect((await at.studio.ask(at.project)).status).toBe(404);
    const opened = await at.studio.ask('/api/projects', { method: 'POST', json: { path } });
    expect(opened.json().id).toBe(id);
    const { revision: _r, jobs: _j, ...after } = await state();
    expect(before).toMatchObject(after);
  });

  it('opens a project again whose process was killed, with everything it had reported', async () => {
    const before = await state();
    const heard = await listen();
    const children = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']).toString();
    const pid = Number(/^\s*(\d+).*host\/main\.js/m.exec(children)?.[1]);
    process.kill(pid, 'SIGKILL');
    await expect.poll(async () => (await at.studio.ask(at.project)).status).not.toBe(200);
    await at.studio.ask('/api/projects', { method: 'POST', json: { path: before.path } });
    expect((await state()).objects).toEqual(before.objects);
    expect(heard().some((e) => e.type === 'gone')).toBe(true);
  });
});

describe('masks', () => {
  it('are never thresholded on their way', async () => {
    const [object] = (await state()).objects;
    const [first, , version] = (object as ObjectState).masks.at(-1) as [number, number, string];
    const { body } = await at.studio.ask(`${at.project}/masks/${at.object}/${first}?v=${encodeURIComponent(version)}`);
    const mask = decodeMask(body);
    expect(maskArea(mask)).toBeGreaterThan(1000);
    expect(mask.values.some((v) => v > 0 && v < 65535)).toBe(true);
  });
});
