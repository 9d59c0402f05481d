/**
 * What core/resources gains and costs: a frame's features computed and found again, batches of several sizes, precisions of memory entries, the disk
 * tier, pictures prepared ahead.
 *
 *   npx tsx bench/resources.ts [CLIP] [--model sam2.1-hiera-tiny] [--threads 2]
 *
 * The model has random weights: the same work, other pictures. Times are of the clock, the median of the rounds named.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FeatureCache, inBatches, PRECISIONS, tensorCodec, timed } from '@rotokit/core/resources';
import { frameIndex, frameRange, objectId, sourcePoint } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import { neuralEngine } from '@rotokit/neural';
import { openNodeInference } from '@rotokit/ort/node';
import { DiskTier, processBudget } from 'rotokit/resources';
import { stackGraph } from '../packages/core/contracts/onnx-samples.js';
import { checkScene } from '../packages/rotokit/src/models/check-scene.js';
import { CONFIGS } from '../tools/src/parity/configs.js';
import { randomFile } from '../tools/src/parity/networks.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string', default: 'sam2.1-hiera-tiny' }, threads: { type: 'string', default: '2' } },
});
const threads = Number(values.threads);
const clock = () => performance.now();
const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1] as number;
const ms = (v: number) => `${v < 10 ? v.toFixed(2) : v.toFixed(0)} ms`;
const folder = await mkdtemp(join(tmpdir(), 'rotokit-bench-'));

async function clicks(): Promise<void> {
  const config = CONFIGS[values.model]!;
  const file = await randomFile(config);
  const cache = new FeatureCache({ bytes: 256e6 });
  const { source, centre } = checkScene();
  const weights = { header: file.header, file: { path: file.path }, digest: 'random' };
  const inference = () => openNodeInference({ threads });
  const session = await neuralEngine({ name: values.model, config, weights, inference, cache }).open(source);
  const click = async (frame: number, dx: number) => {
    const { x, y } = centre(frame);
    const prompts = [{ kind: 'point', at: sourcePoint(x + dx, y), positive: true } as const];
    return (await timed(clock, () => session.segment(frameIndex(frame), [{ object: objectId('ball'), prompts }]))).ms;
  };
  await click(0, 0);
  const [first, again]: [number[], number[]] = [[], []];
  for (const frame of [1, 2, 3, 4, 5]) {
    first.push(await click(frame, 0));
    for (const dx of [5, -5]) again.push(await click(frame, dx));
  }
  const { bytes, hitRate } = cache.statistics;
  const ratio = (median(first) / median(again)).toFixed(1);
  console.log(`click on a new frame ${ms(median(first))}, on a known one ${ms(median(again))}: ${ratio} times as fast`);
  console.log(`  ${(bytes / 6e6).toFixed(1)} MB a frame, ${(100 * hitRate).toFixed(0)} % of questions from the cache`);
  await session.close();
  await file.remove();
}

/** Eight layers of 1,024 x 1,024: the shape of a decoder's work, many weights for few numbers. */
async function batches(): Promise<void> {
  const inference = await openNodeInference({ threads });
  const bytes = new Uint8Array(new Float32Array(8 * 1024 * 1024).fill(0.001).buffer);
  const network = await inference.load(stackGraph('w', 8, 1024), [{ location: 'w', bytes }]);
  const items = Array.from({ length: 512 }, () => new Float32Array(1024).fill(0.5));
  const run = async (batch: readonly Float32Array[]) => {
    const data = new Float32Array(batch.length * 1024);
    for (const [n, item] of batch.entries()) data.set(item, n * 1024);
    const { y } = await network.run({ x: { type: 'float32', shape: [batch.length, 1024], data } });
    return batch.map((_, n) => (y!.data as Float32Array).subarray(n * 1024, n * 1024 + 1024));
  };
  const pace = async (most: number, size: 'memory' | 'pace') => {
    const sizes: number[] = [];
    const options = { bytesPerItem: 8192, most, size, budget: processBudget(), now: clock } as const;
    const onProgress = (_: unknown, n: number) => void sizes.push(n);
    const { ms: all } = await timed(clock, async () => {
      for await (const _ of inBatches(items, run, { ...options, onProgress }));
    });
    return { perSecond: (1000 * items.length) / all, sizes: [...new Set(sizes)] };
  };
  await pace(16, 'memory');
  for (const most of [1, 4, 16, 64]) {
    const rounds = [await pace(most, 'memory'), await pace(most, 'memory'), await pace(most, 'memory')];
    console.log(`batches of ${most}: ${median(rounds.map((r) => r.perSecond)).toFixed(0)} items/s`);
  }
  const found = await pace(64, 'pace');
  console.log(`sizes by pace, tried ${found.sizes.join(', ')}: ${found.perSecond.toFixed(0)} items/s`);
  await inference.close();
}

async function precisions(): Promise<void> {
  const data = Float32Array.from({ length: 64 * 4096 }, (_, i) => Math.sin(i) * 3);
  const tensors = { memory: { type: 'float32', shape: [4096, 64], data } as const };
  for (const precision of PRECISIONS) {
    const { encode, decode } = tensorCodec(precision);
    const [there, back]: [number[], number[]] = [[], []];
    let bytes = encode(tensors);
    for (let n = 0; n < 15; n++) {
      const packed = await timed(clock, () => encode(tensors));
      bytes = packed.value;
      there.push(packed.ms);
      back.push((await timed(clock, () => decode(bytes))).ms);
    }
    const found = (decode(bytes).memory as typeof tensors.memory).data;
    const error = data.reduce((most, v, i) => Math.max(most, Math.abs(v - found[i]!)), 0);
    console.log(
      `${precision}: ${(bytes.length / 1e6).toFixed(2)} MB, in ${ms(median(there))}, out ${ms(median(back))}, error ${error.toPrecision(2)}`,
    );
  }
}

async function disk(): Promise<void> {
  const tier = new DiskTier(join(folder, 'tier'), { bytes: 1e9 });
  const entry = new Uint8Array(16e6).fill(3);
  const [put, got]: [number[], number[]] = [[], []];
  for (let n = 0; n < 9; n++) put.push((await timed(clock, () => tier.put(`${n}`, entry))).ms);
  for (let n = 0; n < 9; n++) got.push((await timed(clock, () => tier.get(`${n}`))).ms);
  console.log(`disk tier, 16 MB: written and sealed in ${ms(median(put))}, read and verified in ${ms(median(got))}`);
}

/** Frames of a clip with as much work on each as decoding takes. */
async function ahead(path: string): Promise<void> {
  const walk = async (ahead: number, work: number) => {
    const clip = await openClip(path, { ahead, ringBytes: 0 });
    const frames = Math.min(48, clip.info.frames);
    const { ms: all } = await timed(clock, async () => {
      for await (const _ of clip.frames(frameRange(0, frames))) {
        for (const until = clock() + work; clock() < until; );
        await new Promise((done) => setImmediate(done));
      }
    });
    await clip.close();
    return all / frames;
  };
  await walk(2, 0);
  const alone = median([await walk(0, 0), await walk(0, 0), await walk(0, 0)]);
  for (const n of [0, 1, 2, 4])
    console.log(
      `${n} ahead: ${ms(median([await walk(n, alone), await walk(n, alone), await walk(n, alone)]))} a frame (decoding ${ms(alone)}, work ${ms(alone)})`,
    );
}

try {
  if (positionals[0]) await ahead(positionals[0]);
  await precisions();
  await disk();
  await batches();
  await clicks();
} finally {
  await rm(folder, { recursive: true });
}
