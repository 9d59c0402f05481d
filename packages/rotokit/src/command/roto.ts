import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameNumber, PromptKind } from '@rotokit/core/values';
import { type Command, InvalidArgumentError } from 'commander';
import { chooseEngine, triedLines } from '../engines/choose.js';
import { DELIVERABLE_NAMES, type DeliverableName } from '../export/deliverable.js';
import { readMask } from '../library/mask-file.js';
import { openRoto, shotName } from '../library/open.js';
import type { Roto } from '../library/roto.js';
import {
  type ObjectArgument,
  type PlacedArgument,
  PromptCollector,
  parseBox,
  parseBrush,
  parseClick,
  parseMask,
  parseText,
} from './prompt-arguments.js';
import {
  exportWithProgress,
  reporterOf,
  result,
  reviewLines,
  strictExit,
  type TrackOptions,
  trackWithProgress,
  withTracking,
} from './shared.js';

/** `exr,png` as formats. @throws InvalidArgumentError for a name that is none. */
export function parseFormats(text: string): readonly DeliverableName[] {
  return text.split(',').map((name) => {
    const known = DELIVERABLE_NAMES.find((n) => n === name.trim());
    if (!known) throw new InvalidArgumentError(`${name} is not one of ${DELIVERABLE_NAMES.join(', ')}.`);
    return known;
  });
}

/** Adds the options that say what to follow, collected in their order. */
export function withPrompts(command: Command, collector: PromptCollector): Command {
  const add = (parse: (text: string) => PlacedArgument) => (text: string) => collector.add(parse(text));
  return command
    .option('--object <name>', 'name of the object that the prompts after it belong to', (name: string) =>
      collector.object(name),
    )
    .option('--click <x,y[@frame]>', 'a pixel of the object; -X,Y is a pixel of the background', add(parseClick))
    .option('--box <x0,y0,x1,y1[@frame]>', 'a box around the object', add(parseBox))
    .option(
      '--brush <r:x,y x,y...[@frame]>',
      'a stroke of radius r over the object; -r: for the background',
      add(parseBrush),
    )
    .option('--mask <file[@frame]>', 'a grey picture that is the answer on its frame', add(parseMask))
    .option('--text <words>', 'words, where an engine understands them', add(parseText));
}

/** Says to a project what stood on the command line: each frame's prompts at once, so that they are one anchor. */
export async function sayAll(
  roto: Roto,
  objects: readonly ObjectArgument[],
  fallback: FrameNumber,
  signal: AbortSignal,
): Promise<void> {
  for (const { name, prompts } of objects) {
    const object = roto.object(name);
    for (const [frame, placed] of groupByFrame(prompts, fallback)) {
      const said = [];
      for (const { prompt } of placed) {
        said.push(
          prompt.kind === 'mask-file'
            ? ({ kind: 'mask', mask: await readMask(prompt.path, roto.clip.size) } as const)
            : prompt,
        );
      }
      await object.say(frame, said, signal);
    }
  }
}

function groupByFrame(prompts: readonly PlacedArgument[], fallback: FrameNumber): Map<FrameNumber, PlacedArgument[]> {
  const groups = new Map<FrameNumber, PlacedArgument[]>();
  for (const p of prompts) {
    const frame = p.frame ?? fallback;
    groups.set(frame, [...(groups.get(frame) ?? []), p]);
  }
  return groups;
}

interface RotoCommandOptions extends TrackOptions {
  readonly as: readonly DeliverableName[];
  readonly output: string;
  readonly replace?: boolean;
}

/** `rotokit roto CLIP ...`: the main job in one line, resumable by running it again. */
export function addRoto(program: Command, signal: AbortSignal): void {
  const collector = new PromptCollector();
  const command = program
    .command('roto <clip>')
    .description(
      'The main job: prompts, tracking both ways, review list, deliverables. Running it again does the rest.',
    )
    .option('--as <formats>', `any of ${DELIVERABLE_NAMES.join(',')}`, parseFormats, ['exr', 'preview'] as const)
    .requiredOption('-o, --output <folder>', 'where deliverables and the project go')
    .option('--replace', 'take away what another export of these formats left there');
  withPrompts(withTracking(command), collector)
    .addHelpText(
      'after',
      '\nExample:\n  rotokit roto plate.mov --object hero --click 412,220 --click -300,90 --as exr,prores -o out',
    )
    .action(async (clip: string, options: RotoCommandOptions) => {
      const { objects } = collector;
      if (!objects.some((o) => o.prompts.length))
        command.error('Say what to follow: --click X,Y, --box, --brush or --mask.', { exitCode: 2 });
      await rotoClip(clip, objects, options, signal);
    });
}

async function rotoClip(
  clip: string,
  objects: readonly ObjectArgument[],
  options: RotoCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const reporter = reporterOf(options);
  const kinds = objects.flatMap((o) =>
    o.prompts.map((p): PromptKind => (p.prompt.kind === 'mask-file' ? 'mask' : p.prompt.kind)),
  );
  const asked = options.engine ?? 'auto';
  const { reason, tried } = await chooseEngine(asked, kinds, options);
  for (const line of triedLines(asked, tried)) reporter.note(line);
  reporter.note(`engine ${reason}`);
  await mkdir(options.output, { recursive: true });
  const project = join(options.output, `${shotName(clip)}.roto`);
  await using roto = await openRoto(clip, { ...options, project, notice: reporter.note });
  for (const notice of roto.clip.notices) reporter.note(`${clip}: ${notice}`);
  const first = (options.range?.first ?? roto.numbers.first) as FrameNumber;
  await sayAll(
    roto,
    objects.filter((o) => !alreadySaid(roto, o, first)),
    first,
    signal,
  );
  const masks = await trackWithProgress(roto, options, reporter, signal);
  const made = await exportWithProgress(
    roto,
    options.as,
    options.output,
    { ...options.range, overlap: options.overlap, replace: options.replace ?? false, signal },
    reporter,
  );
  const review = roto.review();
  const files = Object.entries(made.files).map(
    ([name, paths]) => `  ${name}: ${paths.length === 1 ? paths[0] : `${paths.length} files`}`,
  );
  result(
    options,
    { project, frames: made.frames, tracked: masks, files: made.files, review },
    [`${made.frames} frames, ${masks} masks tracked now`, `project ${project}`, ...files, reviewLines(review)].join(
      '\n',
    ),
  );
  strictExit(options, review);
}

/** Whether an earlier run of the same command has said this already: then the work goes on where it stopped. */
function alreadySaid(roto: Roto, { name, prompts }: ObjectArgument, first: FrameNumber): boolean {
  if (!roto.project.hasObject(name)) return false;
  const { id } = roto.project.object(name);
  const frames = new Set(prompts.map((p) => p.frame ?? first));
  return [...frames].every((f) => {
    const index = roto.numbers.index(f);
    if (!roto.project.anchor(id, index)) return false;
    const said = roto.project.prompts(id, index).map((p) => p.prompt);
    const asked = prompts.filter((p) => (p.frame ?? first) === f && p.prompt.kind !== 'mask-file');
    return said.length === asked.length;
  });
}
