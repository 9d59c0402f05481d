import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { SoftMask } from '@rotokit/core/values';
import { beforeAll, expect, it } from 'vitest';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { openRoto } from '../src/index.js';
import { hubOf } from '../src/models/home.js';
import { miniature } from './support/miniature.js';
import { discCentre, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const FRAMES = 6;
const folder = temporaryFolder();
let clip: string;
/** Runs of graphs so far, and what happens to the runtime's thread right before one of them, while it waits. */
let runs = 0;
const fate = new Map<number, (thread: Worker) => void>();
process.on('worker', (thread: Worker) => {
  const { postMessage } = thread;
  thread.postMessage = (message, transfer) => {
    // Only the runtime's own thread is given this.
    if ((message as { task?: { kind: string } } | null)?.task?.kind === 'run') fate.get(++runs)?.(thread);
    postMessage.call(thread, message, transfer as []);
  };
});

beforeAll(async () => {
  const stick = join(folder, 'stick');
  await mkdir(stick);
  await writeFile(join(stick, 'edgetam.safetensors'), miniature({ ...CONFIGS['mini-edgetam']!, imageSize: 128 }));
  process.env.ROTOKIT_MODELS = join(folder, 'models');
  for await (const _ of hubOf(process.env).pull('edgetam', { from: stick }));
  clip = await writeTinyClip(folder, FRAMES);
});

/** Tracks the disc. Every mask as numbers, what was told, and how many runs of graphs it took up to the walk and in all. */
async function tracked(name: string) {
  runs = 0;
  const told: string[] = [];
  const options = {
    engine: 'edgetam',
    project: join(folder, `${name}.roto`),
    notice: (m: string) => void told.push(m),
  };
  await using roto = await openRoto(clip, options);
  const hero = roto.object('hero');
  await hero.click({ frame: 1001, ...discCentre(0) });
  const before = runs;
  let done = 0;
  for await (const _ of roto.track()) done++;
  const masks: Buffer[] = [];
  for (let t = 0; t < FRAMES; t++) {
    const { window, values } = (await hero.maskOn(1001 + t)) as SoftMask;
    masks.push(
      Buffer.concat([Buffer.from(JSON.stringify(window)), Buffer.from(new Uint8Array(values.slice().buffer))]),
    );
  }
  return { masks, told, done, before, runs };
}

it('tracking goes on when the thread of a model is killed; the masks are the same to the byte, and the user is told once', async () => {
  const calm = await tracked('calm');
  expect(calm).toMatchObject({ done: FRAMES - 1, told: [] });
  const within = (share: number) => calm.before + Math.round(share * (calm.runs - calm.before));
  fate.set(within(0.3), (thread) => void thread.terminate());
  fate.set(within(0.7), (thread) => thread.postMessage(null)); // which it cannot read: it throws
  const disturbed = await tracked('disturbed');
  expect(disturbed.done).toBe(FRAMES - 1);
  expect(disturbed.masks.map((m, t) => m.equals(calm.masks[t]!))).toEqual(calm.masks.map(() => true));
  expect(disturbed.told).toEqual([expect.stringMatching(/the thread of edgetam ended while .* it was started again/)]);
});
