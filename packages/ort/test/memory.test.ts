import { existsSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stackGraph } from '@rotokit/core/contracts/onnx-samples';
import type { Inference, Network } from '@rotokit/core/ports';
import { openNodeInference } from '@rotokit/ort/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './support/files.js';

const STATUS = '/proc/self/status';
const MB = 1024 * 1024;
const [LAYERS, WIDTH] = [16, 1024];
const LOCATION = 'weights.bin';

/** Memory that this process has for itself, in MB: pages of a mapped file do not count. */
const ownMemory = () => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(STATUS, 'utf8'))![1]) / 1024;

const title = `memory of ONNX Runtime in Node${existsSync(STATUS) ? '' : ' [needs /proc]'}`;

describe.skipIf(!existsSync(STATUS))(title, () => {
  const shared: { inference?: Inference; path?: string } = {};
  beforeAll(async () => {
    const path = join(await scratchFolder(), LOCATION);
    const layer = new Float32Array(WIDTH * WIDTH);
    for (let i = 0; i < LAYERS; i++) {
      for (let j = 0; j < layer.length; j++) layer[j] = 1 / WIDTH + (((i * layer.length + j) % 9973) - 4986) * 1e-9;
      await appendFile(path, layer);
    }
    shared.path = path;
    shared.inference = await openNodeInference({ threads: 1 });
    await runOnce(await load(false, 1));
  });
  afterAll(() => shared.inference?.close());

  const load = (prepack: boolean, layers = LAYERS) =>
    shared.inference!.load(stackGraph(LOCATION, layers, WIDTH), [{ location: LOCATION, path: shared.path! }], {
      prepack,
    });

  const runOnce = async (network: Network) => {
    const { y } = await network.run({
      x: { type: 'float32', shape: [1, WIDTH], data: new Float32Array(WIDTH).fill(1) },
    });
    expect((y!.data as Float32Array)[0]).toBeCloseTo(1, 0);
    await network.close();
  };

  const grown = async (prepack: boolean) => {
    const before = ownMemory();
    const network = await load(prepack);
    const growth = ownMemory() - before;
    await runOnce(network);
    return growth;
  };

  it('holds no second copy of the weights, unless they are pre-packed', async () => {
    const weights = (LAYERS * WIDTH * WIDTH * 4) / MB;
    expect(await grown(false)).toBeLessThan(weights / 4);
    expect(await grown(true)).toBeGreaterThan(weights * 0.75);
  });

  it('gives back what a closed network held', async () => {
    await grown(true);
    const before = ownMemory();
    for (let i = 0; i < 12; i++) await grown(true);
    expect(ownMemory() - before).toBeLessThan((LAYERS * WIDTH * WIDTH * 4) / MB);
  });

  it('does not grow from run to run', async () => {
    const network = await load(false, 2);
    const x = { type: 'float32', shape: [500, WIDTH], data: new Float32Array(500 * WIDTH) } as const;
    for (let i = 0; i < 10; i++) await network.run({ x });
    const before = ownMemory();
    for (let i = 0; i < 100; i++) await network.run({ x });
    // Each run hands over 2 MB of results; 100 kept ones would be 200 MB.
    expect(ownMemory() - before).toBeLessThan(100);
    await network.close();
  });
});
