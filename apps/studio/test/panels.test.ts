/** The panels about the machine and about what is delivered, as a user works with them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Studio, startStudio } from '@rotokit/server';
import type { Browser, Page } from 'playwright-core';
import { openRoto, verifyExport } from 'rotokit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CARD, GATED, hubOn, WEIGHTS } from '../../../packages/hub/test/support/bench.js';
import { HubServer } from '../../../packages/hub/test/support/hub-server.js';
import { discMask, writeTinyClip } from '../../../packages/rotokit/test/support/tiny-clip.js';
import { NEEDS, startChromium } from './support/chromium.js';

const FRAMES = 6;
const folder = mkdtempSync(join(tmpdir(), 'rotokit-panels-'));
const at: { hub: HubServer; studio: Studio; browser: Browser; page: Page; errors: string[] } = { errors: [] } as never;

/** A project of a disc with a mask on every frame. */
async function project(name: string, masks = FRAMES): Promise<string> {
  const own = join(folder, name);
  await mkdir(own);
  const file = join(own, `${name}.roto`);
  await using roto = await openRoto(await writeTinyClip(own, FRAMES), { project: file });
  for (let t = 0; t < masks; t++) await roto.object('disc').mask(1001 + t, discMask(t));
  return file;
}

const tab = (name: string) => at.page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
const panel = (name: string) => at.page.getByRole('region', { name, exact: true });

describe.skipIf(NEEDS)(`panels${NEEDS}`, () => {
  beforeAll(async () => {
    at.hub = await HubServer.start();
    for (const card of [CARD, GATED]) at.hub.publish(card.repository, 'model.safetensors', WEIGHTS);
    const open = await project('disc');
    at.studio = await startStudio({
      folders: [await realpath(folder)],
      open,
      config: join(folder, '.config'),
      hub: hubOn({ server: at.hub, folder: join(folder, '.models') }),
    });
    at.browser = await startChromium();
    at.page = await at.browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    at.page.on('pageerror', (e) => at.errors.push(e.message));
    await at.page.goto(at.studio.url);
    await at.page.waitForSelector('canvas[data-frame="1001"]');
  });
  afterAll(async () => {
    await at.browser?.close();
    await at.studio?.close();
    await at.hub?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('export: every format of the command, the names it will write, an estimate, and problems before it starts', async () => {
    const { page } = at;
    await tab('Export');
    const offered = await page.locator('.export fieldset label span').allTextContents();
    for (const name of ['exr', 'nuke', 'silhouette', 'lottie', 'prores', 'coco']) expect(offered).toContain(name);
    const names = page.getByRole('list', { name: 'Names of files' });
    await expect.poll(() => names.textContent()).toContain('exr/disc_matte.1001.exr');
    await page.getByText('Storage and names').click();
    await page.getByLabel('Path of pictures').fill('{shot}/{wrong}.{frame}.{ext}');
    await expect.poll(() => page.locator('.outlook .problem').first().textContent()).toContain('no {wrong} here');
    await page.getByLabel('Path of pictures').fill('{shot}_{version}/{object}.{frame}.{ext}');
    await page.getByLabel('Version').fill('7');
    await expect.poll(() => names.textContent()).toContain('disc_v007/matte.1001.exr');
    await page.getByRole('button', { name: 'Estimate the room it takes' }).click();
    await expect
      .poll(() => page.locator('.room').textContent())
      .toMatch(/^About [\d.]+ [kM]B, .* An estimate from frames 1001 to 1005\.$/);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect.poll(() => page.locator('.results').textContent(), { timeout: 30_000 }).toContain('done, 6 frames');
    expect(await readdir(join(folder, 'disc', 'disc_out', 'disc_v007'))).toHaveLength(FRAMES);
    await expect.poll(() => names.textContent()).toContain('6 frames there already');
  });

  it('presets: what is chosen is kept under a name, used again, handed on as a file and taken back from one', async () => {
    const { page } = at;
    await tab('Presets');
    await page.getByLabel('Name of a new preset: export').fill('house style');
    await page.getByLabel('Name of a new preset: export').press('Enter');
    await page.getByText('house style').waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    const text = await readFile(await (await saving).path(), 'utf8');
    expect(JSON.parse(text).presets).toMatchObject([
      { kind: 'export', name: 'house style', value: { naming: { version: 7 } } },
    ]);
    await page.getByRole('button', { name: 'Remove house style' }).click();
    await page.getByText('house style').waitFor({ state: 'detached' });
    await page.locator('input[type=file][aria-label="File of presets"]').setInputFiles({
      name: 'handed-on.json',
      mimeType: 'application/json',
      buffer: Buffer.from(text.replace('house style', 'their style')),
    });
    await page.getByText('their style').waitFor();
    await page.getByRole('button', { name: 'Use nuke' }).click();
    await expect.poll(() => page.getByRole('tab', { name: 'Export' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('checkbox', { name: /^crypto/ }).isChecked()).toBe(true);
    await tab('Presets');
    await page.getByRole('button', { name: 'Use fast' }).click();
    await page.getByText('In force: fast').waitFor({ timeout: 30_000 });
  });

  it('batch: several clips one after the other; one that fails says why and stops no other', async () => {
    const { page } = at;
    await project('one');
    await project('two', 0);
    await writeFile(join(folder, 'broken.mp4'), 'no clip');
    await tab('Review');
    await tab('Batch');
    await page.getByRole('button', { name: 'one/' }).click();
    await page.getByLabel('one.roto').check();
    await page.getByRole('button', { name: '..', exact: true }).click();
    await page.getByLabel('broken.mp4').check();
    await page.getByRole('button', { name: 'two/' }).click();
    await page.getByLabel('two.roto').check();
    await page.getByRole('button', { name: 'Track and deliver 3' }).click();
    const said = async () => (await page.locator('.entry').allTextContents()).join('\n');
    await expect
      .poll(said, { timeout: 60_000 })
      .toMatch(/one\.roto.*done, 6 files[\s\S]*broken\.mp4.*failed[\s\S]*two\.roto.*failed/);
    expect((await verifyExport(join(folder, 'one', 'one_out'))).problems).toEqual([]);
    await page.getByRole('button', { name: 'Take broken.mp4 off the batch' }).click();
    await expect.poll(said).not.toContain('broken');
  });

  it('models: terms are shown, accepted where they must be, downloads show how far they are, files go again', async () => {
    const { page } = at;
    await tab('Models');
    const little = panel('Models').locator('.entry', { hasText: 'little' });
    const guarded = panel('Models').locator('.entry', { hasText: 'guarded' });
    await little.waitFor();
    expect(await guarded.getByRole('link').textContent()).toBe('Strict License');
    expect(await guarded.getByRole('button', { name: 'Download' }).isDisabled()).toBe(true);
    let release = () => {};
    at.hub.next.push((bytes, _request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 2_000_000));
      release = () => response.end(bytes.subarray(2_000_000));
    });
    await little.getByRole('button', { name: 'Download' }).click();
    await expect.poll(() => little.textContent()).toMatch(/[12]\.\d MB of 3\.0 MB/);
    release();
    await little.getByRole('button', { name: 'Remove' }).waitFor();
    await guarded.getByLabel('I have read and accept these terms').check();
    await guarded.getByRole('button', { name: 'Download' }).click();
    await guarded.getByRole('button', { name: 'Remove' }).click();
    await guarded.getByRole('button', { name: 'Download' }).waitFor();
  });

  it('resources: memory and cache hits at a glance, and links for looking only', async () => {
    const { page } = at;
    await tab('Resources');
    await expect
      .poll(() => panel('Resources').textContent())
      .toMatch(/Server[\d.]+ MB.*disc[\d.]+ MB.*found there\d+ % of \d+/);
    await page.getByLabel('A link for looking only, for').fill('kim');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const url = await page.getByLabel('The address, told once').inputValue();
    const guest = await at.browser.newContext();
    const view = await guest.newPage();
    await view.goto(url);
    await view.waitForSelector('canvas[data-frame="1001"]');
    expect(await view.getByRole('tab').allTextContents()).toEqual(['Review', 'History']);
    await page.getByRole('button', { name: 'Take back' }).click();
    await expect.poll(() => view.getByText('no connection to the server').count()).toBe(1);
    await guest.close();
  });

  it('opens by path, and what was open lately, from the start page', async () => {
    const { page } = at;
    await copyFile(join(folder, 'one', 'one.roto'), join(folder, 'one', 'copy.roto'));
    await page.locator('.stage').focus();
    await page.keyboard.press('Control+o');
    await page.getByLabel('Path of a clip or project').fill('one/copy.roto');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('copy - Rotokit');
    await page.reload();
    await page.waitForSelector('canvas[data-frame="1001"]');
    await page.locator('.stage').focus();
    await page.keyboard.press('Control+o');
    await page.getByRole('region', { name: 'Open lately' }).getByRole('button', { name: 'disc.roto' }).click();
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('disc - Rotokit');
    expect(at.errors).toEqual([]);
  });
});
