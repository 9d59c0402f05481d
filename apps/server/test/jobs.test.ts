/** Long work outlives the server: killed half-way, started again, it is finished, and what was done is kept. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, ProjectState } from '@rotokit/server/api';
import { verifyExport } from 'rotokit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discCentre, writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { Client } from './support/client.js';
import { KillableStudio } from './support/killable.js';
import { standInPage } from './support/studio.js';

const FRAMES = 90;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rotokit-jobs-')));
const project = join(folder, 'plate.roto');
const at: { client: Client; server: KillableStudio; project: string } = {} as never;

/** Serves what is opened. */
async function serve(open: string): Promise<void> {
  at.server = await KillableStudio.start(folder, { open, page: join(folder, '.page') });
  at.client = new Client(at.server.url);
  const { projects } = (await at.client.ask('/api/session')).json();
  at.project = `/api/projects/${projects[0].id}`;
}

const kill = () => at.server.kill();

const state = async (): Promise<ProjectState> => (await at.client.ask(at.project)).json();
const post = async (path: string, json: unknown) =>
  (await at.client.ask(at.project + path, { method: 'POST', json })).json();
const tracked = (s: ProjectState) =>
  s.objects.reduce((n, o) => n + o.masks.reduce((m, [first, last]) => m + last - first + 1, 0), 0);

async function jobOf(kind: Job['kind'], good: (job: Job) => boolean): Promise<Job> {
  for (;;) {
    const found = (await state()).jobs.findLast((j) => j.kind === kind);
    if (found && good(found)) return found;
    await delay(20);
  }
}

beforeAll(async () => {
  await standInPage(join(folder, '.page'));
  await serve(await writeTinyClip(folder, FRAMES));
});
afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

describe('jobs', () => {
  it('go on by themselves after kill -9 while tracking: nothing that was done is done again or lost', async () => {
    const { object } = await post('/objects', { name: 'disc' });
    const { x, y } = discCentre(0);
    await post(`/objects/${object}/prompts`, {
      frame: 1001,
      prompts: [{ kind: 'point', at: [x, y], positive: true }],
    });
    const { id } = await post('/track', {});
    await jobOf('track', (j) => j.done >= 12);
    const reported = tracked(await state());
    await kill();
    expect(existsSync(`${project}.jobs`)).toBe(true);
    await serve(project);
    expect(tracked(await state())).toBeGreaterThanOrEqual(reported);
    const job = await jobOf('track', (j) => j.state === 'done');
    expect(job.id).toBe(id);
    expect(job.done).toBeLessThanOrEqual(FRAMES - reported);
    expect((await state()).objects[0]?.stale).toEqual([]);
    await expect.poll(() => existsSync(`${project}.jobs`)).toBe(false);
  });

  it('go on after kill -9 while exporting: every file is there, whole, and those that were finished are not written again', async () => {
    await post('/export', { formats: ['exr', 'png'], folder: 'out' });
    await jobOf('export', (j) => j.done >= 24);
    await kill();
    const early = join(folder, 'out', 'exr', readdirSync(join(folder, 'out', 'exr')).sort()[0] as string);
    const { mtimeMs } = statSync(early);
    await serve(project);
    const job = await jobOf('export', (j) => j.state === 'done');
    expect(job.done).toBe(FRAMES);
    expect(statSync(early).mtimeMs).toBe(mtimeMs);
    const { exports, problems } = await verifyExport(join(folder, 'out'));
    expect(problems).toEqual([]);
    expect(exports.map((e) => [e.kind, e.frames])).toEqual([
      ['exr', FRAMES],
      ['png', FRAMES],
    ]);
  });

  it('stay written down when the server is closed in the middle, and are gone when they were cancelled', async () => {
    await post('/export', { formats: ['tiff'], folder: 'closed' });
    await jobOf('export', (j) => j.state === 'running' && j.done >= 8);
    await at.server.stop();
    expect(JSON.parse(readFileSync(`${project}.jobs`, 'utf8')).jobs).toHaveLength(1);
    await serve(project);
    const { id } = await jobOf('export', (j) => j.state === 'running');
    expect((await at.client.ask(`${at.project}/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(existsSync(`${project}.jobs`)).toBe(false);
    expect((await state()).jobs.at(-1)?.state).toBe('cancelled');
  });

  it('wait to be told after the process died under them three times; and an order that was tampered with writes nowhere else', async () => {
    await kill();
    const elsewhere = mkdtempSync(join(tmpdir(), 'rotokit-elsewhere-'));
    const order = (to: string) => ({ kind: 'export', request: { formats: ['png'], folder: to } });
    const jobs = [
      { id: 'job7', order: order(join(folder, 'told')), deaths: 2 },
      { id: 'job8', order: order(elsewhere), deaths: 0 },
    ];
    writeFileSync(`${project}.jobs`, JSON.stringify({ version: 1, jobs }));
    await serve(project);
    await expect
      .poll(async () => (await state()).jobs.map((j) => [j.id, j.state]))
      .toEqual([
        ['job7', 'paused'],
        ['job8', 'failed'],
      ]);
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(elsewhere, { recursive: true });
    await post('/jobs/job7', {});
    await expect.poll(async () => (await state()).jobs[0]?.state, { timeout: 60_000 }).toBe('done');
    expect(readdirSync(join(folder, 'told', 'png', 'disc'))).toHaveLength(FRAMES);
    await kill();
    writeFileSync(`${project}.jobs`, '{"version":1,"jobs":[{"id":"../../x"');
    await serve(project);
    expect((await state()).jobs).toEqual([]);
  });
});
