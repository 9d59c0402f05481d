/** Made-up requests: every answer is a result or a refusal with a code, nothing outside the project is touched, nothing grows. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from '@rotokit/server/api';
import { openSample } from 'rotokit/sample';
import { expect, it } from 'vitest';
import { Client } from './support/client.js';
import { madeUp, type Operation, operationsOf, randomOf } from './support/fuzz.js';
import { standInPage } from './support/studio.js';

/** ROTOKIT_FUZZ=5000 makes that many; docs/studio.md says what came of it. */
const REQUESTS = Number(process.env.ROTOKIT_FUZZ ?? 240);
/** Megabytes that a process may have more at the end than after the first quarter: what caches within their limits and the allocator keep. */
const GROWTH = 120;

/** Everything below a folder with sizes and times. */
function listed(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

interface Used {
  readonly megabytes: number;
  readonly handles: number;
}

/** Memory and open files of the server and of each project's process by their numbers, where the system tells (Linux). */
function used(pid: number): ReadonlyMap<number, Used> {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const own = { megabytes: Math.round(kilobytes / 1000), handles: readdirSync(`/proc/${pid}/fd`).length };
    return new Map([[pid, own], ...children.flatMap((c) => [...used(Number(c))])]);
  } catch {
    return new Map();
  }
}

it(`answers ${REQUESTS} made-up requests without an error of its own`, { timeout: 1_200_000 }, async () => {
  const whole = realpathSync(mkdtempSync(join(tmpdir(), 'rotokit-fuzz-')));
  const [folder, outside] = [join(whole, 'open'), join(whole, 'outside')];
  await Promise.all([mkdir(folder), mkdir(outside)]);
  await standInPage(join(whole, 'page'));
  const { clip } = await openSample();
  await Promise.all([folder, outside].map((f) => copyFile(clip, join(f, 'fox.mp4'))));
  const options = {
    folders: [folder],
    open: join(folder, 'fox.mp4'),
    page: join(whole, 'page'),
    config: join(whole, 'config'),
  };
  const script = join(import.meta.dirname, 'support', 'serve-once.mjs');
  // Models would come from nowhere, and go to a folder of this test.
  const env = {
    ...process.env,
    ROTOKIT_MODELS: join(whole, 'models'),
    ROTOKIT_HUB: 'http://127.0.0.1:9',
    NO_PROXY: '*',
  };
  const server = spawn(process.execPath, [script, JSON.stringify(options)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => server.once('exit', done));
  try {
    const url = await new Promise<string>((told, failed) => {
      server.stdout.once('data', (d: Buffer) => told(d.toString().trim()));
      server.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
    });
    const client = new Client(url);
    const before = listed(outside);
    const clipBefore = statSync(join(folder, 'fox.mp4'));
    const { id, path: project } = (await client.ask('/api/session')).json().projects[0];
    const known: Record<string, string> = { ...KNOWN, project: id, folder };
    const renew = async () => {
      known.object = await objectWithClick(client, id);
    };
    const operations = operationsOf((await client.ask('/api/openapi.json')).json());
    const random = randomOf(7);
    const statuses = new Map<number, number>();
    let early = used(server.pid as number);
    for (let n = 0; n < REQUESTS; n++) {
      if (n % RENEWED === 0) await renew();
      const round = Math.floor(n / operations.length);
      const next = operations[n % operations.length] as Operation;
      const operation =
        CLOSES.test(`${next.method} ${next.path}`) && round % CLOSED ? (operations[0] as Operation) : next;
      const { method, path, body } = madeUp(operation, known, random);
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await client.ask(path, { method, headers, ...(body === undefined ? {} : { body }) });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const said = `${method} ${path} ${body}: ${answer.status} ${answer.body.toString().slice(0, 300)}`;
      expect(answer.status < 500, said).toBe(true);
      if (answer.status >= 400) expect(answer.json().code, said).toMatch(/^[A-Z_]+$/);
      else if (WORKS.test(`${operation.method} ${operation.path}`)) await calm(client, id, project);
      if (n === Math.floor(REQUESTS / 4)) early = used(server.pid as number);
    }
    const late = used(server.pid as number);
    expect((await client.ask('/api/session')).status).toBe(200);
    expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 20);
    for (const [pid, before] of early) {
      const after = late.get(pid) ?? before;
      expect(after.megabytes - before.megabytes, `memory of ${pid}`).toBeLessThan(GROWTH);
      expect(after.handles - before.handles, `open files of ${pid}`).toBeLessThan(16);
    }
    const sum = (of: ReadonlyMap<number, Used>, what: keyof Used) => [...of.values()].reduce((n, u) => n + u[what], 0);
    expect(sum(late, 'megabytes') - sum(early, 'megabytes'), 'memory of all').toBeLessThan(2 * GROWTH);
    expect(sum(late, 'handles') - sum(early, 'handles'), 'open files of all').toBeLessThan(48);
    expect(late.size, 'processes').toBeLessThanOrEqual(early.size + 1);
    expect(listed(outside)).toEqual(before);
    const { size, mtimeMs } = statSync(join(folder, 'fox.mp4'));
    expect([size, mtimeMs]).toEqual([clipBefore.size, clipBefore.mtimeMs]);
    expect(
      readdirSync(whole)
        .filter((n) => n !== 'models')
        .sort(),
    ).toEqual(['config', 'open', 'outside', 'page']);
    if (process.env.ROTOKIT_FUZZ) console.log(Object.fromEntries(statuses), early, late);
  } finally {
    server.kill('SIGINT');
    await ended;
    rmSync(whole, { recursive: true, force: true });
  }
});

const KNOWN = {
  ...{ frame: '1010', prompt: 'p1', job: 'job1', direction: 'undo', engine: 'embedded', path: 'fox.mp4' },
  ...{ v: 'run1.abc', colour: '56b4e9', height: '120', kind: 'export', name: 'mine', model: 'sam2.1-tiny' },
};

/** How often there is an object with a click again: requests remove them. */
const RENEWED = 60;

/** What closes the project, and in how many rounds over all routes once: opening it again takes a second. */
const CLOSES = /^DELETE \/projects\/\{project\}$/;
const CLOSED = 10;

/** What begins work that goes on after the answer, or closes the project. */
const WORKS = /^POST .*(track|export|batch|pull|\/jobs\/\{job\})$|^DELETE \/projects\/\{project\}$/;

/** An object that can be tracked and exported. */
async function objectWithClick(client: Client, id: string): Promise<string> {
  const at = `/api/projects/${id}/objects`;
  const { object } = (await client.ask(at, { method: 'POST', json: {} })).json();
  const prompts = [{ kind: 'point', at: [243, 316], positive: true }];
  await client.ask(`${at}/${object}/prompts`, { method: 'POST', json: { frame: 1010, prompts } });
  return object;
}

/** Lets work go on for a moment, then stops all of it; opens the project again where it was closed. */
async function calm(client: Client, id: string, project: string): Promise<void> {
  await delay(50);
  const get = async (path: string) => (await client.ask(`/api${path}`)).json();
  const drop = (path: string) => client.ask(`/api${path}`, { method: 'DELETE' });
  for (const { id: item } of (await get('/batch')) as { id: string }[]) await drop(`/batch/${item}`);
  for (const { name, pull } of (await get('/models')) as { name: string; pull?: object }[])
    if (pull) await drop(`/models/${name}/pull`);
  const state = await client.ask(`/api/projects/${id}`);
  if (state.status === 404) {
    const opened = await client.ask('/api/projects', { method: 'POST', json: { path: project } });
    expect(opened.status, opened.body.toString()).toBe(200);
    return;
  }
  for (const job of state.json().jobs as Job[])
    if (['running', 'waiting', 'paused'].includes(job.state)) await drop(`/projects/${id}/jobs/${job.id}`);
}
