import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { idealClick, meanScore, scoreFrame, scoreSequence } from '@rotokit/core/evaluation';
import type { FrameNumber, PointPrompt } from '@rotokit/core/values';
import type { Command } from 'commander';
import { DELIVERABLE_NAMES, type DeliverableName } from '../export/deliverable.js';
import { openRoto, shotName } from '../library/open.js';
import type { Roto } from '../library/roto.js';
import { openSample, type Sample } from '../sample.js';
import { type ObjectArgument, PromptCollector } from './prompt-arguments.js';
import { parseFormats, sayAll, withPrompts } from './roto.js';
import {
  exportWithProgress,
  reporterOf,
  result,
  reviewLines,
  type TrackOptions,
  trackWithProgress,
  withTracking,
} from './shared.js';

interface DemoOptions extends TrackOptions {
  readonly as: readonly DeliverableName[];
  readonly output: string;
}

/** What the demo prints at the end. */
interface DemoSummary {
  readonly frames: number;
  readonly masks: number;
  readonly msPerFrame: number;
  readonly peakRss: number;
  readonly J?: number;
  readonly F?: number;
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly review: ReturnType<Roto['review']>;
}

const EVERYTHING: readonly DeliverableName[] = ['exr', 'png', 'prores', 'vp9', 'preview', 'contact'];

/** `rotokit demo [CLIP]`: the main job on the clip that ships with the package, or on a clip of one's own. */
export function addDemo(program: Command, signal: AbortSignal): void {
  const collector = new PromptCollector();
  const command = program
    .command('demo [clip]')
    .description('The main job on the clip that ships with the package, scored against its exact mattes.');
  withPrompts(withTracking(command), collector)
    .option('-o, --output <folder>', 'where deliverables go', join('out', 'demo'))
    .option('--as <formats>', `any of ${DELIVERABLE_NAMES.join(',')}`, parseFormats, EVERYTHING)
    .addHelpText('after', '\nExamples:\n  rotokit demo\n  rotokit demo path/to/my.mp4 --click 412,220')
    .action(async (clip: string | undefined, options: DemoOptions) => {
      const said = collector.objects.some((o) => o.prompts.length);
      if (clip && !said)
        command.error('Say what to follow in your clip: --click X,Y (or --box, --brush, --mask).', { exitCode: 2 });
      const sample = clip ? undefined : await openSample();
      const objects = said ? collector.objects : [sampleObject(sample as Sample)];
      await demo(clip ?? (sample as Sample).clip, objects, said ? undefined : sample, options, signal);
    });
}

/** The one click of the demo: where an ideal user would click on the fox. */
function sampleObject(sample: Sample): ObjectArgument {
  const prompt = idealClick(sample.truth(0)) as PointPrompt;
  return { name: sample.object, prompts: [{ prompt }] };
}

async function demo(
  clip: string,
  objects: readonly ObjectArgument[],
  sample: Sample | undefined,
  options: DemoOptions,
  signal: AbortSignal,
): Promise<void> {
  const reporter = reporterOf(options);
  await mkdir(options.output, { recursive: true });
  const project = join(options.output, `${shotName(clip)}.roto`);
  // A demo shows the whole job every time.
  for (const suffix of ['', '-wal', '-shm', '.lock']) await rm(`${project}${suffix}`, { force: true });
  await using roto = await openRoto(clip, { ...options, project });
  const { size, frames } = roto.clip;
  for (const o of objects) {
    const words = o.prompts.map(({ prompt }) =>
      prompt.kind === 'point' ? `click at ${prompt.at.x},${prompt.at.y}` : prompt.kind,
    );
    reporter.note(`${o.name}: ${words.join(', ')}`);
  }
  const start = performance.now();
  const first = (options.range?.first ?? roto.numbers.first) as FrameNumber;
  // The first colour of new objects is amber, which would not show on a fox.
  if (sample) await roto.object(sample.object).ensure({ colour: '#56b4e9' });
  await sayAll(roto, objects, first, signal);
  const masks = await trackWithProgress(roto, options, reporter, signal);
  const msPerFrame = (performance.now() - start) / Math.max(1, masks);
  const made = await exportWithProgress(
    roto,
    options.as,
    options.output,
    { ...options.range, overlap: options.overlap, replace: true, signal },
    reporter,
  );
  const summary: DemoSummary = {
    frames: made.frames,
    masks,
    msPerFrame,
    peakRss: process.resourceUsage().maxRSS / 1024,
    ...(sample ? await scoreAgainst(roto, sample) : {}),
    files: made.files as DemoSummary['files'],
    review: roto.review(),
  };
  result(options, summary, describe(summary, `${clip}: ${frames} frames of ${size.width}x${size.height}`, project));
}

/** J and F of the tracked mattes against the sample's exact ones, from a click on the first frame. */
async function scoreAgainst(roto: Roto, sample: Sample): Promise<{ J: number; F: number }> {
  const scores = [];
  for (let i = 0; i < sample.frames; i++) {
    const mask = await roto.object(sample.object).maskOn(roto.numbers.shown(i as never));
    if (mask) scores.push(scoreFrame(mask, sample.truth(i)));
  }
  const { j, f } = meanScore([scoreSequence(scores)]);
  return { J: j.mean, F: f.mean };
}

function describe(s: DemoSummary, what: string, project: string): string {
  const files = Object.entries(s.files).map(
    ([name, paths]) => `  ${name.padEnd(8)} ${paths.length === 1 ? paths[0] : `${paths.length} files, ${paths[0]} …`}`,
  );
  return [
    '',
    what,
    ...(s.J === undefined || s.F === undefined
      ? []
      : [`against its exact mattes: J ${s.J.toFixed(3)}, F ${s.F.toFixed(3)} from one click`]),
    `${s.msPerFrame.toFixed(0)} ms a frame, prompt and decoding included; ${s.peakRss.toFixed(0)} MB of memory at most`,
    reviewLines(s.review),
    `project ${project}`,
    ...files,
  ].join('\n');
}
