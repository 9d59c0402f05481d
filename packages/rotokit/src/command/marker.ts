import type { Command } from 'commander';
import { openRoto } from '../library/open.js';
import { type LongOptions, result, withJson } from './shared.js';

interface MarkerOptions extends LongOptions {
  readonly name?: string;
  readonly colour?: string;
  readonly remove?: boolean;
}

/** `rotokit marker SHOT.roto [FRAME]`: lists, sets or takes away markers, which timelines (otio, edl) carry along. */
export function addMarker(program: Command): void {
  withJson(program.command('marker <project> [frame]').description('Lists the marked frames, or marks one.'))
    .option('--name <text>', 'what to find it by')
    .option('--colour <#rrggbb>', 'colour in timelines')
    .option('--remove', 'take the marker of the frame away')
    .addHelpText('after', '\nExample:\n  rotokit marker sh010.roto 1040 --name "hand crosses" --colour "#d64545"')
    .action(async (path: string, frame: string | undefined, { name, colour, remove, ...options }: MarkerOptions) => {
      await using roto = await openRoto(path);
      if (frame !== undefined && remove) await roto.removeMarker(Number(frame));
      else if (frame !== undefined)
        await roto.setMarker(Number(frame), {
          ...(name === undefined ? {} : { name }),
          ...(colour === undefined ? {} : { colour }),
        });
      const markers = roto.project.markers().map((m) => ({ ...m, frame: roto.numbers.shown(m.frame) }));
      const lines = markers.map((m) => `${m.frame}  ${m.colour}  ${m.name}`.trimEnd());
      result(
        options,
        markers.map((m) => ({ frame: m.frame, name: m.name, colour: m.colour })),
        lines.join('\n') || 'no frame is marked',
      );
    });
}
