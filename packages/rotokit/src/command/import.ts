import type { Command } from 'commander';
import { importMasks } from '../import/masks.js';
import { openRoto } from '../library/open.js';
import { parseRange } from './prompt-arguments.js';
import { type LongOptions, reporterOf, result, withJson } from './shared.js';

interface ImportOptions extends LongOptions {
  readonly object?: string;
  readonly every: number;
  readonly range?: ReturnType<typeof parseRange>;
}

/** `rotokit import SHOT.roto MASKS`: masks of any format that `export` writes become anchors. */
export function addImport(program: Command, signal: AbortSignal): void {
  withJson(
    program
      .command('import <project> <masks>')
      .description('Brings masks in as anchors: a folder of pictures, or a file of a data set.'),
  )
    .option('--object <name>', 'only this object; or the name of one that has none')
    .option('--every <n>', 'only every n-th frame; the tracker does the others', Number, 1)
    .option('--range <first-last>', 'frames as shown, both included', parseRange)
    .addHelpText(
      'after',
      '\nExamples:\n  rotokit import sh010.roto roto/hero --object hero --every 10\n  rotokit import sh010.roto sh010_cvat.xml',
    )
    .action(async (project: string, masks: string, options: ImportOptions) => {
      await using roto = await openRoto(project);
      const phase = reporterOf(options).phase('import', roto.clip.frames);
      const counts = new Map<string, number>();
      try {
        for await (const { object, frame } of importMasks(roto, masks, { ...options, ...options.range, signal })) {
          counts.set(object, (counts.get(object) ?? 0) + 1);
          phase.frame(frame, { object });
        }
      } finally {
        phase.end();
      }
      const lines = [...counts].map(([object, n]) => `${object}: ${n} anchors`);
      result(options, { anchors: Object.fromEntries(counts) }, lines.join('\n'));
    });
}
