import type { Command } from 'commander';
import { DELIVERABLE_NAMES, type DeliverableName } from '../export/deliverable.js';
import { openRoto } from '../library/open.js';
import { parseRange } from './prompt-arguments.js';
import { parseFormats } from './roto.js';
import { exportWithProgress, type LongOptions, reporterOf, result, withJson } from './shared.js';

interface ExportOptions extends LongOptions {
  readonly as: readonly DeliverableName[];
  readonly output: string;
  readonly range?: ReturnType<typeof parseRange>;
  readonly object?: readonly string[];
  readonly float?: boolean;
  readonly overlap: 'exclusive' | 'allowed';
  readonly compression: 'none' | 'zips' | 'zip';
}

/** `rotokit export SHOT.roto --as exr -o DIR`. */
export function addExport(program: Command, signal: AbortSignal): void {
  withJson(
    program
      .command('export <project>')
      .description('Writes deliverables; an interrupted export goes on where it stopped.'),
  )
    .requiredOption('-o, --output <folder>', 'where they go')
    .option('--as <formats>', `any of ${DELIVERABLE_NAMES.join(',')}`, parseFormats, ['exr'] as const)
    .option('--range <first-last>', 'frames as shown, both included', parseRange)
    .option('--object <names...>', 'only these objects')
    .option('--float', 'EXR channels in 32-bit float instead of half')
    .option('--overlap <rule>', 'exclusive, or allowed: masks as they are, even where two share a pixel', 'exclusive')
    .option('--compression <kind>', 'EXR: zip, zips or none', 'zip')
    .addHelpText('after', '\nExample:\n  rotokit export sh010.roto --as exr,prores,preview -o out')
    .action(async (path: string, options: ExportOptions) => {
      await using roto = await openRoto(path);
      const reporter = reporterOf(options);
      const stale = await roto.pending(options.range);
      if (stale) reporter.note(`${stale} masks are missing or older than an edit: rotokit track ${path}`);
      const exr = { type: options.float ? 'float' : 'half', compression: options.compression } as const;
      const choices = {
        ...options.range,
        exr,
        signal,
        overlap: options.overlap,
        ...(options.object ? { objects: options.object } : {}),
      };
      const made = await exportWithProgress(roto, options.as, options.output, choices, reporter);
      const lines = Object.entries(made.files).map(
        ([name, paths]) => `${name}: ${paths.length === 1 ? paths[0] : `${paths.length} files`}`,
      );
      result(options, made, [`${made.frames} frames`, ...lines].join('\n'));
    });
}
