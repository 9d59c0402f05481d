import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Command } from 'commander';
import { type Candidate, startCandidate, startOurs } from '../bench/neural/candidate.js';
import { timeClicks } from '../bench/neural/clicks.js';
import { memoryWhileTracking } from '../bench/neural/memory.js';
import { type NamedTimes, timeNamed } from '../bench/neural/named.js';
import { type NeuralTimes, timeRounds } from '../bench/neural/rounds.js';
import { TIMED_MODELS, timedModel, weightsToTime } from '../bench/neural/weights.js';
import { hubOf } from '../models/home.js';
import { type LongOptions, reporterOf, result, withJson } from './shared.js';

interface NeuralOptions extends LongOptions {
  readonly python?: string;
  readonly reference: string;
  readonly threads: number;
  readonly rounds: number;
  readonly frames: number;
  readonly side?: number;
  readonly weights?: string;
  readonly prepack: boolean;
  readonly named?: boolean;
  readonly memory?: number;
  readonly clicks?: boolean;
}

/** `rotokit bench neural [MODEL]`: what a tracked frame costs with a neural model, part by part, beside PyTorch where that is there. */
export function addBenchNeural(bench: Command, signal: AbortSignal): void {
  withJson(
    bench
      .command('neural [model]')
      .description(`What a tracked frame costs, part by part. Models: ${Object.keys(TIMED_MODELS).join(', ')}.`),
  )
    .option('--python <file>', 'a Python with torch and transformers: times the reference too, in turns with ours')
    .option('--reference <file>', 'the program that it runs, of a checkout of Rotokit', 'tools/parity/bench.py')
    .option('--threads <n>', 'threads of a run', Number, 2)
    .option('--rounds <n>', 'rounds that count', Number, 3)
    .option('--frames <n>', 'remembered frames', Number, 7)
    .option(
      '--side <pixels>',
      'side of the input, a multiple of 128 (EdgeTAM: 256); default: what the model was made for',
      Number,
    )
    .option('--weights <file>', 'a .safetensors file to time with')
    .option('--no-prepack', 'use the weights as they lie in the file')
    .option('--named', 'instead, what may be chosen where other numbers are accepted, in one table')
    .option('--memory <frames>', 'instead, follow for so many frames and print how memory grows', Number)
    .option('--clicks', 'instead, a first click on a frame beside the next one there')
    .addHelpText(
      'after',
      '\nExample:\n  rotokit bench neural sam2.1-tiny --python tools/parity/.venv/bin/python\n\nModels that were not pulled are timed with random weights: the same work.',
    )
    .action(async (model: string | undefined, options: NeuralOptions) => {
      for (const key of ['threads', 'rounds', 'frames', 'memory', 'side'] as const)
        if (options[key] !== undefined && !(Number.isInteger(options[key]) && options[key] > 0))
          throw new RangeError(`--${key} must be a whole number of at least 1, is ${options[key]}`);
      if (options.side && options.side % 128 > 0)
        throw new RangeError(`--side must be a multiple of 128, is ${options.side}`);
      if (options.clicks) await clicks(model ?? 'sam2.1-tiny', options);
      else if (options.named) await named(options, signal);
      else if (options.memory) await memory(model ?? 'sam2.1-tiny', options.memory, options, signal);
      else await compared(model ?? 'sam2.1-tiny', options, signal);
    });
}

const sized = (name: string, { side }: NeuralOptions) => {
  const config = timedModel(name);
  if (side && config.memory.perceiver && side % 256 > 0)
    throw new RangeError(`--side must be a multiple of 256 for ${name}, is ${side}`);
  return { ...config, imageSize: side ?? config.imageSize };
};

const machine = () => `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} processors`;

function referenceOf({ python, reference, side }: NeuralOptions): string | undefined {
  if (python && side) throw new RangeError('--side: the reference is timed with the size that the model was made for');
  if (python && !existsSync(reference))
    throw new RangeError(`--reference ${reference} is not there: it is a file of a checkout of Rotokit`);
  return python;
}

async function compared(name: string, options: NeuralOptions, signal: AbortSignal): Promise<void> {
  const config = sized(name, options);
  const python = referenceOf(options);
  const reporter = reporterOf(options);
  const weights = await weightsToTime(name, hubOf(process.env), options.weights);
  const { threads, prepack, frames, rounds } = options;
  const running: Candidate[] = [];
  try {
    reporter.note(`opening ${name}, ${weights.kind} weights`);
    const setup = { model: name, weights: weights.path, threads, prepack, frames };
    const ours = await startOurs({ ...setup, side: config.imageSize, eightBit: false }, signal);
    running.push(ours);
    const told = [options.reference, config.name, String(threads), String(frames)];
    if (python) running.push(await startCandidate(python, told, signal));
    const times = await timeRounds(config, running as [Candidate, Candidate?], {
      rounds,
      frames,
      onRound: (n) => reporter.note(n === 0 ? 'warming up' : `round ${n} of ${rounds}`),
    });
    const facts = { model: name, weights: weights.kind, machine: machine(), threads, prepack, frames, rounds };
    const head = `${name}, ${weights.kind} weights, ${config.imageSize} pixels, ${frames} remembered frames, ${threads} threads, ${machine()}, medians of ${rounds}`;
    result(options, { ...facts, opened: ours.ready, ...times }, `${head}\n${comparison(times, ours.ready.opening)}`);
  } finally {
    for (const candidate of running) candidate.close();
    await weights.remove();
  }
}

const cell = (x: number | undefined, digits = 0) => (x === undefined ? '-' : x.toFixed(digits)).padStart(9);

function comparison({ parts, gemm, peak, secondObject }: NeuralTimes, opening: number): string {
  const frame = parts.at(-1)!;
  const lines = parts.map(({ part, gflop, ours, reference: r, shareOfGemm }) => {
    const cpu = [cell(ours.cpu), cell(r?.cpu), cell(r && r.cpu / ours.cpu, 2)];
    const wall = [cell(ours.wall), cell(r?.wall), cell(r && r.wall / ours.wall, 2)];
    return `${part.padEnd(10)}${cell(gflop, 1)}${cpu.join('')}${wall.join('')}${cell(100 * shareOfGemm)} %`;
  });
  const r = gemm.reference;
  const torch = r ? `, torch ${r.cpu.toFixed(0)} and ${r.wall.toFixed(0)}` : '';
  const best = Math.max(gemm.ours.cpu, r?.cpu ?? 0);
  const bound = (1000 * frame.gflop) / best;
  const equal = r && frame.reference && (frame.reference.cpu / frame.ours.cpu) * (r.cpu / gemm.ours.cpu);
  return [
    `matrix product, GFLOP per second of processor time and of the clock: onnxruntime ${gemm.ours.cpu.toFixed(0)} and ${gemm.ours.wall.toFixed(0)}${torch}`,
    'part          GFLOP   cpu ms    torch    ratio  wall ms    torch    ratio  of product',
    ...lines,
    `bound: ${frame.gflop.toFixed(0)} GFLOP at the better product's rate take ${bound.toFixed(0)} ms; the frame takes ${(frame.ours.cpu / bound).toFixed(2)} times that`,
    ...(equal
      ? [`were both products equally fast, the ratio would be ${equal.toFixed(2)} (processor time, scaled)`]
      : []),
    `another object adds ${secondObject.cpu.toFixed(0)} ms of processor time: attend, decode and memorise, neither encode nor orient`,
    `peak memory: ${peak.ours} MB${peak.reference === undefined ? '' : `, torch ${peak.reference} MB`}; opening the graphs took ${opening.toFixed(0)} ms`,
    ...(r ? [] : ['no reference: name a Python with torch and transformers by --python']),
  ].join('\n');
}

async function named(options: NeuralOptions, signal: AbortSignal): Promise<void> {
  const reporter = reporterOf(options);
  const rows = await timeNamed(hubOf(process.env), { ...options, signal, onOption: (o) => reporter.note(o) });
  const head = `whole tracked frames, ${options.threads} threads, ${machine()}, medians of ${options.rounds}`;
  result(options, { machine: machine(), threads: options.threads, rows }, `${head}\n${namedTable(rows)}`);
}

function namedTable(rows: readonly NamedTimes[]): string {
  const percent = (x: number | undefined) => (x === undefined ? '-' : `${(100 * x).toFixed(1)} %`).padStart(11);
  const line = ({ option, weights, cost, timesAsFast, difference: d }: NamedTimes) =>
    `${option.padEnd(31)}${cell(cost.cpu)}${cell(cost.wall)}${cell(timesAsFast, 2)}${cell(cost.rss)}${percent(d?.logits)}${percent(d?.features)}  ${weights}`;
  return [
    `${'option'.padEnd(31)}   cpu ms  wall ms    times  peak MB     logits   features  weights`,
    ...rows.map(line),
    'logits, features: root mean square of the change after several tracked frames, in standard deviations; other weights, no comparison',
  ].join('\n');
}

async function clicks(name: string, options: NeuralOptions): Promise<void> {
  const { imageSize } = sized(name, options);
  const times = await timeClicks(name, hubOf(process.env), options);
  const { msFirstClick: first, msNextClick: next, weights } = times;
  const text = [
    `${name}, ${weights} weights, ${imageSize} pixels, ${options.threads} threads, ${machine()}, medians of 9 frames`,
    `first click on a frame ${first.toFixed(0)} ms, the next one there ${next.toFixed(0)} ms: ${(first / next).toFixed(1)} times as fast`,
  ].join('\n');
  result(options, { model: name, machine: machine(), threads: options.threads, ...times }, text);
}

async function memory(name: string, frames: number, options: NeuralOptions, signal: AbortSignal): Promise<void> {
  const config = sized(name, options);
  const reporter = reporterOf(options);
  const weights = await weightsToTime(name, hubOf(process.env), options.weights);
  const { threads, prepack } = options;
  const setup = { model: name, weights: weights.path, threads, prepack, frames: options.frames };
  try {
    const ours = await startOurs({ ...setup, side: config.imageSize, eightBit: false }, signal);
    const curve = await memoryWhileTracking(ours, frames, (n) => {
      if (n === 1 || n % 10 === 0) reporter.note(`frame ${n} of ${frames}`);
    }).finally(() => ours.close());
    const text = curve.map(([n, mb]) => `${n}: ${mb}`).join(', ');
    result(
      options,
      { model: name, weights: weights.kind, memory: curve },
      `peak resident MB by frames followed with ${name}: ${text}`,
    );
  } finally {
    await weights.remove();
  }
}
