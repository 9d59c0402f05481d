import type { Command } from 'commander';
import { openRoto } from '../library/open.js';
import { type LongOptions, result, withJson } from './shared.js';

interface HistoryOptions extends LongOptions {
  readonly undo?: number | true;
  readonly redo?: number | true;
}

const steps = (n: number | true | undefined) => (n === true ? 1 : (n ?? 0));

/** `rotokit history SHOT.roto [--undo [N]] [--redo [N]]`. */
export function addHistory(program: Command): void {
  withJson(
    program
      .command('history <project>')
      .description('What was done; undo and redo without limit, also of earlier days.'),
  )
    .option('--undo [steps]', 'take back the last edits', Number)
    .option('--redo [steps]', 'do again what was undone', Number)
    .addHelpText('after', '\nExample:\n  rotokit history sh010.roto --undo 2')
    .action(async (path: string, options: HistoryOptions) => {
      await using roto = await openRoto(path);
      for (let n = steps(options.undo); n > 0; n--) await roto.undo();
      for (let n = steps(options.redo); n > 0; n--) await roto.redo();
      const { entries, applied } = roto.history;
      const lines = entries.map(
        (e, i) =>
          `${i < applied ? '*' : ' '} ${e.at === undefined ? '' : `${new Date(e.at).toISOString()}  `}${e.label}`,
      );
      result(options, roto.history, lines.join('\n') || 'nothing was done yet');
    });
}
