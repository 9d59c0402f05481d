/**
 * What the page of a long clip holds: `npx tsx apps/studio/bench/memory.ts CLIP`. Plays, steps, clicks and paints, then tells the page's heap, the
 * memory of the browser's process of that page (pictures and textures included), and of the server's two processes.
 */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startStudio } from '@rotokit/server';
import { startChromium } from '../test/support/chromium.js';

const clip = process.argv[2];
if (!clip) throw new TypeError('name a clip');
const folder = await mkdtemp(join(tmpdir(), 'rotokit-memory-'));
await copyFile(clip, join(folder, basename(clip)));
const studio = await startStudio({ folders: [folder], open: join(folder, basename(clip)) });
const browser = await startChromium();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

/** Bytes of the processes whose command line says `word`, the largest one. */
function resident(word: string): number {
  const table = execFileSync('ps', ['-eo', 'rss=,args='], { encoding: 'utf8' }).split('\n');
  return 1024 * Math.max(0, ...table.filter((l) => l.includes(word)).map((l) => Number(l.trim().split(/\s+/)[0])));
}

async function tell(what: string): Promise<void> {
  const heap = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const process_ = resident('--type=renderer');
  const drawing = resident('--type=gpu-process');
  console.log(
    `${what.padEnd(10)} heap ${mb(heap)}, page's process ${mb(process_)}, drawing process ${mb(drawing)}, server ${mb(process.memoryUsage().rss)}, project ${mb(resident('host/main.js'))}`,
  );
}

await page.goto(studio.url);
await page.waitForSelector('canvas[data-frame]');
await tell('opened');
await page.keyboard.press('l');
await page.waitForTimeout(20_000);
await page.keyboard.press('k');
await tell('played');
for (let n = 0; n < 30; n++) {
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForTimeout(150);
}
await tell('stepped');
const box = await page.locator('canvas[data-testid=canvas]').boundingBox();
if (!box) throw new Error('there is no canvas');
const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
await page.mouse.click(...middle);
await page.waitForTimeout(4000);
await page.keyboard.press('d');
await page.mouse.move(...middle);
await page.mouse.down();
await page.mouse.move(middle[0] + 200, middle[1] + 50, { steps: 30 });
await page.mouse.up();
await page.waitForTimeout(4000);
await tell('painted');
await browser.close();
await studio.close();
await rm(folder, { recursive: true, force: true });
