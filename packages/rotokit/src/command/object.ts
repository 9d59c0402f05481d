import { changeObject, type ObjectChange, removeObject } from '@rotokit/core/project';
import type { Command } from 'commander';
import { openRoto } from '../library/open.js';
import { type LongOptions, result, withJson } from './shared.js';

interface ObjectOptions extends LongOptions {
  readonly rename?: string;
  readonly colour?: string;
  readonly priority?: number;
  readonly lock?: boolean;
  readonly show?: boolean;
  readonly remove?: boolean;
}

/** `rotokit object SHOT.roto [NAME]`: lists, makes, changes or removes objects. */
export function addObject(program: Command): void {
  withJson(program.command('object <project> [name]').description('Lists the objects, or makes or changes one.'))
    .option('--rename <name>', 'another name')
    .option('--colour <#rrggbb>', 'colour in overlays')
    .option('--priority <n>', 'larger wins where two objects claim a pixel', Number)
    .option('--lock', 'take no edits and do not track it')
    .option('--no-lock', 'unlock it')
    .option('--show', 'export it')
    .option('--no-show', 'leave it out of exports')
    .option('--remove', 'remove it with everything said about it (can be undone)')
    .addHelpText('after', '\nExample:\n  rotokit object sh010.roto hero --priority 2 --colour "#56b4e9"')
    .action(async (path: string, name: string | undefined, options: ObjectOptions) => {
      await using roto = await openRoto(path);
      if (name !== undefined) await applyTo(roto, name, options);
      const objects = roto.project.objects().map((o) => ({
        name: o.name,
        id: o.id,
        colour: o.colour,
        priority: o.priority,
        locked: o.locked,
        visible: o.visible,
        anchors: roto.object(o.name).anchors(),
        tracked: roto.project.trackedFrames(o.id).length,
      }));
      const lines = objects.map(
        (o) =>
          `${o.name}  ${o.colour}  priority ${o.priority}  anchors ${o.anchors.join(' ') || '-'}  tracked ${o.tracked}${o.locked ? '  locked' : ''}${o.visible ? '' : '  hidden'}`,
      );
      result(options, objects, lines.join('\n') || 'no objects yet');
    });
}

async function applyTo(
  roto: Awaited<ReturnType<typeof openRoto>>,
  name: string,
  options: ObjectOptions,
): Promise<void> {
  const { rename, colour, priority, lock, show, remove } = options;
  if (!remove) await roto.object(name).ensure();
  const { id } = roto.project.object(name);
  if (remove) {
    await roto.edit(`remove ${name}`, (p) => removeObject(p, id));
    return;
  }
  const change: ObjectChange = {
    ...(rename === undefined ? {} : { name: rename }),
    ...(colour === undefined ? {} : { colour }),
    ...(priority === undefined ? {} : { priority }),
    ...(lock === undefined ? {} : { locked: lock }),
    ...(show === undefined ? {} : { visible: show }),
  };
  if (Object.keys(change).length) await roto.edit(`change ${name}`, (p) => changeObject(p, id, change));
}
