/**
 * Whether several pictures, or several objects, are quicker together: one by one, in batches, and side by side on a thread each.
 *
 *   npx tsx bench/neural-batches.ts [MODEL] [--parts product,encode,orient,attend,decode,memorise] [--batches 2,4] [--rounds 3] [--ways TEXT] [--prepack]
 *
 * `--ways`: only those that have TEXT in their name; times are then of the first one. `encode` takes pictures, the others objects with seven remembered frames. Random weights: the same work. All ways take turns. Milliseconds an
 * item: the quickest round by the clock, which other work on the machine disturbs least, and the median of the processor; operations a second
 * beside those of a plain matrix product.
 */
import { parseArgs } from 'node:util';
import type { Inference, Network, Tensor, Tensors } from '@rotokit/core/ports';
import { anyWeights, graphFlops, toOnnx, weightsOf } from '@rotokit/graph';
import { fastGraph } from '@rotokit/models';
import { openNodeInference } from '@rotokit/ort/node';
import { median } from '../packages/rotokit/src/bench/median.js';
import { gemmInputs, openGemm } from '../packages/rotokit/src/bench/neural/gemm.js';
import { partInputs, pointersBeside } from '../packages/rotokit/src/bench/neural/inputs.js';
import { gemmFlops } from '../packages/rotokit/src/bench/neural/wire.js';
import { CONFIGS } from '../tools/src/parity/configs.js';
import { randomFile } from '../tools/src/parity/networks.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    parts: { type: 'string', default: 'product,encode,orient,attend,decode,memorise' },
    batches: { type: 'string', default: '2,4' },
    rounds: { type: 'string', default: '3' },
    ways: { type: 'string', default: '' },
    prepack: { type: 'boolean', default: false },
  },
});
const [model = 'edgetam'] = positionals;
const config = CONFIGS[model]!;
const batches = values.batches.split(',').filter(Boolean).map(Number);
type Part = 'encode' | 'orient' | 'attend' | 'decode' | 'memorise';
/** What differs from item to item; everything else is shared by a batch. */
const OWN: Readonly<Record<Part, readonly string[] | undefined>> = {
  encode: ['image'],
  attend: ['memory', 'memory_times', 'pointers', 'pointer_times'],
  memorise: ['mask', 'object_score'],
  decode: undefined, // Takes one object.
  orient: undefined, // Takes one picture.
};
const FRAMES = 7;
const file = await randomFile(config);
const inputs = partInputs(config, FRAMES);

function several({ type, shape, data }: Tensor, n: number): Tensor {
  const all = new (data.constructor as new (length: number) => Float32Array)(n * data.length);
  for (let i = 0; i < n; i++) all.set(data as Float32Array, i * data.length);
  return { type, shape: [n * shape[0]!, ...shape.slice(1)], data: all } as Tensor;
}

/** One way of working on items: how it is called, how many it does at once, and doing it. */
interface Way {
  readonly name: string;
  readonly items: number;
  run(): Promise<unknown>;
}

async function waysOf(part: Part, ones: readonly Inference[], two: Inference): Promise<[Way[], Network[]]> {
  const open = (ort: Inference, batch: number) => {
    const graph = fastGraph(part, config, weightsOf(file.header), { batch });
    const onnx = toOnnx(graph, { tensors: file.header.tensors, location: 'w' });
    return ort.load(onnx, [{ location: 'w', path: file.path }], { prepack: values.prepack });
  };
  const given = (batch: number): Tensors => {
    const own = OWN[part] ?? [];
    const entries = Object.entries(inputs[part]).map(([name, t]) => [name, own.includes(name) ? several(t, batch) : t]);
    return Object.fromEntries(entries);
  };
  const opened: Network[] = [];
  const keep = async (ort: Inference, batch: number) => {
    const network = await open(ort, batch);
    opened.push(network);
    return network;
  };
  const ways: Way[] = [];
  for (const batch of [1, ...(OWN[part] ? batches : [])])
    for (const [threads, ort] of [ones[0]!, two].entries()) {
      const [network, all] = [await keep(ort, batch), given(batch)];
      const name = `${batch === 1 ? 'one by one' : `batches of ${batch}`}, ${threads + 1} thread${threads ? 's' : ''}`;
      ways.push({ name, items: batch, run: () => network.run(all) });
    }
  const beside = [opened[0]!, await keep(ones[1]!, 1)];
  const all = given(1);
  ways.push({ name: '2 side by side, 1 thread each', items: 2, run: () => Promise.all(beside.map((n) => n.run(all))) });
  return [ways, opened];
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

const wanted = (ways: readonly Way[]) => ways.filter((w) => w.name.includes(values.ways));

async function costs(ways: readonly Way[]): Promise<Cost[]> {
  const taken = ways.map((): Cost[] => []);
  for (let round = 0; round <= Number(values.rounds); round++)
    for (const [i, { items, run }] of ways.entries()) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) taken[i]!.push({ wall: (performance.now() - start) / items, cpu: (user + system) / 1000 / items });
    }
  return taken.map((all) => ({ wall: Math.min(...all.map((c) => c.wall)), cpu: median(all.map((c) => c.cpu)) }));
}

/** What all others are compared with. */
const BASE = 'one by one, 2 threads';

const cell = (x: number, digits = 0) => x.toFixed(digits).padStart(9);
function print(title: string, ways: readonly Way[], all: readonly Cost[], flop: number): void {
  const { wall: base } = all[
    Math.max(
      0,
      ways.findIndex((w) => w.name === BASE),
    )
  ] as Cost;
  console.log(`\n${title.padEnd(32)}  wall ms   cpu ms  GFLOP/s    times`);
  for (const [i, { wall, cpu }] of all.entries())
    console.log(
      `${ways[i]!.name.padEnd(32)}${cell(wall)}${cell(cpu)}${cell(flop / wall / 1e6)}${cell(base / wall, 2)}`,
    );
}

const ones = [await openNodeInference({ threads: 1 }), await openNodeInference({ threads: 1 })];
const two = await openNodeInference({ threads: 2 });
console.log(
  `${model}, ${config.imageSize} pixels, best of ${values.rounds} by the clock; times: as fast as one by one with 2 threads`,
);
const symbols = {
  frames: FRAMES,
  pointers: pointersBeside(FRAMES),
  points: 1,
  height: config.imageSize / 4,
  width: config.imageSize / 4,
};

/** What the processor can do at most. */
async function timeProduct(): Promise<void> {
  const products = await Promise.all([ones[0]!, two, ones[1]!].map((ort) => openGemm(ort, values.prepack)));
  const x = gemmInputs();
  const gemm: Way[] = [
    { name: 'one by one, 1 thread', items: 1, run: () => products[0]!.run(x) },
    { name: 'one by one, 2 threads', items: 1, run: () => products[1]!.run(x) },
    {
      name: '2 side by side, 1 thread each',
      items: 2,
      run: () => Promise.all([products[0]!, products[2]!].map((n) => n.run(x))),
    },
  ];
  print('plain matrix product', wanted(gemm), await costs(wanted(gemm)), gemmFlops());
  await Promise.all(products.map((n) => n.close()));
}

for (const part of values.parts.split(',') as (Part | 'product')[]) {
  if (part === 'product') {
    await timeProduct();
    continue;
  }
  const [all, opened] = await waysOf(part, ones, two);
  const ways = wanted(all);
  print(part, ways, await costs(ways), graphFlops(fastGraph(part, config, anyWeights), symbols));
  for (const network of opened) await network.close();
}
for (const ort of [...ones, two]) await ort.close();
await file.remove();
