/** What an artist does beside clicking: an engine for an object, words, reshaping a box, nudging, markers, two versions of a frame, the size of everything. */
import type { ProjectState } from '@rotokit/server/api';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEEDS, startChromium } from './support/chromium.js';
import { Desk } from './support/desk.js';

const at: { browser: Browser; desk: Desk } = {} as never;

/** The state as the server tells it to the page. */
const state = (): Promise<ProjectState> =>
  at.desk.page.evaluate(async () => (await fetch(`/api/projects/${location.hash.slice(1)}`)).json());
const status = (text: string | RegExp) => at.desk.page.getByRole('status').getByText(text).first();

async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const { page } = at.desk;
  await page.mouse.move(...(await at.desk.place(...from)));
  await page.mouse.down();
  await page.mouse.move(...(await at.desk.place(...to)), { steps: 5 });
  await page.mouse.up();
}

/** The box of the first object, rounded. */
async function box(): Promise<readonly number[]> {
  const said = (await state()).objects[0]?.prompts.find((p) => p.prompt.kind === 'box')?.prompt;
  return said?.kind === 'box' ? [...said.from, ...said.to].map((v) => Math.round(v)) : [];
}

describe.skipIf(NEEDS)(`beyond clicking${NEEDS}`, () => {
  beforeAll(async () => {
    at.browser = await startChromium();
    at.desk = await Desk.start(at.browser);
    await at.desk.open();
    await drag([60, 250], [330, 400]);
    await at.desk.otherMasks('');
  });
  afterAll(async () => {
    await at.desk?.stop();
    await at.browser?.close();
  });

  it('a box is reshaped by its corners and edges, with Shift moved as a whole, and by keys pixel by pixel', async () => {
    const { page } = at.desk;
    const near = (want: readonly number[]) =>
      expect.poll(async () => (await box()).every((v, i) => Math.abs(v - (want[i] as number)) <= 2)).toBe(true);
    await near([60, 250, 330, 400]);
    await drag([330, 400], [350, 420]);
    await near([60, 250, 350, 420]);
    await drag([60, 330], [40, 340]);
    await near([40, 250, 350, 420]);
    await page.keyboard.down('Shift');
    await drag([200, 250], [210, 260]);
    await page.keyboard.up('Shift');
    await near([50, 260, 360, 430]);
    const before = await box();
    const steps = (await state()).history.entries.length;
    await page.locator('.stage').focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('Alt+Shift+ArrowUp');
    const moved = before.map((v, i) => v + (i % 2 ? -10 : 3));
    await expect.poll(box).toEqual(moved);
    expect((await state()).history.entries.length).toBe(steps + 1);
    expect(await page.evaluate(() => history.length)).toBeLessThan(4);
  });

  it('the engine of an object is chosen among those that are here; the others say why not; its choice is in the history', async () => {
    const { page } = at.desk;
    await page.getByTitle('The engine that follows this object').click();
    const select = page.getByLabel('Engine of object1');
    await expect.poll(() => select.locator('option[value=sam3]').isDisabled()).toBe(true);
    await page.getByText(/^Why not/).click();
    expect(await page.locator('.refusals').textContent()).toContain('cannot run them yet');
    await select.selectOption('embedded');
    await page.getByLabel('Quality').selectOption('fast');
    await expect
      .poll(async () => (await state()).objects[0]?.engine.own)
      .toEqual({ engine: 'embedded', profile: 'fast' });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('engine of object1: embedded, fast').waitFor();
    await select.selectOption('');
    await expect.poll(async () => (await state()).objects[0]?.engine.own).toBeUndefined();
  });

  it('a field for words is there only where the engine of the object takes them; a refusal tells what would do', async () => {
    const { page } = at.desk;
    expect(await page.getByLabel('Words for object1').count()).toBe(0);
    await page.locator('.stage').focus();
    await page.keyboard.press('?');
    await page.getByText(/^embedded takes no words.* It takes point, box, brush, mask\.$/).waitFor();
    await page.keyboard.press('Escape');
    // A state that says otherwise: the real engine then refuses what is sent.
    await page.route(/\/api\/projects\/[0-9a-f]{12}$/, async (route) => {
      const answer = await route.fetch();
      const told = (await answer.json()) as ProjectState;
      const objects = told.objects.map((o) => ({
        ...o,
        engine: { ...o.engine, accepts: [...o.engine.accepts, 'text'] },
      }));
      await route.fulfill({ json: { ...told, objects } });
    });
    await page.reload();
    await at.desk.shows(1001);
    await page.getByLabel('Words for object1').fill('the fox');
    await page.keyboard.press('Enter');
    await status(/does not understand text prompts/).waitFor();
    await page.unroute(/\/api\/projects\/[0-9a-f]{12}$/);
    await page.reload();
    await at.desk.shows(1001);
  });

  it('markers have names and colours, lie in the project, are undone, and are gone to by key', async () => {
    const { page } = at.desk;
    await page.locator('.stage').focus();
    await page.keyboard.press('ArrowRight');
    await at.desk.shows(1002);
    await page.keyboard.press('Shift+M');
    await page.getByLabel('Name of the marker').fill('hand crosses');
    await page.keyboard.press('Enter');
    await page.getByLabel('Another colour for the marker').click();
    const marker = { frame: 1002, name: 'hand crosses', colour: '#d64545' };
    await expect.poll(async () => (await state()).markers).toEqual([marker]);
    await page.locator('.stage').focus();
    await page.keyboard.press('End');
    await at.desk.shows(1076);
    await page.keyboard.press(',');
    await at.desk.shows(1002);
    await status('hand crosses').waitFor();
    await page.keyboard.press('Shift+M');
    await expect.poll(() => page.locator('.marker').count()).toBe(0);
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Marker hand crosses on 1002' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Marker hand crosses on 1002' }).waitFor();
  });

  it('two versions of a frame are compared by a line between them, moved by key, and side by side, where a click still says something about now', async () => {
    const { page } = at.desk;
    await page.keyboard.press('Home');
    await at.desk.shows(1001);
    await page.keyboard.press('v');
    const before = await at.desk.masks();
    const { x, y } = await Desk.fox();
    await at.desk.click(x, y);
    await at.desk.otherMasks(before);
    await page.keyboard.press('7');
    const line = page.getByRole('slider', { name: 'Line between the versions' });
    expect(await line.getAttribute('aria-valuenow')).toBe('50');
    await line.focus();
    await page.keyboard.press('ArrowRight');
    expect(await line.getAttribute('aria-valuenow')).toBe('52');
    expect(await page.locator('.compare-name').allTextContents()).toEqual(['kept version', 'now']);
    await page.locator('.stage').focus();
    await page.keyboard.press('8');
    expect(await line.count()).toBe(0);
    const canvas = await page.getByTestId('canvas').boundingBox();
    if (!canvas) throw new Error('there is no canvas');
    const scale = Math.min((canvas.width / 2 - 24) / 854, (canvas.height - 24) / 480);
    const left = canvas.x + 0.75 * canvas.width - (854 / 2) * scale;
    const top = canvas.y + (canvas.height - 480 * scale) / 2;
    const now = await at.desk.masks();
    await page.keyboard.down('Alt');
    await page.mouse.click(left + 700 * scale, top + 100 * scale);
    await page.keyboard.up('Alt');
    await at.desk.otherMasks(now);
    const said = (await state()).objects[0]?.prompts.at(-1)?.prompt;
    expect(said?.kind === 'point' && said.at.map(Math.round)).toEqual([
      expect.closeTo(700, -0.5),
      expect.closeTo(100, -0.5),
    ]);
    await page.keyboard.press('8');
    expect(await page.locator('.compare-line').count()).toBe(0);
  });

  it('everything is larger on a screen of 4K that nothing scales, or as the user says; at 1366x768 nothing scrolls', async () => {
    const { page } = at.desk;
    const height = () => page.locator('.topbar').evaluate((e) => e.getBoundingClientRect().height);
    const scrolls = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.topbar, .left, .viewer, .readout, .transport, .statusbar, html')]
          .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
          .map((e) => e.className || e.tagName),
      );
    await page.setViewportSize({ width: 1366, height: 768 });
    expect([await height(), await scrolls()]).toEqual([36, []]);
    await page.setViewportSize({ width: 3840, height: 2160 });
    expect(await height()).toBeGreaterThan(58);
    expect(await scrolls()).toEqual([]);
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.keyboard.press('Alt+=');
    await expect.poll(height).toBeCloseTo(39.6, 1);
    await page.reload();
    await expect.poll(height).toBeCloseTo(39.6, 1);
    await page.locator('.stage').focus();
    await page.keyboard.press('Alt+0');
    await expect.poll(height).toBe(36);
    expect(at.desk.errors.filter((e) => !/422/.test(e))).toEqual([]);
  });
});
