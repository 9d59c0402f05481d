/**
 * `npm run bench:neural`: what each part of a tracked frame costs here and in the transformers reference, one process a candidate,
 * their runs interleaved in one session: medians of processor and clock time, ratios, operations counted in the graphs, and the peak of the
 * resident memory.
 *
 * Options: `--python FILE`, `--threads N` (2), `--rounds N` (3), `--frames N` remembered (7), `--no-prepack`, and a model. `--named`
 * times, instead of the reference, what may be chosen where other numbers are accepted: a shorter bank, 8-bit products, 512 pixels, EdgeTAM.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { anyWeights, graphFlops } from '@rotokit/graph';
import { fastGraph } from '@rotokit/models';
import { CONFIGS } from './configs.js';
import { randomFile } from './networks.js';

const PYTHON = resolve(import.meta.dirname, '../../parity');
const PARTS = ['encode', 'orient', 'attend', 'decode', 'memorise'] as const;
/** Operations of the product that both libraries are asked for first: 4096×2048 by 2048×2048. */
const GEMM = 2 * 4096 * 2048 * 2048;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: resolve(PYTHON, '.venv/bin/python') },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    frames: { type: 'string', default: '7' },
    'no-prepack': { type: 'boolean', default: false },
    named: { type: 'boolean', default: false },
  },
});
const model = positionals[0] ?? 'sam2.1-hiera-tiny';
const config = CONFIGS[model]!;

interface Answer {
  readonly cpu: number;
  readonly wall: number;
  readonly rss: number;
}

/** A candidate that answers each line with a line. */
class Candidate {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  constructor(command: string, args: readonly string[], cwd: string) {
    this.#child = spawn(command, args, { cwd });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }
  async read<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('a candidate ended early');
    return JSON.parse(value) as T;
  }
  ask(part: string): Promise<Answer> {
    this.#child.stdin.write(`${part}\n`);
    return this.read();
  }
  close() {
    this.#child.stdin.end();
  }
}

/** Of an even number of values, the mean of the two in the middle. */
function median(xs: readonly number[]): number {
  const sorted = [...xs].sort((a, b) => a - b);
  const at = (place: number) => sorted[Math.floor(place)] ?? 0;
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2;
}
const [threads, rounds] = [options.threads, Number(options.rounds)];
const script = resolve(import.meta.dirname, `bench-ours${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`);
const runner = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
const candidate = (name: string, weights: string, frames: string, more: readonly string[] = []) =>
  new Candidate(
    process.execPath,
    [...runner, script, name, weights, threads, options['no-prepack'] ? '0' : '1', frames, ...more],
    process.cwd(),
  );

/** Whole frames of one candidate: medians of the sums of its parts. */
async function frameTimes(c: Candidate) {
  await c.read();
  const sums: Answer[] = [];
  for (let round = -1; round < rounds; round++) {
    let sum: Answer = { cpu: 0, wall: 0, rss: 0 };
    for (const part of PARTS) {
      const a = await c.ask(part);
      sum = { cpu: sum.cpu + a.cpu, wall: sum.wall + a.wall, rss: a.rss };
    }
    if (round >= 0) sums.push(sum);
  }
  c.close();
  return {
    cpu: median(sums.map((x) => x.cpu)),
    wall: median(sums.map((x) => x.wall)),
    rss: Math.max(...sums.map((x) => x.rss)),
  };
}

async function named(): Promise<void> {
  const [tiny, edge] = [await randomFile(CONFIGS['sam2.1-hiera-tiny']!), await randomFile(CONFIGS.edgetam!)];
  const name = 'sam2.1-hiera-tiny';
  const rows = [
    ['equal numbers', name, tiny.path, '7', []],
    ['bank of 3 frames', name, tiny.path, '3', []],
    ['8-bit products in the encoder', name, tiny.path, '7', ['1024', '1']],
    ['512 pixels', name, tiny.path, '7', ['512']],
    ['EdgeTAM', 'edgetam', edge.path, '7', []],
  ] as const;
  console.log(`whole frames, ${threads} threads, ${cpus()[0]?.model}, medians of ${rounds} rounds`);
  console.log('option                              cpu ms  wall ms  times as fast (cpu)   MB');
  let base = 0;
  for (const [label, model, path, frames, more] of rows) {
    const t = await frameTimes(candidate(model, path, frames, more));
    base ||= t.cpu;
    console.log(
      `${label.padEnd(33)}${t.cpu.toFixed(0).padStart(9)}${t.wall.toFixed(0).padStart(9)}${(base / t.cpu).toFixed(2).padStart(10)}${String(t.rss).padStart(16)}`,
    );
  }
  await tiny.remove();
  await edge.remove();
}

if (options.named) {
  await named();
  process.exit(0);
}
const file = await randomFile(config);
const ours = candidate(model, file.path, options.frames);
const opened = await ours.read<{ total: number; runtime: number; loads: Record<string, number>; rss: number }>();
const theirs = new Candidate(options.python, ['bench.py', model, threads, options.frames], PYTHON);
await theirs.read();

const times = { ours: new Map<string, Answer[]>(), theirs: new Map<string, Answer[]>() };
for (let round = -1; round < rounds; round++) {
  for (const part of ['gemm', ...PARTS]) {
    for (const side of ['ours', 'theirs'] as const) {
      if (side === 'theirs' && part === 'orient') continue;
      const answer = await (side === 'ours' ? ours : theirs).ask(part);
      if (round >= 0) times[side].set(part, [...(times[side].get(part) ?? []), answer]);
    }
  }
}
ours.close();
theirs.close();
await file.remove();

const of = (side: 'ours' | 'theirs', part: string, key: keyof Answer) =>
  median((times[side].get(part) ?? []).map((a) => a[key]));
const symbols = {
  frames: Number(options.frames),
  pointers: Math.min(16, Number(options.frames) + 9),
  points: 1,
  height: 256,
  width: 256,
};
const gflop = (part: (typeof PARTS)[number]) => graphFlops(fastGraph(part, config, anyWeights), symbols) / 1e9;
const sum = (side: 'ours' | 'theirs', key: 'cpu' | 'wall') => PARTS.reduce((s, part) => s + of(side, part, key), 0);
const rate = (side: 'ours' | 'theirs', key: 'cpu' | 'wall') => GEMM / of(side, 'gemm', key) / 1e6;
const peak = rate('ours', 'cpu');
const total = PARTS.reduce((s, part) => s + gflop(part), 0);
const cell = (x: number, digits = 0) => x.toFixed(digits).padStart(9);
console.log(
  `${model}, ${options.frames} remembered frames, ${threads} threads, ${cpus()[0]?.model}, medians of ${rounds} rounds`,
);
console.log(
  `GEMM: onnxruntime ${peak.toFixed(0)}, torch ${rate('theirs', 'cpu').toFixed(0)} GFLOP per second of processor time`,
);
console.log('part         GFLOP  cpu ms    torch    ratio  wall ms    torch    ratio  share of GEMM');
for (const part of PARTS) {
  const [a, b, c, d] = [
    of('ours', part, 'cpu'),
    of('theirs', part, 'cpu'),
    of('ours', part, 'wall'),
    of('theirs', part, 'wall'),
  ];
  const share = (100 * gflop(part)) / (a / 1000) / peak;
  const numbers = [cell(a), cell(b), cell(b / a, 2), cell(c), cell(d), cell(d / c, 2), cell(share)];
  console.log(`${part.padEnd(10)}${cell(gflop(part), 1)}${numbers.join('')} %`);
}
const [a, b, c, d] = [sum('ours', 'cpu'), sum('theirs', 'cpu'), sum('ours', 'wall'), sum('theirs', 'wall')];
const numbers = [
  cell(a),
  cell(b),
  cell(b / a, 2),
  cell(c),
  cell(d),
  cell(d / c, 2),
  cell((100 * total) / (a / 1000) / peak),
];
console.log(`${'frame'.padEnd(10)}${cell(total, 1)}${numbers.join('')} %`);
console.log(
  `bound: ${total.toFixed(0)} GFLOP at the GEMM rate take ${((1000 * total) / peak).toFixed(0)} ms; the frame takes ${((a * peak) / total / 1000).toFixed(2)} times that`,
);
const rss = (side: 'ours' | 'theirs') => Math.max(...[...times[side].values()].flat().map((x) => x.rss));
console.log(
  `peak memory: ${rss('ours')} MB and ${rss('theirs')} MB (torch); opening: ${opened.total - opened.runtime} ms after ${opened.runtime} ms for the runtime`,
);
console.log(JSON.stringify(opened.loads));
