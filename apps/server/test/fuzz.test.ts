/** Made-up requests: every answer is a result or a refusal with a code, nothing outside the project is touched, nothing grows. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSample } from 'rotokit/sample';
import { expect, it } from 'vitest';
import { Client } from './support/client.js';
import { madeUp, operationsOf, randomOf } from './support/fuzz.js';
import { standInPage } from './support/studio.js';

/** ROTOKIT_FUZZ=5000 makes that many; docs/studio.md says what came of it. */
const REQUESTS = Number(process.env.ROTOKIT_FUZZ ?? 300);
/** Megabytes that a process may have more at the end than after the first quarter: what caches within their limits and the allocator keep. */
const GROWTH = 120;

/** Everything below a folder with sizes and times, except what the server may write. */
function listed(folder: string, except: RegExp): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !except.test(name))
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
  const server = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => server.once('exit', done));
  try {
    const url = await new Promise<string>((told, failed) => {
      server.stdout.once('data', (d: Buffer) => told(d.toString().trim()));
      server.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
    });
    const client = new Client(url);
    const before = [listed(outside, /^$/), listed(folder, /\.roto/)];
    const { id } = (await client.ask('/api/session')).json().projects[0];
    const { object } = (await client.ask(`/api/projects/${id}/objects`, { method: 'POST', json: {} })).json();
    const known = {
      project: id,
      object,
      frame: '1010',
      prompt: 'p1',
      job: 'job1',
      direction: 'undo',
      folder,
      ...KNOWN,
    };
    const operations = operationsOf((await client.ask('/api/openapi.json')).json()).filter((o) => !isHeavy(o));
    const random = randomOf(7);
    const statuses = new Map<number, number>();
    let early = used(server.pid as number);
    for (let n = 0; n < REQUESTS; n++) {
      const { method, path, body } = madeUp(operations[n % operations.length]!, known, random);
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await client.ask(path, { method, headers, ...(body === undefined ? {} : { body }) });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const said = `${method} ${path} ${body}: ${answer.status} ${answer.body.toString().slice(0, 300)}`;
      expect(answer.status < 500, said).toBe(true);
      if (answer.status >= 400) expect(answer.json().code, said).toMatch(/^[A-Z_]+$/);
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
    expect(listed(outside, /^$/)).toEqual(before[0]);
    expect(listed(folder, /\.roto/)).toEqual(before[1]);
    expect(readdirSync(whole).sort()).toEqual(['config', 'open', 'outside', 'page']);
    if (process.env.ROTOKIT_FUZZ) console.log(Object.fromEntries(statuses), early, late);
  } finally {
    server.kill('SIGINT');
    await ended;
    rmSync(whole, { recursive: true, force: true });
  }
});

const KNOWN = { v: 'run1.abc', colour: '56b4e9', height: '120', kind: 'export', name: 'mine', model: 'sam2.1-tiny' };

/** Jobs, batches and downloads work on purpose; closing or another engine would leave the rest of the requests without a project. */
const isHeavy = ({ method, path }: { method: string; path: string }) =>
  (method === 'POST' && /\/(export|track|batch|pull)$|\/estimate$/.test(path)) ||
  path.endsWith('/engine') ||
  (method === 'DELETE' && (path === '/projects/{project}' || path === '/models/{model}'));
