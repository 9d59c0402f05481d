/** The batch outlives the server: killed in the middle of a clip, started again, it does the rest and nothing twice. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchItem } from '@rotokit/server/api';
import { openRoto, verifyExport } from 'rotokit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discCentre, writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { Client } from './support/client.js';
import { KillableStudio } from './support/killable.js';
import { standInPage } from './support/studio.js';

const FRAMES = 24;
const NAMES = ['one', 'two', 'three'];
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rotokit-batch-')));
const page = join(folder, '.page');
const at: { server: KillableStudio; client: Client } = {} as never;

async function serve(): Promise<void> {
  at.server = await KillableStudio.start(folder, { page });
  at.client = new Client(at.server.url);
}

const items = async (): Promise<BatchItem[]> => (await at.client.ask('/api/batch')).json();
const states = async () => (await items()).map((i) => i.state);
const exr = (name: string, frame: number) => join(folder, name, 'out', 'exr', `${name}_matte.${frame}.exr`);

beforeAll(async () => {
  await standInPage(page);
  for (const name of NAMES) {
    await mkdir(join(folder, name));
    const clip = await writeTinyClip(join(folder, name), FRAMES);
    await using roto = await openRoto(clip, { project: join(folder, name, `${name}.roto`) });
    await roto.object('disc').click({ frame: 1001, ...discCentre(0) });
  }
  await serve();
});
afterAll(async () => {
  await at.server?.kill();
  rmSync(folder, { recursive: true });
});

it('goes on where it was when the server is killed while it tracks, and again while it exports', {
  timeout: 120_000,
}, async () => {
  const paths = NAMES.map((name) => join(folder, name, `${name}.roto`));
  const added = await at.client.ask('/api/batch', {
    method: 'POST',
    json: { paths, track: true, export: { formats: ['exr', 'png'] }, folder: 'out' },
  });
  expect(added.status).toBe(200);
  const until = async (item: number, good: (i: BatchItem) => boolean) =>
    expect.poll(async () => good((await items())[item] as BatchItem), { timeout: 60_000, interval: 10 }).toBe(true);
  await until(0, (i) => i.state === 'done');
  await until(1, (i) => i.step === 'tracking' && i.done > 2 && i.done < FRAMES - 5);
  const first = statSync(exr('one', 1001)).mtimeMs;
  await at.server.kill();
  await serve();
  // What had ended is not in the list any more; what was at work and what waited are, by themselves at work again.
  expect((await items()).map((i) => i.path)).toEqual(paths.slice(1));
  await until(0, (i) => i.step === 'exporting' && i.done > 0);
  await at.server.kill();
  await serve();
  await expect.poll(states, { timeout: 60_000 }).toEqual(['done', 'done']);
  for (const name of NAMES) {
    const { problems, exports } = await verifyExport(join(folder, name, 'out'));
    expect([name, problems, exports.length]).toEqual([name, [], 2]);
    expect(existsSync(exr(name, 1000 + FRAMES))).toBe(true);
    await using roto = await openRoto(join(folder, name, `${name}.roto`), { access: 'read' });
    expect(await roto.pending()).toBe(0);
    expect(existsSync(join(folder, name, `${name}.roto.jobs`))).toBe(false);
  }
  expect(statSync(exr('one', 1001)).mtimeMs).toBe(first);
  const kept = readFileSync(
    join(folder, '.config', readdirSync(join(folder, '.config')).find((n) => n.startsWith('batch-')) as string),
    'utf8',
  );
  expect(JSON.parse(kept)).toEqual({ version: 1, tasks: [] });
});
