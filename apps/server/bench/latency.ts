/**
 * How long the server takes, without a browser: `npx tsx apps/server/bench/latency.ts`. A click from the request to its mask, where its time goes, and frames, masks
 * and the state before and during tracking. The sample clip; medians, the 95th percentile in brackets; CPU time of server and project where it says so.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { idealClick } from '@rotokit/core/evaluation';
import { startStudio } from '@rotokit/server';
import type { Edited, Job, ProjectState } from '@rotokit/server/api';
import { openRoto } from 'rotokit';
import { openSample } from 'rotokit/sample';
import { Client } from '../test/support/client.js';

const sample = await openSample();
const folder = await mkdtemp(join(tmpdir(), 'rotokit-bench-'));
await copyFile(sample.clip, join(folder, 'fox.mp4'));

const sorted = (of: readonly number[]) => [...of].sort((a, b) => a - b);
const at = (of: readonly number[], share: number) => sorted(of)[Math.floor(share * (of.length - 1))] as number;
const line = (what: string, of: readonly number[]) =>
  console.log(`${what.padEnd(58)} ${at(of, 0.5).toFixed(1)} ms (${at(of, 0.95).toFixed(1)}), ${of.length} times`);
async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const made = await work();
  into.push(performance.now() - began);
  return made;
}
/** A click on the fox and, beside it, a second one. */
const clickOn = (t: number) => {
  const prompt = idealClick(sample.truth(t));
  if (prompt.kind !== 'point') throw new Error('the ideal prompt is a click');
  return [prompt.at.x, prompt.at.y] as const;
};
const FRAMES = [0, 9, 18, 27, 36, 45, 54, 63, 72];

// What the library takes for the same clicks, in this process: the rest is the server's.
{
  await using roto = await openRoto(join(folder, 'fox.mp4'), { project: join(folder, 'library.roto') });
  await roto.prepare();
  const [first, next, seen]: number[][] = [[], [], []];
  for (const t of FRAMES) {
    const [x, y] = clickOn(t);
    const frame = 1001 + t;
    await timed(first as number[], () => roto.object('fox').click({ frame, x, y }));
    await timed(next as number[], () => roto.object('fox').click({ frame, x: x + 12, y }));
  }
  for (const t of FRAMES) {
    const [x, y] = clickOn(Math.min(75, t + 3));
    const frame = 1001 + Math.min(75, t + 3);
    await roto.prepare(frame);
    await timed(seen as number[], () => roto.object('fox').click({ frame, x, y }));
  }
  line('library: first click on a frame', first as number[]);
  line('library: second click on it', next as number[]);
  line('library: first click on a frame made ready before', seen as number[]);
}

const began = performance.now();
const studio = await startStudio({
  folders: [folder],
  open: join(folder, 'fox.mp4'),
  config: join(folder, '.config'),
});
console.log(`start to address, clip open                                ${(performance.now() - began).toFixed(0)} ms`);
const client = new Client(studio.url);
const { projects } = (await client.ask('/api/session')).json();
const project = `/api/projects/${projects[0].id}`;
const post = async <T>(path: string, json: unknown) =>
  (await client.ask(project + path, { method: 'POST', json })).json() as T;
const state = async () => (await client.ask(project)).json() as ProjectState;
const { object } = await post<{ object: string }>('/objects', { name: 'fox' });
await delay(1500);
const say = (t: number, [x, y]: readonly [number, number]) =>
  post<Edited>(`/objects/${object}/prompts`, {
    frame: 1001 + t,
    prompts: [{ kind: 'point', at: [x, y], positive: true }],
  });
{
  const [first, next, seen]: number[][] = [[], [], []];
  for (const t of FRAMES) {
    const [x, y] = clickOn(t);
    await timed(first as number[], () => say(t, [x, y]));
    await timed(next as number[], () => say(t, [x + 12, y]));
    await delay(100);
  }
  for (const t of FRAMES.map((f) => Math.min(75, f + 3))) {
    await post(`/look/${1001 + t}`, {}).catch(() => {});
    await timed(seen as number[], () => say(t, clickOn(t)));
  }
  line('server: first click on a frame', first as number[]);
  line('server: second click on it', next as number[]);
  line('server: first click on a frame that was looked at', seen as number[]);
}

const [, version] = await state().then((s) => s.objects[0]?.masks.map(([f, , v]) => [f, v] as const)[0] ?? [0, '']);
async function reads(what: string, seconds: number, lines: number): Promise<void> {
  const [raw, jpeg, mask, whole]: number[][] = [[], [], [], []];
  const until = performance.now() + 1000 * seconds;
  for (let n = 0; performance.now() < until; n++) {
    const frame = 1001 + ((n * 7) % 76);
    await timed(raw as number[], () => client.ask(`${project}/frames/${frame}/raw`));
    await timed(jpeg as number[], () => client.ask(`${project}/frames/${frame}/jpeg?height=${lines + (n % 100)}`));
    await timed(mask as number[], () =>
      client.ask(`${project}/masks/${object}/1001?v=${encodeURIComponent(version as string)}`),
    );
    await timed(whole as number[], state);
    await delay(20);
  }
  line(`${what}: frame as engines see it, 1.2 MB`, raw as number[]);
  line(`${what}: frame as JPEG, encoded anew`, jpeg as number[]);
  line(`${what}: mask`, mask as number[]);
  line(`${what}: the whole state`, whole as number[]);
}
await reads('idle', 4, 300);
for (const t of FRAMES.slice(1))
  await client.ask(`${project}/objects/${object}/anchors/${1001 + t}`, { method: 'DELETE' });
await delay(600);
const job = await post<Job>('/track', {});
await delay(500);
await reads('while tracking', 6, 400);
const now = (await state()).jobs.find((j) => j.id === job.id);
console.log(`the track job by then: ${now?.state}, ${now?.done} of ${now?.total} masks`);
await studio.close();
await rm(folder, { recursive: true, force: true });
