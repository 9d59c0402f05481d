import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureCache, inBatches } from '@rotokit/core/resources';
import { frameIndex, frameNumber, frameRate, reasonOf, SRGB } from '@rotokit/core/values';
import { DiskTier } from '../resources/disk-tier.js';
import { processBudget } from '../resources/memory-probe.js';
import { type Check, type Finding, fail, pass, REINSTALL, warn } from './finding.js';

/** Has work done in a folder of its own that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'rotokit-doctor-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Our packages, loaded one by one: a native part that does not load is one failed line and not the end of the doctor. */
const PARTS = ['formats', 'media', 'store', 'embedded', 'hub', 'graph', 'models', 'neural', 'ort/node'] as const;

async function imports(): Promise<Finding> {
  const broken: string[] = [];
  for (const part of PARTS) {
    const name = `@rotokit/${part}`;
    await import(name).catch((error: unknown) => broken.push(`${name}: ${reasonOf(error)}`));
  }
  return broken.length
    ? fail(broken.join('; '), REINSTALL)
    : pass(`all ${PARTS.length} packages load, native parts included`);
}

async function encoders(): Promise<Finding> {
  const { createH264Preview, createProRes4444, createVp9Alpha, missingEncoders, openClip } = await import(
    '@rotokit/media'
  );
  const missing = missingEncoders();
  if (missing.length)
    return warn(`no encoder ${missing.join(', ')}`, 'Deliver EXR or PNG instead, or reinstall with `npm ci`.');
  const picture = {
    width: 64,
    height: 48,
    channels: 4,
    samples: new Uint8Array(64 * 48 * 4).fill(128),
    colour: SRGB,
  } as const;
  await inFolder(async (folder) => {
    const shape = { size: picture, rate: frameRate(24) };
    for (const [name, create] of [
      ['a.mov', createProRes4444],
      ['a.webm', createVp9Alpha],
      ['a.mp4', createH264Preview],
    ] as const) {
      const sink = await create(join(folder, name), shape);
      await sink.write(frameNumber(1), picture);
      await sink.write(frameNumber(2), picture);
      await sink.close();
      const clip = await openClip(join(folder, name));
      await clip.read(frameIndex(1)).finally(() => clip.close());
    }
  });
  return pass('ProRes 4444, VP9 with alpha and H.264: two frames written and read back');
}

async function cache(): Promise<Finding> {
  return inFolder(async (folder) => {
    const codec = { encode: (s: string) => Buffer.from(s), decode: (b: Uint8Array) => Buffer.from(b).toString() };
    const disk = { store: new DiskTier(folder, { bytes: 1e6 }), codec };
    let computed = 0;
    const ask = async (times: number) => {
      await using features = new FeatureCache<string>({ bytes: 1e6, disk });
      for (let n = 0; n < times; n++) await features.getOrCompute('x', 1, () => `${++computed}`);
      return features.statistics;
    };
    const [first, second] = [await ask(3), await ask(1)];
    const works = computed === 1 && first.hits === 2 && second.diskHits === 1;
    const what = `a value asked for four times was computed ${computed === 1 ? 'once' : `${computed} times`}, the last time read from disk and verified`;
    return works ? pass(what) : fail(what, `Look whether ${tmpdir()} can be written.`);
  });
}

async function batches(): Promise<Finding> {
  const items = Array.from({ length: 20 }, (_, n) => n);
  const sizes: number[] = [];
  const run = async (batch: readonly number[]) => {
    sizes.push(batch.length);
    return batch;
  };
  const options = {
    bytesPerItem: 1e6,
    most: 8,
    size: 'memory',
    budget: processBudget(),
    now: () => performance.now(),
  } as const;
  const results: number[] = [];
  for await (const n of inBatches(items, run, options)) results.push(n);
  const what = `20 items in batches of ${sizes.join(', ')}, in order`;
  return results.every((n, i) => n === i) && results.length === 20 ? pass(what) : fail(what, REINSTALL);
}

/** Packages and what they do for everything else. */
export const PART_CHECKS: readonly Check[] = [
  { name: 'imports', run: imports },
  { name: 'encoders', run: encoders },
  { name: 'cache', run: cache },
  { name: 'batches', run: batches },
];
