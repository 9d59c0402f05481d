import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PullEvent } from '@rotokit/core/ports';
import { expect, it } from 'vitest';
import { benchForEach, CARD, hubOn, pulled, refusalOf, WEIGHTS } from './support/bench.js';
import type { Behaviour } from './support/hub-server.js';

const bench = benchForEach();
const FINAL = () => join(bench.folder, 'little', 'model.safetensors');

/** Sends a file in pieces with pauses, so that others come while it is on its way. */
const slowly: Behaviour = (bytes, request, response) => {
  const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
  const range = from ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from ? 206 : 200, { 'content-length': bytes.length - from, ...range });
  let at = from;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, at + 300_000));
    at += 300_000;
    if (at >= bytes.length) {
      clearInterval(timer);
      response.end();
    }
  }, 60);
  response.on('close', () => clearInterval(timer));
};

interface Puller {
  readonly process: ChildProcess;
  readonly events: PullEvent[];
  readonly ended: Promise<unknown>;
}

function startPuller(): Puller {
  const script = join(import.meta.dirname, 'support/pull-once.mjs');
  const child = spawn(process.execPath, [script, bench.folder, bench.server.url, JSON.stringify(CARD)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: PullEvent[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => events.push(JSON.parse(line)));
  return { process: child, events, ended: once(child, 'close') };
}

const until = async (met: () => boolean) => {
  while (!met()) await new Promise((r) => setTimeout(r, 10));
};

it('lets two processes share one download', async () => {
  bench.server.usual = slowly;
  const pullers = [startPuller(), startPuller()];
  await Promise.all(pullers.map((p) => p.ended));
  expect(pullers.map((p) => p.process.exitCode)).toEqual([0, 0]);
  expect(bench.server.asked).toEqual([0]);
  const kinds = pullers.map((p) => new Set(p.events.map((e) => e.kind)));
  expect(kinds.filter((k) => k.has('done'))).toHaveLength(1);
  expect(kinds.filter((k) => k.has('wait') && k.has('have'))).toHaveLength(1);
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('lets two pulls of one process share one download', async () => {
  bench.server.usual = slowly;
  const both = await Promise.all([pulled(hubOn(bench), 'little'), pulled(hubOn(bench), 'little')]);
  expect(bench.server.asked).toEqual([0]);
  expect(both.map((events) => events.at(-1)?.kind).sort()).toEqual(['done', 'have']);
});

it('goes on where a killed process stopped', async () => {
  bench.server.usual = slowly;
  const first = startPuller();
  await until(() => first.events.some((e) => e.kind === 'progress' && e.bytes > 1_000_000));
  const second = startPuller();
  await until(() => second.events.some((e) => e.kind === 'wait'));
  first.process.kill('SIGKILL');
  await Promise.all([first.ended, second.ended]);
  expect(second.process.exitCode).toBe(0);
  const [whole, rest] = bench.server.asked;
  expect(whole).toBe(0);
  expect(rest).toBeGreaterThan(900_000);
  expect((await readFile(FINAL())).equals(WEIGHTS)).toBe(true);
});

it('takes over from a process that died here, and leaves what a living one pulls alone', async () => {
  await pulled(hubOn(bench), 'little');
  const lock = `${FINAL()}.pulling`;
  await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname(), token: 'alive' }));
  expect(await refusalOf(hubOn(bench).remove('little'))).toMatchObject({
    code: 'MODEL_BUSY',
    message: expect.stringContaining(String(process.pid)),
  });
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'close');
  await writeFile(lock, JSON.stringify({ pid: dead.pid, host: hostname(), token: 'dead' }));
  expect(await hubOn(bench).remove('little')).toBe(WEIGHTS.length);
});

it('touches its lock while it works, so that others on a shared disk see it alive', async () => {
  bench.server.usual = slowly;
  const lock = `${FINAL()}.pulling`;
  const walk = hubOn(bench).pull('little')[Symbol.asyncIterator]();
  for (let step = await walk.next(); step.value?.kind !== 'progress'; step = await walk.next())
    expect(step.done).toBe(false);
  await utimes(lock, 1000, 1000);
  await new Promise((r) => setTimeout(r, 2300));
  expect((await stat(lock)).mtimeMs).toBeGreaterThan(2_000_000);
  await walk.return?.();
  await expect(stat(lock)).rejects.toThrow('ENOENT');
});
