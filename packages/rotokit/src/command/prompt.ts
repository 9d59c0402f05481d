import { maskArea } from '@rotokit/core/values';
import type { Command } from 'commander';
import { openRoto } from '../library/open.js';
import { PromptCollector } from './prompt-arguments.js';
import { sayAll, withPrompts } from './roto.js';
import { type LongOptions, result, withJson } from './shared.js';

/** `rotokit prompt SHOT.roto --object hero --click X,Y@F`: says something and makes that frame an anchor. */
export function addPrompt(program: Command, signal: AbortSignal): void {
  const collector = new PromptCollector();
  const command = program
    .command('prompt <project>')
    .description('Says more about objects; each frame spoken of becomes an anchor.');
  withPrompts(withJson(command), collector)
    .option('--clear <frame>', 'take back what was said about the named objects on a frame', Number)
    .addHelpText(
      'after',
      '\nExample:\n  rotokit prompt sh010.roto --object hero --click 430,260@1040 --click -300,90@1040',
    )
    .action(async (path: string, options: LongOptions & { readonly clear?: number }) => {
      if (!collector.objects.length)
        command.error('Say something: --object NAME with --click, --box, --brush or --mask.', { exitCode: 2 });
      await using roto = await openRoto(path);
      if (options.clear !== undefined)
        for (const { name } of collector.objects) await roto.object(name).clear(options.clear);
      await sayAll(roto, collector.objects, roto.numbers.first, signal);
      const anchors = [];
      for (const { name, prompts } of collector.objects) {
        for (const frame of new Set(prompts.map((p) => p.frame ?? roto.numbers.first))) {
          const mask = await roto.object(name).maskOn(frame);
          anchors.push({ object: name, frame, area: mask ? maskArea(mask) : 0 });
        }
      }
      result(options, anchors, anchors.map((a) => `${a.object}  ${a.frame}  ${a.area} pixels`).join('\n') || 'cleared');
    });
}
