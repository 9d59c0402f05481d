import type { Command } from 'commander';
import { newRoto } from '../library/open.js';
import { type LongOptions, result, withJson } from './shared.js';

/** `rotokit new CLIP -p SHOT.roto`: a project. */
export function addNew(program: Command): void {
  withJson(program.command('new <clip>').description('Makes a project for a clip.'))
    .requiredOption('-p, --project <file>', 'the .roto file to make')
    .addHelpText('after', '\nExample:\n  rotokit new plate.mov -p sh010.roto')
    .action(async (clip: string, options: LongOptions & { readonly project: string }) => {
      await using roto = await newRoto(clip, options.project);
      const { frames, size, notices } = roto.clip;
      result(
        options,
        { project: options.project, frames, size, notices },
        `${options.project}: ${frames} frames of ${size.width}x${size.height}`,
      );
    });
}
