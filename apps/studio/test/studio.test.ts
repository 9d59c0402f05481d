/** The whole job in the browser, on the sample clip, through the page a user has. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FrameIndex, maskIou } from '@rotokit/core/values';
import { decodeExr, maskFromExr } from '@rotokit/formats';
import { openClip } from '@rotokit/media';
import type { Browser } from 'playwright-core';
import { openRoto } from 'rotokit';
import { openSample } from 'rotokit/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEEDS, startChromium } from './support/chromium.js';
import { Desk } from './support/desk.js';

const at: { browser: Browser; desk: Desk } = {} as never;

describe.skipIf(NEEDS)(`the studio in Chromium${NEEDS}`, () => {
  beforeAll(async () => {
    at.browser = await startChromium();
    at.desk = await Desk.start(at.browser);
  });
  afterAll(async () => {
    await at.desk?.stop();
    await at.browser?.close();
  });

  it('shows the first frame, pixel for pixel the one that the library reads', async () => {
    const { desk } = at;
    await desk.open();
    await desk.page.keyboard.press('z');
    await desk.page.waitForTimeout(100); // one more drawing, at the new scale
    const row = await desk.rowOfPixels(854, 480, 239);
    const source = await openClip(join(desk.folder, 'fox.mp4'));
    const { samples } = (await source.read(0 as FrameIndex)).picture;
    await source.close();
    const want = samples.subarray(3 * 854 * 239, 3 * 854 * 240);
    for (let x = 0; x < 854; x++) expect(row.slice(4 * x, 4 * x + 3)).toEqual([...want.subarray(3 * x, 3 * x + 3)]);
    await desk.page.keyboard.press('f');
  });

  it('makes an object from the first click and shows its mask', async () => {
    const { desk } = at;
    const { x, y } = await Desk.fox();
    await desk.click(x, y);
    await desk.otherMasks('');
    expect(await desk.page.getByRole('button', { name: 'object1', exact: true }).first().isVisible()).toBe(true);
    await expect.poll(() => desk.page.getByText('Anchor: nothing but you').count()).toBe(1);
  });

  it('takes away with Alt, and undo brings the mask back', async () => {
    const { desk } = at;
    const before = await desk.masks();
    await desk.page.keyboard.down('Alt');
    await desk.click(700, 100);
    await desk.page.keyboard.up('Alt');
    await desk.otherMasks(before);
    await expect.poll(() => desk.page.locator('.prompts li').count()).toBe(2);
    const after = await desk.masks();
    await desk.page.keyboard.press('Control+z');
    await desk.otherMasks(after);
    await expect.poll(() => desk.masks()).toBe(before);
    await expect.poll(() => desk.page.locator('.prompts li').count()).toBe(1);
  });

  it('draws a box by dragging', async () => {
    const { desk } = at;
    const before = await desk.masks();
    await desk.page.mouse.move(...(await desk.place(10, 255)));
    await desk.page.mouse.down();
    await desk.page.mouse.move(...(await desk.place(120, 300)), { steps: 4 });
    await desk.page.mouse.move(...(await desk.place(330, 400)), { steps: 4 });
    await desk.page.mouse.up();
    await desk.otherMasks(before);
    await expect.poll(() => desk.page.getByText(/^box 3\d\d×14\d$/).count()).toBe(1);
  });

  it('steps to exactly the frame that is asked for, by key and by number', async () => {
    const { desk } = at;
    await desk.page.keyboard.press('ArrowRight');
    await desk.shows(1002);
    await desk.page.keyboard.press('End');
    await desk.shows(1076);
    await desk.page.getByRole('textbox', { name: 'Frame' }).fill('1040');
    await desk.page.keyboard.press('Enter');
    await desk.shows(1040);
    await desk.page.locator('.stage').focus();
    await desk.page.keyboard.press('Home');
    await desk.shows(1001);
  });

  it('finds a command by its words and does it', async () => {
    const { desk } = at;
    await desk.page.keyboard.press('Control+k');
    await desk.page.keyboard.type('light theme');
    await desk.page.keyboard.press('Enter');
    await expect.poll(() => desk.page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
    await desk.page.keyboard.press('Control+k');
    await desk.page.keyboard.type('theme system');
    await desk.page.keyboard.press('Enter');
    await expect.poll(() => desk.page.getByRole('dialog').count()).toBe(0);
    await desk.page.locator('.stage').focus();
  });

  it('tracks with progress, goes on over a reload in the middle, and fills the timeline', {
    timeout: 240_000,
  }, async () => {
    const { desk } = at;
    await desk.page.keyboard.press('t');
    const job = desk.page.getByTestId('job-track');
    await expect
      .poll(async () => Number((await job.locator('.figures').textContent())?.split('/')[0]), { timeout: 60_000 })
      .toBeGreaterThan(4);
    await desk.page.reload();
    await desk.shows(1001);
    await expect.poll(() => job.count()).toBe(1);
    await job.waitFor({ state: 'detached', timeout: 200_000 });
    await expect.poll(() => desk.page.getByText('all tracked').count()).toBe(1);
    await desk.page.keyboard.press('End');
    await desk.shows(1076);
    expect(await desk.masks()).not.toBe('');
  });

  it('lists doubtful frames, goes to the worst, and accepts it from the keyboard', async () => {
    const { desk } = at;
    const before = await desk.page.locator('.doubt').count();
    expect(before).toBeGreaterThan(0);
    await desk.page.keyboard.press('n');
    const frame = Number(await desk.page.locator('.doubt.selected strong').textContent());
    await desk.shows(frame);
    await desk.page.keyboard.press('a');
    const settled = async () => (await desk.page.locator('.doubt strong').allTextContents()).map(Number);
    await expect.poll(settled).not.toContain(frame);
  });

  it('mends a frame in the middle with the brush and tracks only what the edit touched', {
    timeout: 240_000,
  }, async () => {
    const { desk } = at;
    await desk.page.getByRole('textbox', { name: 'Frame' }).fill('1060');
    await desk.page.keyboard.press('Enter');
    await desk.shows(1060);
    const before = await desk.masks();
    await desk.page.locator('.stage').focus();
    await desk.page.keyboard.press('b');
    const truth = (await openSample()).truth(59);
    const { x0, y0, x1, y1 } = truth.window;
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    await desk.page.mouse.move(...(await desk.place(x - 30, y)));
    await desk.page.mouse.down();
    await desk.page.mouse.move(...(await desk.place(x + 30, y)), { steps: 6 });
    await desk.page.mouse.up();
    await desk.otherMasks(before);
    await desk.page.keyboard.press('c');
    await expect.poll(() => desk.page.getByText(/^\d+ to track$/).count()).toBe(1);
    await desk.page.keyboard.press('t');
    await expect.poll(() => desk.page.getByText('all tracked').count(), { timeout: 200_000 }).toBe(1);
  });

  it('exports EXR with every frame, whose matte is the one that is shown', async () => {
    const { desk } = at;
    await desk.page.keyboard.press('e');
    await desk.page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect
      .poll(
        () =>
          desk.page
            .locator('.results')
            .getByText(/^done, 76 frames/)
            .count(),
        { timeout: 60_000 },
      )
      .toBe(1);
    const folder = join(desk.folder, 'fox_out');
    const files = (await readdir(folder, { recursive: true })).filter((f) => f.endsWith('.exr')).sort();
    expect(files).toHaveLength(76);
    const image = decodeExr(await readFile(join(folder, files[0] as string)));
    const channel = image.channels.find((c) => c.name === 'object1.A');
    const truth = (await openSample()).truth(0);
    expect(maskIou(maskFromExr(image, channel as NonNullable<typeof channel>), truth)).toBeGreaterThan(0.6);
  });

  it('keeps the edits in the project file, as the library sees it', async () => {
    await at.desk.studio.close();
    await using roto = await openRoto(join(at.desk.folder, 'fox.roto'), { access: 'read' });
    expect(roto.object('object1').anchors()).toEqual([1001, 1060]);
    expect(roto.history.entries.length).toBeGreaterThan(3);
  });

  it('says so when the server is gone, and had no error of its own before', async () => {
    await expect.poll(() => at.desk.page.getByText('no connection to the server').count()).toBe(1);
    expect(at.desk.errors.filter((e) => !/ERR_|Failed to load resource/.test(e))).toEqual([]);
  });
});
