import { HARDWARE_NAMES, type HardwareName, PRECISIONS, type Precision } from '@rotokit/core/resources';
import { reasonOf } from '@rotokit/core/values';
import { type Command, InvalidArgumentError } from 'commander';
import { ENGINE_NAMES } from '../engines/choose.js';
import { parsePolicy, policyHelp } from '../engines/policy-option.js';
import type { Roto } from '../library/roto.js';
import type { TrackChoices } from '../library/track.js';
import { EXIT } from './exit-codes.js';
import { parseRange } from './prompt-arguments.js';
import { chooseReporter, type Reporter } from './reporter.js';

/** Options that every long command has. */
export interface LongOptions {
  readonly json?: boolean;
}

/** Adds `--json`. */
export const withJson = (command: Command): Command =>
  command.option('--json', 'one JSON line per event on standard error, the result as JSON on standard output');

/** Options of commands that track. */
export interface TrackOptions extends LongOptions {
  readonly engine?: string;
  readonly profile?: 'full' | 'fast';
  readonly threads?: number;
  readonly policy?: string;
  readonly memoryLimit?: number;
  readonly hardware?: HardwareName | 'auto';
  readonly precision?: Precision;
  readonly featuresOnDisk?: number;
  readonly holes?: number;
  readonly islands?: number;
  readonly bank?: string;
  readonly range?: ReturnType<typeof parseRange>;
  readonly overlap: 'exclusive' | 'allowed';
  readonly strict?: boolean;
}

/** Adds the options of commands that track. */
export function withTracking(command: Command): Command {
  return withJson(command)
    .option(
      '--engine <names>',
      `auto, or the first that can be used of a list of ${ENGINE_NAMES.join(', ')}; what the project says unless given. Objects with an engine of their own keep it`,
    )
    .option('--profile <name>', 'full, or fast: a smaller picture to work on and a cheaper motion estimate')
    .option('--threads <n>', 'threads beside the main one; only the last digits of models depend on it', Number)
    .option('--policy <name[,threshold=number...]>', 'how SAM 2.1 and EdgeTAM remember: see below', checkedPolicy)
    .option(
      '--memory-limit <MB>',
      'memory to stay within: what needs more is refused before it starts; what is free unless given',
      megabytes,
    )
    .option('--hardware <name>', `how much of the machine to use: auto, ${HARDWARE_NAMES.join(', ')}`, 'auto')
    .option(
      '--precision <name>',
      `how EdgeTAM's memories are kept: ${PRECISIONS.join(', ')}; float32 unless given`,
      precision,
    )
    .option(
      '--features-on-disk <MB>',
      'features of frames on disk, at most; 0 keeps none; the preset says',
      megabytesOrNone,
    )
    .option(
      '--holes <cells>',
      'holes of SAM 2.1 and EdgeTAM to fill, up to so many cells of 4x4 pixels of their input; 8 unless given',
      cells,
    )
    .option('--islands <cells>', 'islands to take away, likewise; 0 unless given', cells)
    .option(
      '--bank <folder>',
      'put the memory bank there: which frames are held, why, with what score; JSON and pictures',
    )
    .option('--range <first-last>', 'frames as shown, both included', parseRange)
    .option('--overlap <rule>', 'exclusive, or allowed: a pixel may belong to two objects', 'exclusive')
    .option('--strict', 'exit with 3 when frames need review')
    .addHelpText('after', `\n${policyHelp()}`);
}

/** A policy as typed, refused before anything is opened. */
export function checkedPolicy(text: string): string {
  try {
    parsePolicy(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(`${reasonOf(error)}.`);
  }
}

/** One of the ways to keep memories. */
function precision(text: string): Precision {
  const found = PRECISIONS.find((p) => p === text);
  if (!found) throw new InvalidArgumentError(`${text} is none of ${PRECISIONS.join(', ')}.`);
  return found;
}

/** A whole number of cells. */
function cells(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError(`${text} is not a whole number of cells.`);
  return Number(text);
}

/** Megabytes as bytes, 0 included. */
const megabytesOrNone = (text: string): number => (text.trim() === '0' ? 0 : megabytes(text));

/** Megabytes as bytes. */
export function megabytes(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError(`${text} is not a number of megabytes above 0.`);
  return value * 1e6;
}

/** Where progress of this command goes. */
export const reporterOf = (options: LongOptions): Reporter => chooseReporter(process.stderr, options.json ?? false);

/** Writes the result to standard output: text for people, JSON for programs. */
export function result(options: LongOptions, value: unknown, text: string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
}

/** Tracks what is missing and reports it frame by frame. @returns how many masks were made. */
export async function trackWithProgress(
  roto: Roto,
  options: TrackOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<number> {
  let phase: ReturnType<Reporter['phase']> | undefined;
  let masks = 0;
  const choices: TrackChoices = {
    ...options.range,
    overlap: options.overlap,
    signal,
    onPlan(plan) {
      for (const id of plan.unanchored)
        reporter.note(`${roto.project.object(id).name} has no prompt yet and is left out`);
      if (plan.walked) phase = reporter.phase('tracking', plan.frames);
    },
  };
  try {
    for await (const done of roto.track(choices)) {
      masks++;
      phase?.frame(done.frame, { object: done.object, confidence: round(done.confidence), reasons: done.reasons });
    }
  } finally {
    phase?.end();
  }
  return masks;
}

/** Exports and reports it frame by frame. */
export async function exportWithProgress(
  roto: Roto,
  formats: Parameters<Roto['export']>[0],
  folder: string,
  choices: Parameters<Roto['export']>[2],
  reporter: Reporter,
) {
  let phase: ReturnType<Reporter['phase']> | undefined;
  try {
    return await roto.export(formats, folder, {
      ...choices,
      onStart: (frames) => (phase = reporter.phase('export', frames)),
      onFrame: (frame, skipped) => phase?.frame(frame, skipped ? { skipped } : {}),
    });
  } finally {
    phase?.end();
  }
}

/** The review queue as lines for people. */
export function reviewLines(items: ReturnType<Roto['review']>): string {
  if (!items.length) return 'review: nothing is doubted';
  const rows = items.map((i) => {
    const span = i.first === i.last ? `${i.frame}` : `${i.first}-${i.last}, look at ${i.frame}`;
    return `  ${i.object}  ${span}  confidence ${i.confidence.toFixed(2)}  ${i.reasons.join(', ')}`;
  });
  return [`review: ${items.length} to look at, worst first`, ...rows].join('\n');
}

/** Tells the shell, with `--strict`, that somebody should look. */
export function strictExit(options: TrackOptions, items: ReturnType<Roto['review']>): void {
  if (options.strict && items.length) process.exitCode = EXIT.review;
}

/** Three decimals are enough for people and for lines. */
export const round = (v: number): number => Math.round(v * 1000) / 1000;
