/**
 * How many frames a second the studio shows while it plays and while its timeline is dragged, before and after the pictures for that are on disk, and how long
 * they take to be made: `npx tsx apps/studio/bench/playing.ts CLIP`. Headless Chromium with WebGL drawn by the processor.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startStudio } from '@rotokit/server';
import { startChromium } from '../test/support/chromium.js';
import { play, scrub } from './moving.js';

const clip = process.argv[2];
if (!clip) throw new TypeError('name a clip');
const folder = await mkdtemp(join(tmpdir(), 'rotokit-playing-'));
await copyFile(clip, join(folder, basename(clip)));
const open = join(folder, basename(clip));
const studio = await startStudio({ folders: [folder], open, config: join(folder, '.config') });
const browser = await startChromium();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

/** A page that has nothing yet. */
async function begin(): Promise<void> {
  await page.goto('about:blank');
  await page.goto(studio.url);
  await page.waitForSelector('canvas[data-frame]');
}
/** Shares of the clip that are ready, as the line of the timeline says. */
const ready = (): Promise<string> => page.locator('.ready').first().getAttribute('aria-label').then(String);

await begin();
console.log(`nothing on disk: scrubbing ${(await scrub(page)).toFixed(1)} frames shown a second`);
await page.keyboard.press('Home');
console.log(`nothing on disk: playing ${await play(page, 'l', 5000)}; then ${await ready()}`);
await page.keyboard.press('Home');
const count = async () => Number(/^\d+/.exec(await ready())?.[0] ?? Number.NaN);
const [from, began] = [await count(), performance.now()];
await page.waitForFunction(() => /^All|no more/.test(document.querySelector('.ready')?.ariaLabel ?? ''), undefined, {
  timeout: 600_000,
  polling: 200,
});
const took = performance.now() - began;
const frames = Number(await page.locator('.ruler').getAttribute('aria-valuemax')) - 1000;
console.log(
  `${await ready()}; ${frames - from} frames made in ${(took / 1000).toFixed(1)} s while nobody did anything`,
);
await begin();
await page.waitForTimeout(1000);
console.log(`on disk: scrubbing ${(await scrub(page)).toFixed(1)}, again ${(await scrub(page)).toFixed(1)}`);
await begin();
await page.keyboard.press('Home');
console.log(`on disk: playing ${await play(page, 'l', 5000)}`);
await page.keyboard.press('End');
console.log(`on disk: playing back ${await play(page, 'j', 5000)}`);
await browser.close();
await studio.close();
await rm(folder, { recursive: true, force: true });
