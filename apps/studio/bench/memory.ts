/**
 * What the page of a long clip holds: `npx tsx apps/studio/bench/memory.ts CLIP [LIMIT]`, with `--memory-limit LIMIT` in MB. Plays, scrubs, steps, clicks and
 * paints, then tells the page's heap, and of each process the memory now and the most seen: the browser's of that page (pictures and textures included), the
 * one that draws, the server's, the project's, and the one that makes pictures for playing.
 */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { KillableStudio } from '../../server/test/support/killable.js';
import { startChromium } from '../test/support/chromium.js';
import { scrub } from './moving.js';

const clip = process.argv[2];
if (!clip) throw new TypeError('name a clip');
const folder = await mkdtemp(join(tmpdir(), 'rotokit-memory-'));
await copyFile(clip, join(folder, basename(clip)));
const limit = Number(process.argv[3] ?? 0) * 1e6;
const open = join(folder, basename(clip));
// In a process of its own, so that its memory is its own.
const studio = await KillableStudio.start(folder, { open, ...(limit ? { memoryLimit: limit } : {}) });
const browser = await startChromium();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

/** Processes of ours by what their command line says; others of the same kind on this machine do not count. */
const KINDS = {
  page: '--type=renderer',
  drawing: '--type=gpu-process',
  server: 'serve-once.mjs',
  project: 'host/main.js',
  maker: 'proxy-main.js',
} as const;

/** Bytes in memory of the largest process of each kind below this one. */
function resident(): Record<string, number> {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((l) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(l) ?? [])
    .map(([, pid, parent, rss, args]) => ({ pid: Number(pid), parent: Number(parent), rss: Number(rss), args }));
  const ours = new Set([process.pid]);
  for (let before = 0; before < ours.size; ) {
    before = ours.size;
    for (const r of rows) if (ours.has(r.parent)) ours.add(r.pid);
  }
  const largest = (word: string) =>
    1024 * Math.max(0, ...rows.filter((r) => ours.has(r.pid) && r.args?.includes(word)).map((r) => r.rss));
  return Object.fromEntries(Object.entries(KINDS).map(([kind, word]) => [kind, largest(word)]));
}

const most: Record<string, number> = {};
function look(): Record<string, number> {
  const now = resident();
  for (const [kind, bytes] of Object.entries(now)) most[kind] = Math.max(most[kind] ?? 0, bytes);
  return now;
}
setInterval(look, 250).unref();

async function tell(what: string): Promise<void> {
  const heap = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
  const parts = Object.entries(look()).map(([kind, bytes]) => `${kind} ${mb(bytes)} (${mb(most[kind] ?? 0)})`);
  console.log(`${what.padEnd(10)} MB now (most): heap ${mb(heap)}, ${parts.join(', ')}`);
}

await page.goto(studio.url);
await page.waitForSelector('canvas[data-frame]');
await tell('opened');
await page.keyboard.press('l');
await page.waitForTimeout(20_000);
await page.keyboard.press('k');
await tell('played');
await scrub(page);
await tell('scrubbed');
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
await studio.stop();
await rm(folder, { recursive: true, force: true });
