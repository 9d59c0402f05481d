import { REVIEW_DEFAULTS } from '@rotokit/core/tracking';
import type { Command } from 'commander';
import { openRoto } from '../library/open.js';
import { EXIT } from './exit-codes.js';
import { type LongOptions, result, reviewLines, withJson } from './shared.js';

interface ReviewOptions extends LongOptions {
  readonly below: number;
  readonly accept?: string;
  readonly ignore?: string;
  readonly strict?: boolean;
}

/** `rotokit review SHOT.roto`: the frames worth looking at; `--accept OBJECT@FRAME` takes one off the list. */
export function addReview(program: Command): void {
  const command = program.command('review <project>').description('Frames worth looking at, worst first.');
  withJson(command)
    .option('--below <confidence>', 'list frames below this confidence, 0 to 1', Number, REVIEW_DEFAULTS.below)
    .option('--accept <object@frame>', 'this frame is right')
    .option('--ignore <object@frame>', 'nobody needs to look at this frame')
    .option('--strict', 'exit with 3 when the list is not empty')
    .addHelpText('after', '\nExample:\n  rotokit review sh010.roto --accept hero@1040')
    .action(async (path: string, options: ReviewOptions) => {
      await using roto = await openRoto(path);
      for (const [text, verdict] of [
        [options.accept, 'accepted'],
        [options.ignore, 'ignored'],
      ] as const) {
        if (text === undefined) continue;
        const m = /^(.+)@(-?\d+)$/.exec(text);
        if (!m) command.error(`A mark is OBJECT@FRAME, got ${text}.`, { exitCode: EXIT.usage });
        else await roto.mark(m[1] as string, Number(m[2]), verdict);
      }
      const items = roto.review({ ...REVIEW_DEFAULTS, below: options.below });
      result(options, items, reviewLines(items));
      if (options.strict && items.length) process.exitCode = EXIT.review;
    });
}
