/**
 * One candidate of the neural benchmark, in a process of its own: loads the graphs of a model over a weights file and then runs
 * the parts that it is told on its standard input, one name a line, answering one line of JSON each: milliseconds of processor and of the
 * clock, and the peak of the resident memory in MB.
 *
 * Arguments: MODEL WEIGHTS THREADS PREPACK(0|1) FRAMES, and where the option is timed: SIDE of the input in pixels, EIGHT-BIT(0|1)
 */
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Network, Tensors } from '@rotokit/core/ports';
import { anyWeights, GraphBuilder, headerLength, readHeader, toOnnx, weightsOf } from '@rotokit/graph';
import { fastGraph, type Part, randomTensor, tokensPerFrame } from '@rotokit/models';
import { openNodeInference } from '@rotokit/ort/node';
import { casesOf } from './cases.js';
import { CONFIGS } from './configs.js';
import { f32, given, i64 } from './networks.js';

const [model, weights, threads, prepack, frames, side, eight] = process.argv.slice(2) as string[];
const known = CONFIGS[model!]!;
const config = { ...known, imageSize: Number(side ?? known.imageSize) };
const started = performance.now();
const file = await open(weights!);
const bytes = (await file.stat()).size;
const prefix = new Uint8Array(8);
await file.read(prefix, 0, 8, 0);
const json = new Uint8Array(headerLength(prefix, bytes));
await file.read(json, 0, json.length, 8);
await file.close();
const header = readHeader(json, bytes);
const ort = await openNodeInference({ threads: Number(threads) });
const opened = performance.now();

const networks = new Map<Part, Network>();
const loads: Record<string, number> = {};
for (const part of ['encode', 'orient', 'attend', 'decode', 'memorise'] as const) {
  const at = performance.now();
  const graph = toOnnx(fastGraph(part, config, weightsOf(header), { eightBit: eight === '1' && part === 'encode' }), {
    tensors: header.tensors,
    location: 'model.safetensors',
  });
  const emitted = performance.now();
  networks.set(
    part,
    await ort.load(graph, [{ location: 'model.safetensors', path: weights! }], { prepack: prepack === '1' }),
  );
  loads[`${part}: emit`] = Math.round(emitted - at);
  loads[`${part}: load`] = Math.round(performance.now() - emitted);
}
const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  JSON.stringify({
    runtime: Math.round(opened - started),
    total: Math.round(performance.now() - started),
    loads,
    rss: megabytes(),
  }),
);

const n = Number(frames);
const pointers = Math.min(16, n + 9);
const inputs = new Map<string, Tensors>(
  casesOf(config).map((c) => [c.name === 'attend' ? 'orient' : c.name, c.inputs]),
);
inputs.set('attend', {
  oriented: given('features', (config.imageSize / 16) ** 2, config.hidden),
  memory: given('memory', n, tokensPerFrame(config), config.memory.channels),
  memory_times: i64(...Array.from({ length: n }, (_, i) => (i === 0 ? config.memory.slots - 1 : n - 1 - i))),
  pointers: given('pointers', pointers, config.hidden),
  pointer_times: f32(
    Float32Array.from({ length: pointers }, (_, i) => i / 15),
    [pointers],
  ),
});
const g = new GraphBuilder(anyWeights);
g.output('y', g.linear(g.input('x', [4096, 2048]), g.constant(randomTensor('w', [2048, 2048]), [2048, 2048])));
const gemm = await ort.load(toOnnx(g.build('gemm'), { tensors: new Map(), location: '' }), [], {
  prepack: prepack === '1',
});
const factors = { x: given('x', 4096, 2048) };
for await (const part of createInterface({ input: process.stdin })) {
  const name = part === 'decode' ? 'decode-mask' : part;
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await (part === 'gemm' ? gemm.run(factors) : networks.get(part as Part)!.run(inputs.get(name)!));
  const used = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({ cpu: (used.user + used.system) / 1000, wall: performance.now() - wall, rss: megabytes() }),
  );
}
await ort.close();
