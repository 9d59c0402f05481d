/** Ways out of the opened folders that a plain path does not show: encodings, what a project file names, links below a folder. */
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeMask } from '@rotokit/core/values';
import { startStudio } from '@rotokit/server';
import { openRoto } from 'rotokit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discMask } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { Client } from './support/client.js';
import { TestStudio } from './support/studio.js';

const at: { studio: TestStudio; outside: TestStudio; project: string } = {} as never;
beforeAll(async () => {
  at.outside = await TestStudio.start({ tiny: 3 });
  await at.outside.studio.close();
  at.studio = await TestStudio.start({ tiny: 2 });
  at.project = `/api/projects/${(await at.studio.project()).id}`;
});
afterAll(async () => {
  await at.studio.stop();
  await rm(at.outside.folder, { recursive: true, force: true });
});

const open = async (path: string) =>
  (await at.studio.ask('/api/projects', { method: 'POST', json: { path } })).json() as { code?: string; id?: string };

it('decodes a path once: encodings of encodings, odd UTF-8, other slashes lead nowhere', async () => {
  const odd = [
    '%252e%252e%252fetc',
    '..%c0%af..%c0%afetc',
    '%2e%2e%5c%2e%2e%5cetc',
    '%E2%88%95etc',
    '%00',
    '..;/etc',
    '%zz',
  ];
  for (const path of odd) {
    expect([400, 404], path).toContain((await at.studio.ask(`/api/files?folder=${path}`)).status);
    const page = await at.studio.ask(`/${path}/passwd`);
    expect([400, 404], path).toContain(page.status);
    expect(page.body.toString()).not.toContain('root:');
  }
});

it('opens no project whose clip lies outside, whether the clip is there or not; on the command line it does', async () => {
  const project = join(at.studio.folder, 'lent.roto');
  const clip = join(at.outside.folder, 'plate.####.png');
  await (await openRoto(clip, { project })).close();
  expect((await open(project)).code).toBe('PATH_REFUSED');
  await rename(at.outside.folder, `${at.outside.folder}-gone`);
  expect((await open(project)).code).toBe('PATH_REFUSED');
  await rename(`${at.outside.folder}-gone`, at.outside.folder);
  const page = join(at.studio.folder, '.page');
  const named = await startStudio({
    folders: [at.studio.folder],
    open: project,
    page,
    config: join(at.studio.folder, '.config'),
  });
  try {
    expect((await new Client(named.url).ask('/api/session')).json().projects).toHaveLength(1);
  } finally {
    await named.close();
  }
});

it('opens no sequence whose pictures are links to the outside', async () => {
  const sly = join(at.studio.folder, 'sly');
  await mkdir(sly);
  for (const n of [1001, 1002, 1003])
    await symlink(join(at.outside.folder, `plate.${n}.png`), join(sly, `plate.${n}.png`));
  for (const path of [sly, join(sly, 'plate.####.png'), join(sly, 'plate.%04d.png'), join(sly, 'plate.1001.png')])
    expect((await open(path)).code, path).toBe('PATH_REFUSED');
});

it('writes through no link below the folder of an export', async () => {
  const { object } = (await at.studio.ask(`${at.project}/objects`, { method: 'POST', json: { name: 'disc' } })).json();
  for (const frame of [1001, 1002])
    await at.studio.ask(`${at.project}/objects/${object}/anchors/${frame}`, {
      method: 'PUT',
      body: Buffer.from(encodeMask(discMask(0))),
      headers: { 'content-type': 'application/octet-stream' },
    });
  const before = await readdir(at.outside.folder);
  const exported = async (folder: string, formats: string[]) => {
    const answer = await at.studio.ask(`${at.project}/export`, { method: 'POST', json: { formats, folder } });
    const { id } = answer.json();
    const found = async () =>
      (await at.studio.ask(at.project)).json().jobs.find((j: { id: string }) => j.id === id) as {
        state: string;
        failure?: { code: string };
      };
    await expect.poll(async () => (await found()).state).not.toBe('running');
    return found();
  };
  await mkdir(join(at.studio.folder, 'out'));
  await symlink(at.outside.folder, join(at.studio.folder, 'out', 'png'));
  expect((await exported('out', ['png'])).failure?.code).toBe('PATH_REFUSED');
  await mkdir(join(at.studio.folder, 'two', 'tiff', 'disc'), { recursive: true });
  await symlink(
    join(at.outside.folder, 'new'),
    join(at.studio.folder, 'two', 'tiff', 'disc', 'plate_disc.1001.tif.part'),
  );
  await symlink(
    join(at.outside.folder, 'new'),
    join(at.studio.folder, 'two', 'tiff', 'disc', 'plate_disc.1001.tiff.part'),
  );
  expect((await exported('two', ['tiff'])).failure?.code).toBe('PATH_REFUSED');
  expect((await exported('three', ['png'])).state).toBe('done');
  expect(await readdir(at.outside.folder)).toEqual(before);
});
