/** A job on filmed footage through the page: two objects, a brush fix, tracking over a reload and over a server that is killed, review, undo, files. */
import { copyFile, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeExr } from '@rotokit/formats';
import type { Browser, Page } from 'playwright-core';
import { openRoto } from 'rotokit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATA, dataMissing } from '../../../tests/support/needs.js';
import { KillableStudio } from '../../server/test/support/killable.js';
import { NEEDS, startChromium } from './support/chromium.js';

const CLIP = 'clips/real/02_cups.mp4';
const LACKING = NEEDS || (dataMissing(CLIP) ? ` [needs ${dataMissing(CLIP)}]` : '');
/** The last frame of the work area: enough to be tracked both ways, little enough to be quick. */
const LAST = 1016;
const SIZE = { width: 1280, height: 720 };
const CANVAS = 'canvas[data-testid=canvas]';

const at: { browser: Browser; page: Page; folder: string; studio: KillableStudio } = {} as never;

async function place(x: number, y: number): Promise<[number, number]> {
  const box = await at.page.locator(CANVAS).boundingBox();
  if (!box) throw new Error('there is no canvas');
  const scale = Math.min((box.width - 24) / SIZE.width, (box.height - 24) / SIZE.height);
  return [
    box.x + (box.width - SIZE.width * scale) / 2 + x * scale,
    box.y + (box.height - SIZE.height * scale) / 2 + y * scale,
  ];
}

const shown = (name: 'frame' | 'masks') =>
  at.page.locator(CANVAS).evaluate((c: HTMLCanvasElement, key) => c.dataset[key] ?? '', name);
/** How many objects the canvas shows a mask of. */
const masks = async () => (await shown('masks')).split(',').filter(Boolean).length;

async function goTo(frame: number): Promise<void> {
  await at.page.getByRole('textbox', { name: 'Frame' }).fill(String(frame));
  await at.page.keyboard.press('Enter');
  await expect.poll(() => shown('frame')).toBe(String(frame));
  await at.page.locator('.stage').focus();
}

async function drag(...path: readonly (readonly [number, number])[]): Promise<void> {
  for (const [n, [x, y]] of path.entries()) {
    await at.page.mouse.move(...(await place(x, y)), { steps: n ? 5 : 1 });
    if (!n) await at.page.mouse.down();
  }
  await at.page.mouse.up();
}

/** Opens the page of the server that runs now. */
async function open(): Promise<void> {
  await at.page.goto(at.studio.url);
  await at.page.waitForSelector(`${CANVAS}[data-frame]`);
}

describe.skipIf(LACKING)(`a job on filmed footage${LACKING}`, () => {
  beforeAll(async () => {
    at.folder = await realpath(await mkdtemp(join(tmpdir(), 'rotokit-cups-')));
    await copyFile(join(DATA, CLIP), join(at.folder, 'cups.mp4'));
    at.studio = await KillableStudio.start(at.folder, { open: join(at.folder, 'cups.mp4') });
    at.browser = await startChromium();
    at.page = await at.browser.newPage({ viewport: { width: 1366, height: 768 } });
    await open();
  });
  afterAll(async () => {
    await at.browser?.close();
    await at.studio?.kill();
    await rm(at.folder, { recursive: true, force: true });
  });

  it('takes a click, a box on a second object, and a brush stroke in the middle', async () => {
    const { page } = at;
    await page.mouse.click(...(await place(656, 420)));
    await expect.poll(masks).toBe(1);
    await page.keyboard.press('Shift+N');
    await expect.poll(() => page.locator('.object').count()).toBe(2);
    await drag([825, 288], [1012, 552]);
    await expect.poll(masks).toBe(2);
    await goTo(LAST);
    await page.keyboard.press('o');
    await goTo(1008);
    await page.keyboard.press('b');
    await drag([915, 330], [915, 500]);
    await expect.poll(masks).toBe(1);
    await page.keyboard.press('c');
  });

  it('tracks both ways over a reload and over the death of the server', { timeout: 240_000 }, async () => {
    const { page } = at;
    await page.keyboard.press('t');
    const figures = page.getByTestId('job-track').locator('.figures');
    await figures.waitFor();
    await page.reload();
    await expect
      .poll(async () => Number((await figures.textContent())?.split('/')[0]), { timeout: 60_000 })
      .toBeGreaterThan(1);
    await at.studio.kill();
    await page.getByText('no connection to the server').waitFor();
    at.studio = await KillableStudio.start(at.folder, { open: join(at.folder, 'cups.mp4') });
    await open();
    await expect.poll(() => page.getByTestId('job-track').count(), { timeout: 200_000, interval: 300 }).toBe(0);
    for (const frame of [1001, 1005, 1008, LAST]) {
      await goTo(frame);
      await expect.poll(masks).toBe(2);
    }
  });

  it('undoes and does again', async () => {
    const { page } = at;
    await page.keyboard.press('Control+z');
    await page
      .getByRole('status')
      .getByText(/^Undone: brush on object2/)
      .waitFor();
    await page.keyboard.press('Control+Shift+Z');
    await page
      .getByRole('status')
      .getByText(/^Redone: brush/)
      .waitFor();
  });

  it('delivers EXR and shapes, which are on disk and hold both objects', async () => {
    const { page } = at;
    const project = new URL(page.url()).hash.slice(1);
    const job = await page.evaluate(
      async ([id, last]) => {
        const body = JSON.stringify({ formats: ['exr', 'nuke'], folder: 'out', first: 1001, last });
        const headers = { 'content-type': 'application/json' };
        return (await fetch(`/api/projects/${id}/export`, { method: 'POST', headers, body })).json();
      },
      [project, LAST] as const,
    );
    expect(job).toMatchObject({ kind: 'export' });
    const note = page.getByRole('status').getByText(/^Exported to/);
    await note.waitFor({ timeout: 60_000 });
    const files = (await readdir(join(at.folder, 'out'), { recursive: true })).sort();
    const frames = files.filter((f) => f.endsWith('.exr'));
    expect(frames).toHaveLength(LAST - 1000);
    const { channels } = decodeExr(await readFile(join(at.folder, 'out', frames[7] as string)));
    expect(channels.map((c) => c.name)).toEqual(expect.arrayContaining(['object1.A', 'object2.A']));
    const script = files.find((f) => f.endsWith('.nk')) as string;
    expect(await readFile(join(at.folder, 'out', script), 'utf8')).toMatch(/object2/);
  });

  it('has everything in the project file', async () => {
    await at.studio.kill();
    await using roto = await openRoto(join(at.folder, 'cups.roto'), { access: 'read' });
    expect(roto.object('object1').anchors()).toEqual([1001]);
    expect(roto.object('object2').anchors()).toEqual([1001, 1008]);
    for (let frame = 1001; frame <= LAST; frame++)
      for (const name of ['object1', 'object2'])
        expect((await roto.object(name).maskOn(frame))?.values.length).toBeGreaterThan(0);
  });
});
