/** Playing and dragging the timeline in headless Chromium. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEEDS, startChromium } from './support/chromium.js';
import { Desk } from './support/desk.js';

describe.skipIf(NEEDS)(`pictures for playing${NEEDS}`, () => {
  let browser: Browser;
  let desk: Desk;
  beforeAll(async () => {
    browser = await startChromium();
    desk = await Desk.start(browser);
    await desk.open();
  });
  afterAll(async () => {
    await desk?.stop();
    await browser?.close();
  });

  it('are made while nobody needs the machine, and the timeline says so in words', async () => {
    const line = desk.page.getByRole('img', { name: 'All frames are ready for playing' });
    await line.waitFor({ timeout: 60_000 });
    expect(await line.locator('span').count()).toBe(1);
  });

  it('are shown one after the other while the timeline is dragged, and the exact frame when the hand lets go', async () => {
    const { page } = desk;
    const ruler = await page.locator('.ruler').boundingBox();
    if (!ruler) throw new Error('there is no ruler');
    await page.evaluate(`
      window.seen = new Set();
      const canvas = document.querySelector('canvas[data-testid=canvas]');
      canvas.addEventListener('shown', () => window.seen.add(canvas.dataset.frame));
    `);
    const asked: string[] = [];
    page.on('request', (r) => asked.push(new URL(r.url()).pathname));
    await page.mouse.move(ruler.x + 2, ruler.y + 12);
    await page.mouse.down();
    await page.mouse.move(ruler.x + ruler.width * 0.6, ruler.y + 12, { steps: 40 });
    await expect.poll(() => page.evaluate('window.seen.size') as Promise<number>).toBeGreaterThan(5);
    expect(asked.filter((path) => path.endsWith('/raw'))).toEqual([]);
    await page.mouse.up();
    const frame = 1001 + Math.floor(0.6 * 76);
    await desk.shows(frame);
    await expect.poll(() => asked.some((path) => path.endsWith(`/${frame}/raw`))).toBe(true);
    expect(desk.errors).toEqual([]);
  });
});
