/** Our graphs as a candidate of the neural benchmark, in a process of its own. One argument: the `Setup` as JSON. Speaks the lines of wire.ts. */
import { createInterface } from 'node:readline';
import type { Inference, Network } from '@rotokit/core/ports';
import { toOnnx, type WeightsHeader, weightsOf } from '@rotokit/graph';
import { fastGraph, type Part } from '@rotokit/models';
import { openNodeInference } from '@rotokit/ort/node';
import { readWeightsHeader } from '../../engines/weights.js';
import { gemmInputs, openGemm } from './gemm.js';
import { partInputs } from './inputs.js';
import { TrackedFrames } from './tracked.js';
import { timedModel } from './weights.js';
import { type Cost, FRAME_PARTS, type Question, type Setup } from './wire.js';

const setup = JSON.parse(process.argv[2]!) as Setup;
const config = { ...timedModel(setup.model), imageSize: setup.side };
const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function openAll(ort: Inference, header: WeightsHeader) {
  const location = 'model.safetensors';
  const load = async (part: (typeof FRAME_PARTS)[number]) => {
    const graph = fastGraph(part, config, weightsOf(header), { eightBit: setup.eightBit && part === 'encode' });
    const onnx = toOnnx(graph, { tensors: header.tensors, location });
    return [part, await ort.load(onnx, [{ location, path: setup.weights }], { prepack: setup.prepack })] as const;
  };
  return Object.fromEntries(await Promise.all(FRAME_PARTS.map(load))) as Record<Exclude<Part, 'mask'>, Network>;
}

const started = performance.now();
const ort = await openNodeInference({ threads: setup.threads });
const running = performance.now();
const networks = await openAll(ort, await readWeightsHeader(setup.weights));
say({ runtime: running - started, opening: performance.now() - running, rss: megabytes() });

const inputs = partInputs(config, setup.frames);
const tracked = new TrackedFrames(networks, config, setup.frames);

async function timed(perform: () => Promise<unknown>): Promise<Cost> {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await perform();
  const used = process.cpuUsage(cpu);
  return { cpu: (used.user + used.system) / 1000, wall: performance.now() - wall, rss: megabytes() };
}

/** Opened for each time of asking, so that its memory is not counted with the model's. */
async function timeGemm(): Promise<Cost> {
  const gemm = await openGemm(ort, setup.prepack);
  const inputs = gemmInputs();
  const cost = await timed(() => gemm.run(inputs));
  await gemm.close();
  return cost;
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = line as Question;
  if (question === 'result') say(tracked.result);
  else if (question === 'gemm') say(await timeGemm());
  else if (question === 'frame') say(await timed(() => tracked.next()));
  else if (question !== 'mask') say(await timed(() => networks[question].run(inputs[question])));
}
await ort.close();
