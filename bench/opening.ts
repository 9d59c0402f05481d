/**
 * How long a neural model takes to open and what it then holds in memory, without and with pre-packing, each in a process of its own, taking turns.
 * The weights are random numbers in a file as large as the official one.
 *
 *     npx tsx bench/opening.ts [--model sam2.1-hiera-tiny] [--rounds 3] [--threads 2]
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { headerLength, readHeader, toOnnx, weightsOf } from '@rotokit/graph';
import { fastGraph } from '@rotokit/models';
import { openNodeInference } from '@rotokit/ort/node';
import { CONFIGS } from '../tools/src/parity/configs.js';
import { randomFile } from '../tools/src/parity/networks.js';

const PARTS = ['encode', 'orient', 'attend', 'decode', 'memorise'] as const;

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'sam2.1-hiera-tiny' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    weights: { type: 'string' },
    prepack: { type: 'boolean', default: false },
  },
});
const config = CONFIGS[values.model]!;

/** Memory of this process in MB: its own, and pages of files that it shares with everybody who maps them. */
function memory() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const of = (key: string) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)![1]) / 1024;
  return { own: of('RssAnon'), file: of('RssFile') };
}

interface Opening {
  readonly runtime: number;
  readonly emit: number;
  readonly load: number;
  readonly own: number;
  readonly file: number;
}

/** Opens the model once, here, and prints what it took. */
async function openHere(weights: string): Promise<void> {
  const started = performance.now();
  const ort = await openNodeInference({ threads: Number(values.threads) });
  const runtime = performance.now() - started;
  const before = memory();
  const bytes = readFileSync(weights);
  const header = readHeader(bytes.subarray(8, 8 + headerLength(bytes, bytes.length)), bytes.length);
  let [emit, load] = [0, 0];
  const base = memory();
  for (const part of PARTS) {
    const at = performance.now();
    const graph = toOnnx(fastGraph(part, config, weightsOf(header)), { tensors: header.tensors, location: 'w' });
    const emitted = performance.now();
    await ort.load(graph, [{ location: 'w', path: weights }], { prepack: values.prepack });
    emit += emitted - at;
    load += performance.now() - emitted;
  }
  const after = memory();
  const opening: Opening = { runtime, emit, load, own: after.own - base.own, file: after.file - before.file };
  console.log(JSON.stringify(opening));
  await ort.close();
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

async function openInTurns(): Promise<void> {
  const file = await randomFile(config);
  const megabytes = [...file.header.tensors.values()].reduce((n, t) => n + t.length, 0) / 1e6;
  console.log(`${values.model}, ${megabytes.toFixed(0)} MB of weights, ${PARTS.length} graphs; ${cpus()[0]!.model}`);
  const found: Record<string, Opening[]> = { 'as they lie': [], 'pre-packed': [] };
  try {
    for (let i = 0; i < Number(values.rounds); i++) {
      for (const [name, list] of Object.entries(found)) {
        const packed = name === 'pre-packed' ? ['--prepack'] : [];
        const args = ['--model', values.model, '--threads', values.threads, '--weights', file.path, ...packed];
        const { stdout } = await promisify(execFile)('npx', ['tsx', import.meta.filename, ...args]);
        list.push(JSON.parse(stdout) as Opening);
      }
    }
  } finally {
    await file.remove();
  }
  console.log('medians          runtime ms  emit ms  load ms  own memory MB');
  for (const [name, list] of Object.entries(found)) {
    const of = (key: keyof Opening, width: number) =>
      median(list.map((o) => o[key]))
        .toFixed(0)
        .padStart(width);
    console.log(`${name.padEnd(16)} ${of('runtime', 10)} ${of('emit', 8)} ${of('load', 8)} ${of('own', 14)}`);
  }
}

await (values.weights ? openHere(values.weights) : openInTurns());
