/**
 * How long a hand waits in the studio, in headless Chromium with WebGL drawn by the processor: `npx tsx apps/studio/bench/latency.ts [CLIP]`.
 * Times are taken in the page, from the event of the pointer or key to the drawing that shows its result. Medians; the worst in brackets.
 */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startStudio } from '@rotokit/server';
import type { Page } from 'playwright-core';
import { openSample } from 'rotokit/sample';
import { startChromium } from '../test/support/chromium.js';

const clip = process.argv[2] ?? (await openSample()).clip;
const folder = await mkdtemp(join(tmpdir(), 'rotokit-latency-'));
await copyFile(clip, join(folder, basename(clip)));
const studio = await startStudio({ folders: [folder], open: join(folder, basename(clip)) });
const browser = await startChromium();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

const median = (of: readonly number[]) => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] as number;
const line = (what: string, of: readonly number[]) =>
  console.log(`${what.padEnd(44)} ${median(of).toFixed(0)} ms (${Math.max(...of).toFixed(0)}), ${of.length} times`);

/** From an event to the next drawing that shows something else. */
async function timed(page: Page, event: 'pointerup' | 'keydown', act: () => Promise<unknown>): Promise<number> {
  await page.evaluate((name) => {
    const canvas = document.querySelector('canvas[data-testid=canvas]') as HTMLCanvasElement;
    const w = window as unknown as { took: Promise<number> };
    w.took = new Promise((resolve) => {
      let began = 0;
      window.addEventListener(name, (e) => (began = e.timeStamp), { capture: true, once: true });
      canvas.addEventListener('shown', () => requestAnimationFrame(() => resolve(performance.now() - began)), {
        once: true,
      });
    });
  }, event);
  await act();
  return page.evaluate(() => (window as unknown as { took: Promise<number> }).took);
}

const first: number[] = [];
for (let n = 0; n < 5; n++) {
  await page.goto('about:blank');
  await page.goto(studio.url);
  await page.waitForSelector('canvas[data-frame="1001"]');
  first.push(await page.evaluate(() => performance.now()));
}
line('first frame on screen, from the request', first);

const box = await page.locator('canvas[data-testid=canvas]').boundingBox();
if (!box) throw new Error('there is no canvas');
const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
const [click, again, step]: number[][] = [[], [], []];
await page.waitForTimeout(3000); // the engine warms up when a project opens
for (let n = 0; n < 12; n++) {
  const on = await timed(page, 'pointerup', () => page.mouse.click(middle[0] + 5 * n, middle[1]));
  click?.push(on);
  await page.waitForTimeout(400);
  again?.push(await timed(page, 'pointerup', () => page.mouse.click(middle[0] - 40 + 5 * n, middle[1] + 40)));
  await page.waitForTimeout(400);
  for (let k = 0; k < 5; k++) {
    step?.push(await timed(page, 'keydown', () => page.keyboard.press('ArrowRight')));
    await page.waitForTimeout(150);
  }
}
line('click to mask, first on its frame', click as number[]);
line('click to mask, second on its frame', again as number[]);
line('step to the next frame', step as number[]);
const jump: number[] = [];
for (let n = 0; n < 10; n++) jump.push(await timed(page, 'keydown', () => page.keyboard.press(n % 2 ? 'Home' : 'End')));
line('jump between the ends of the clip', jump);

await page.keyboard.press('Home');
await page.keyboard.press('l');
await page.waitForTimeout(9000);
console.log(`playing, frames shown a second: ${await page.locator('.speed').textContent()}`);
await page.keyboard.press('k');
const script = await readFile(new URL('../dist/page/studio.js', import.meta.url));
console.log(
  `script ${(gzipSync(script, { level: 9 }).length / 1000).toFixed(0)} kB compressed, ${(script.length / 1000).toFixed(0)} kB plain`,
);
const heap = await page.evaluate(
  () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
);
console.log(`heap of the page ${(heap / 1e6).toFixed(0)} MB`);
await browser.close();
await studio.close();
await rm(folder, { recursive: true, force: true });
