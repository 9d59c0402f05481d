import { readFile } from 'node:fs/promises';
import { COLOUR_SPACES, type ColourSpaceName, parseCube } from '@rotokit/core/colour';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { CutoutOptions } from '../export/cutout.js';
import { DELIVERABLE_NAMES, type DeliverableName } from '../export/deliverable.js';
import type { ExportChoices } from '../export/job.js';
import { PRESET_NAMES, PRESETS, type PresetName } from '../export/presets.js';
import { openRoto } from '../library/open.js';
import type { Roto } from '../library/roto.js';
import { parseRange } from './prompt-arguments.js';
import type { Reporter } from './reporter.js';
import { parseFormats } from './roto.js';
import { type LongOptions, reporterOf, result, withJson } from './shared.js';

interface ExportOptions extends LongOptions {
  readonly as?: readonly DeliverableName[];
  readonly preset?: readonly PresetName[];
  readonly output: string;
  readonly range?: ReturnType<typeof parseRange>;
  readonly object?: readonly string[];
  readonly overlap: 'exclusive' | 'allowed';
  readonly verify?: boolean;
  readonly replace?: boolean;
  readonly shot?: string;
  readonly name?: string;
  readonly fileVersion?: number;
  readonly padding: number;
  readonly start?: number;
  readonly float?: boolean;
  readonly compression?: 'none' | 'rle' | 'zips' | 'zip';
  readonly crop?: boolean;
  readonly parts?: boolean;
  readonly sidecar?: boolean;
  readonly dpxDepth: '10' | '16';
  readonly inputColour?: ColourSpaceName;
  readonly outputColour?: ColourSpaceName;
  readonly lut?: string;
  readonly cutoutColour?: 'estimated' | 'plate';
  readonly straight?: boolean;
  readonly despill?: 'green' | 'blue';
}

/** A whole number of an option. @throws InvalidArgumentError for anything else, and below the least. */
const whole = (least: number) => (text: string) => {
  const n = Number(text.replace(/^v(?=\d)/i, ''));
  if (!Number.isSafeInteger(n) || n < least)
    throw new InvalidArgumentError(`${text} is no whole number from ${least} on.`);
  return n;
};

/** `nuke,ae` as presets. @throws InvalidArgumentError for a name that is none. */
const parsePresets = (text: string): readonly PresetName[] =>
  text.split(',').map((name) => {
    const known = PRESET_NAMES.find((n) => n === name.trim());
    if (!known) throw new InvalidArgumentError(`${name} is not one of ${PRESET_NAMES.join(', ')}.`);
    return known;
  });

/** `rotokit export SHOT.roto --as exr -o DIR`. */
export function addExport(program: Command, signal: AbortSignal): void {
  const command = withJson(
    program
      .command('export <project>')
      .description('Writes deliverables; an interrupted export goes on where it stopped.'),
  )
    .requiredOption('-o, --output <folder>', 'where they go')
    .option('--as <formats>', `any of ${DELIVERABLE_NAMES.join(',')}; exr where no preset says more`, parseFormats)
    .option('--preset <hosts>', `any of ${PRESET_NAMES.join(',')}: what a host reads best`, parsePresets)
    .option('--range <first-last>', 'frames as shown, both included', parseRange)
    .option('--object <names...>', 'only these objects')
    .option('--overlap <rule>', 'exclusive, or allowed: masks as they are, even where two share a pixel', 'exclusive')
    .option('--verify', 'read everything back: checksums, structure, every matte against its mask')
    .option('--replace', 'take away what another export of these formats left there');
  withNaming(command);
  withStorage(command);
  withColour(command)
    .addHelpText(
      'after',
      `
Examples:
  rotokit export sh010.roto --as exr,prores,preview -o out
  rotokit export sh010.roto --preset nuke --verify -o out
  rotokit export sh010.roto --as png --name '{shot}_{object}_{version}/{shot}_{object}_{version}.{frame}.{ext}' --file-version 3 --start 1001 -o out`,
    )
    .action(async (path: string, options: ExportOptions) => {
      await using roto = await openRoto(path, options.shot === undefined ? {} : { shot: options.shot });
      await exportProject(path, roto, options, signal);
    });
}

function withNaming(command: Command): Command {
  return command
    .option('--shot <name>', "the shot's name in file names; from the project's name where left out")
    .option('--name <template>', 'path of pictures: {shot} {object} {version} {frame} {format} {ext}')
    .option('--file-version <n>', 'version of the delivery: 3 or v003', whole(0))
    .option('--padding <n>', 'fewest digits of frame numbers', whole(1), 4)
    .option('--start <n>', 'number of the first frame in file names', whole(0));
}

function withStorage(command: Command): Command {
  return command
    .option('--float', 'EXR channels in 32-bit float instead of half')
    .addOption(
      new Option('--compression <kind>', 'EXR: zip (default), zips, rle or none').choices([
        'zip',
        'zips',
        'rle',
        'none',
      ]),
    )
    .option('--crop', 'EXR: store only the box around the mattes')
    .option('--parts', 'EXR: a part for each object instead of a channel')
    .option('--sidecar', 'Cryptomatte: the manifest as a file beside the pictures')
    .addOption(new Option('--dpx-depth <bits>', 'bits of a sample').choices(['10', '16']).default('16'));
}

const SPACES = Object.keys(COLOUR_SPACES) as ColourSpaceName[];
/** What an EXR may be in. */
const LINEAR_SPACES = SPACES.filter((name) => COLOUR_SPACES[name].transfer === 'linear');

function withColour(command: Command): Command {
  return command
    .addOption(
      new Option('--input-colour <space>', 'cut-outs: what the plate is in, where its tags do not say').choices(SPACES),
    )
    .option('--lut <file>', 'cut-outs: a .cube table that the plate goes through first')
    .addOption(
      new Option('--output-colour <space>', 'cut-outs: linear space of the EXR (linear-rec709)').choices(LINEAR_SPACES),
    )
    .addOption(
      new Option('--cutout-colour <kind>', 'colours of soft edges: estimated (default), or plate').choices([
        'estimated',
        'plate',
      ]),
    )
    .option('--straight', 'cut-outs: EXR colours not multiplied by alpha')
    .addOption(new Option('--despill <screen>', "cut-outs: take the screen's colour out").choices(['green', 'blue']));
}

async function exportProject(path: string, roto: Roto, options: ExportOptions, signal: AbortSignal): Promise<void> {
  const reporter = reporterOf(options);
  const stale = await roto.pending(options.range);
  if (stale) reporter.note(`${stale} masks are missing or older than an edit: rotokit track ${path}`);
  const { formats, choices } = choicesOf(options, signal, await cutoutOf(options));
  const made = await reported(reporter, (told) => roto.export(formats, options.output, { ...choices, ...told }));
  const lines = Object.entries(made.files).map(
    ([name, paths]) => `${name}: ${paths.length === 1 ? paths[0] : `${paths.length} files`}`,
  );
  const verified = options.verify ? ['everything was read back and is as written'] : [];
  result(
    options,
    { ...made, verified: options.verify ?? false },
    [`${made.frames} frames`, ...lines, ...verified].join('\n'),
  );
}

/** What the options mean: presets first, and over them what is said for itself. */
function choicesOf(
  options: ExportOptions,
  signal: AbortSignal,
  cutout: CutoutOptions,
): { readonly formats: readonly DeliverableName[]; readonly choices: ExportChoices } {
  const presets = (options.preset ?? []).map((name) => PRESETS[name]);
  const formats = [...presets.flatMap((p) => p.formats), ...(options.as ?? (presets.length ? [] : ['exr' as const]))];
  const exr = {
    ...Object.assign({}, ...presets.map((p) => p.options.exr)),
    ...(options.float ? { type: 'float' } : {}),
    ...(options.compression ? { compression: options.compression } : {}),
    ...(options.crop ? { window: 'cropped' } : {}),
    ...(options.parts ? { parts: true } : {}),
    ...(options.sidecar ? { manifest: 'sidecar' } : {}),
  } as NonNullable<ExportChoices['exr']>;
  const choices: ExportChoices = {
    ...options.range,
    exr,
    cutout,
    dpx: { depth: options.dpxDepth === '10' ? 10 : 16 },
    naming: {
      padding: options.padding,
      ...(options.name === undefined ? {} : { template: options.name }),
      ...(options.fileVersion === undefined ? {} : { version: options.fileVersion }),
      ...(options.start === undefined ? {} : { start: options.start }),
    },
    signal,
    overlap: options.overlap,
    verify: options.verify ?? false,
    replace: options.replace ?? false,
    ...(options.object ? { objects: options.object } : {}),
  };
  return { formats, choices };
}

/** How cut-outs are made. @throws RotokitError LUT_UNREADABLE. */
async function cutoutOf(options: ExportOptions): Promise<CutoutOptions> {
  const { lut, inputColour, outputColour, cutoutColour, straight, despill } = options;
  return {
    ...(inputColour ? { input: COLOUR_SPACES[inputColour] } : {}),
    ...(outputColour ? { output: COLOUR_SPACES[outputColour] } : {}),
    ...(cutoutColour ? { colour: cutoutColour } : {}),
    ...(straight ? { alpha: 'straight' } : {}),
    ...(despill ? { despill: { screen: despill } } : {}),
    ...(lut === undefined ? {} : { lut: parseCube(await readLut(lut), lut) }),
  };
}

const readLut = (path: string) =>
  readFile(path, 'utf8').catch((error: unknown) => {
    throw new RotokitError('LUT_UNREADABLE', { path, reason: reasonOf(error) }, error);
  });

/** Reports writing and reading back frame by frame. */
async function reported<T>(
  reporter: Reporter,
  run: (told: Pick<ExportChoices, 'onStart' | 'onFrame' | 'onVerifyStart' | 'onVerified'>) => Promise<T>,
): Promise<T> {
  let phase: ReturnType<Reporter['phase']> | undefined;
  const begin = (name: string, frames: number) => {
    phase?.end();
    phase = reporter.phase(name, frames);
  };
  try {
    return await run({
      onStart: (frames) => begin('export', frames),
      onFrame: (frame, skipped) => phase?.frame(frame, skipped ? { skipped } : {}),
      onVerifyStart: (frames) => begin('verify', frames),
      onVerified: (frame) => phase?.frame(frame, {}),
    });
  } finally {
    phase?.end();
  }
}
