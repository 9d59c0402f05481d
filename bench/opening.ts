/**
 * How long a neural model takes to open and what it then holds in memory, without and with pre-packing, each in a process of its own, taking turns.
 * The weights are random numbers in a file as large as the official one.
 *
 *     npx tsx bench/opening.ts [--model sam2.1-hiera-tiny] [--rounds 3] [--threads 2]
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
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

/** Memory that this process has for itself, in MB: pages of mapped files do not count. */
const memory = () => Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;

/** Milliseconds of the clock, from the start to: graphs emitted, runtime there as well; then for opening them; all in all. */
interface Opening {
  readonly emit: number;
  readonly runtime: number;
  readonly load: number;
  /** Milliseconds of processor time for opening them, of all threads: what is left of `load` where other work runs too. */
  readonly cpu: number;
  readonly all: number;
  /** MB. */
  readonly own: number;
}

async function headerOf(path: string) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const prefix = (await file.read(Buffer.alloc(8), 0, 8, 0)).buffer;
    const length = headerLength(prefix, size);
    return readHeader((await file.read(Buffer.alloc(length), 0, length, 8)).buffer, size);
  } finally {
    await file.close();
  }
}

/** Opens the model once, here, as a program would: graphs are emitted while the runtime starts. Prints what it took. */
async function openHere(weights: string): Promise<void> {
  const header = await headerOf(weights);
  const started = performance.now();
  const starting = openNodeInference({ threads: Number(values.threads) });
  const graphs = PARTS.map((part) =>
    toOnnx(fastGraph(part, config, weightsOf(header)), { tensors: header.tensors, location: 'w' }),
  );
  const emit = performance.now() - started;
  const ort = await starting;
  const [ready, before, used] = [performance.now(), memory(), process.cpuUsage()];
  await Promise.all(graphs.map((g) => ort.load(g, [{ location: 'w', path: weights }], { prepack: values.prepack })));
  const [end, own] = [performance.now(), memory() - before];
  const { user, system } = process.cpuUsage(used);
  const cpu = (user + system) / 1000;
  const opening: Opening = { emit, runtime: ready - started, load: end - ready, cpu, all: end - started, own };
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
  console.log('medians, ms         emit  + runtime   load    cpu    all   own memory, MB');
  for (const [name, list] of Object.entries(found)) {
    const of = (key: keyof Opening, width: number) =>
      median(list.map((o) => o[key]))
        .toFixed(0)
        .padStart(width);
    console.log(
      `${name.padEnd(16)} ${of('emit', 7)} ${of('runtime', 10)} ${of('load', 6)} ${of('cpu', 6)} ${of('all', 6)} ${of('own', 16)}`,
    );
  }
}

await (values.weights ? openHere(values.weights) : openInTurns());
