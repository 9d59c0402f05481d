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
import { scrub } from './moving.js';

const clip = process.argv[2] ?? (await openSample()).clip;
const folder = await mkdtemp(join(tmpdir(), 'rotokit-latency-'));
await copyFile(clip, join(folder, basename(clip)));
const open = join(folder, basename(clip));
const studio = await startStudio({ folders: [folder], open, config: join(folder, '.config') });
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
const [click, soon, again, step]: number[][] = [[], [], [], []];
await page.waitForTimeout(3000); // the engine warms up when a project opens
for (let n = 0; n < 16; n++) {
  // Half of the frames are looked at for a second before the click, as people do; half are clicked at once.
  const looked = n % 2 === 0;
  await page.waitForTimeout(looked ? 1000 : 0);
  const on = await timed(page, 'pointerup', () => page.mouse.click(middle[0] + 5 * n, middle[1]));
  (looked ? click : soon)?.push(on);
  await page.waitForTimeout(400);
  again?.push(await timed(page, 'pointerup', () => page.mouse.click(middle[0] - 40 + 5 * n, middle[1] + 40)));
  await page.waitForTimeout(400);
  for (let k = 0; k < 4; k++) {
    step?.push(await timed(page, 'keydown', () => page.keyboard.press('ArrowRight')));
    await page.waitForTimeout(60);
  }
}
line('click to mask, on a frame looked at for 1 s', click as number[]);
line('click to mask, at once after a step', soon as number[]);
line('click to mask, second on its frame', again as number[]);
line('step to the next frame', step as number[]);
const jump: number[] = [];
for (let n = 0; n < 10; n++) jump.push(await timed(page, 'keydown', () => page.keyboard.press(n % 2 ? 'Home' : 'End')));
line('jump between the ends of the clip', jump);

/** Moves the pointer once a drawing for a while: milliseconds from one drawing to the next, and from each move to the end of the drawing that shows it. */
async function paint(from: readonly [number, number], to: readonly [number, number], count: number) {
  await page.mouse.move(...from);
  await page.mouse.down();
  // As text: a function of its own inside would need the helpers of whoever compiled this file. A message that is posted while a drawing is
  // made arrives when the page is through with it.
  await page.evaluate(`
    window.painted = { drawn: [], took: [] };
    let moved;
    const through = new MessageChannel();
    through.port1.onmessage = () => {
      if (moved !== undefined) window.painted?.took.push(performance.now() - moved);
      moved = undefined;
    };
    window.addEventListener('pointermove', () => { moved ??= performance.now(); }, { capture: true });
    requestAnimationFrame(function tick(now) {
      if (!window.painted) return;
      window.painted.drawn.push(now);
      through.port2.postMessage(0);
      requestAnimationFrame(tick);
    });
  `);
  for (let n = 1; n <= count; n++)
    await page.mouse.move(from[0] + ((to[0] - from[0]) * n) / count, from[1] + ((to[1] - from[1]) * n) / count);
  const { drawn, took } = await page.evaluate(() => {
    const w = window as unknown as { painted: { drawn: number[]; took: number[] } | undefined };
    const kept = w.painted as { drawn: number[]; took: number[] };
    w.painted = undefined;
    return kept;
  });
  await page.mouse.up();
  return { between: drawn.slice(1).map((t, i) => t - (drawn[i] as number)), took };
}
await page.keyboard.press('d');
const stroke = await paint([middle[0] - 150, middle[1]], [middle[0] + 150, middle[1] + 60], 90);
line('painting, from one drawing to the next', stroke.between);
line('painting, from a move to its drawing', stroke.took);
await page.waitForTimeout(800);
await page.keyboard.press('c');

console.log(
  `scrubbing, frames shown a second: ${(await scrub(page)).toFixed(1)}, the second time ${(await scrub(page)).toFixed(1)}`,
);

await page.keyboard.press('Home');
await page.keyboard.press('l');
await page.waitForTimeout(5000);
console.log(`playing, frames shown a second: first time ${await page.locator('.speed').textContent()}`);
await page.waitForTimeout(5000);
console.log(`playing, frames shown a second: later ${await page.locator('.speed').textContent()}`);
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
