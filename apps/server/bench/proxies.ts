/**
 * What pictures for playing cost: `npx tsx apps/server/bench/proxies.ts CLIP [FRAMES]`. Processor time of all threads and time by the clock per frame, in order
 * from the first, one decoder thread: as the studio makes and keeps them, made only, and by way of the exact picture.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameIndex } from '@rotokit/core/values';
import { encodeJpeg, openClip, type ProxySource } from '@rotokit/media';
import { PROXY, ProxyMaker } from '../src/pictures/proxy-maker.js';
import { clipShelf } from '../src/pictures/proxy-shelf.js';

const [clip, wanted = '100'] = process.argv.slice(2);
if (!clip) throw new TypeError('name a clip');
const folder = await mkdtemp(join(tmpdir(), 'rotokit-proxies-'));
const cpu = () => Object.values(process.cpuUsage()).reduce((a, b) => a + b) / 1000;

async function tell(what: string, work: (source: ProxySource, frames: number) => Promise<number>): Promise<void> {
  const source = await openClip(clip as string, { threads: 1, ringBytes: 1, ahead: 0 });
  const frames = Math.min(Number(wanted), source.info.frames);
  const [began, busy] = [performance.now(), cpu()];
  const bytes = await work(source, frames);
  const per = (ms: number) => (ms / frames).toFixed(1);
  const size = bytes ? `, ${(bytes / frames / 1000).toFixed(0)} kB each` : '';
  console.log(
    `${what.padEnd(34)} ${per(cpu() - busy)} ms of processor, ${per(performance.now() - began)} by the clock${size}`,
  );
  await source.close();
}

await tell('made and kept on disk', async (source, frames) => {
  const few = { ...source, info: { ...source.info, frames }, jpeg: source.jpeg.bind(source) };
  let bytes = 0;
  const shelf = clipShelf(folder, 1e10);
  const made = (_: number, length: number) => {
    bytes += length;
  };
  await (await ProxyMaker.over({ source: few, shelf, made, full: async () => undefined })).run();
  return bytes;
});
await tell('made', async (source, frames) => {
  for (let i = 0; i < frames; i++) await source.jpeg(i as FrameIndex, PROXY);
  return 0;
});
await tell('by way of the exact picture', async (source, frames) => {
  const { width, height } = source.info.size;
  const lines = Math.min(PROXY.lines, height);
  const size = { width: Math.round((width * lines) / height), height: lines };
  for (let i = 0; i < frames; i++)
    await encodeJpeg((await source.read(i as FrameIndex)).picture, { size, quantiser: PROXY.quantiser });
  return 0;
});
await tell('the exact picture alone', async (source, frames) => {
  for (let i = 0; i < frames; i++) await source.read(i as FrameIndex);
  return 0;
});
await rm(folder, { recursive: true, force: true });
