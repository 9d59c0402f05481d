import { changeObject, type ObjectChange, removeObject } from '@rotokit/core/project';
import type { Json } from '@rotokit/core/values';
import { type Command, Option } from 'commander';
import { choiceLabel, engineChoiceOf } from '../engines/choice.js';
import { openRoto } from '../library/open.js';
import { checkedPolicy, type LongOptions, result, withJson } from './shared.js';

interface ObjectOptions extends LongOptions {
  readonly rename?: string;
  readonly colour?: string;
  readonly priority?: number;
  readonly lock?: boolean;
  readonly show?: boolean;
  readonly remove?: boolean;
  readonly engine?: string;
  readonly policy?: string;
  readonly profile?: 'full' | 'fast';
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
    .option(
      '--engine <names>',
      'follow it by the first of these that can be used (see `rotokit track --help`), whatever the others are followed by; `project` leaves it to the project again',
    )
    .option('--policy <name[,threshold=number...]>', 'how that engine remembers', checkedPolicy)
    .addOption(new Option('--profile <name>', 'of the embedded engine').choices(['full', 'fast']))
    .option('--remove', 'remove it with everything said about it (can be undone)')
    .addHelpText(
      'after',
      '\nExample:\n  rotokit object sh010.roto hero --priority 2 --colour "#56b4e9"\n  rotokit object sh010.roto glass --engine sam2.1-tiny,embedded --policy samurai',
    )
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
        ...(o.engine ? { engine: o.engine } : {}),
      }));
      const lines = objects.map(
        (o) =>
          `${o.name}  ${o.colour}  priority ${o.priority}  anchors ${o.anchors.join(' ') || '-'}  tracked ${o.tracked}${o.locked ? '  locked' : ''}${o.visible ? '' : '  hidden'}${own(o.engine)}`,
      );
      result(options, objects, lines.join('\n') || 'no objects yet');
    });
}

const own = (kept: Json | undefined): string => {
  const choice = engineChoiceOf(kept);
  return choice ? `  engine ${choiceLabel(choice)}` : '';
};

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
  await chooseFor(roto, name, options);
  const change: ObjectChange = {
    ...(rename === undefined ? {} : { name: rename }),
    ...(colour === undefined ? {} : { colour }),
    ...(priority === undefined ? {} : { priority }),
    ...(lock === undefined ? {} : { locked: lock }),
    ...(show === undefined ? {} : { visible: show }),
  };
  if (Object.keys(change).length) await roto.edit(`change ${name}`, (p) => changeObject(p, id, change));
}

/** What is not said about an engine stays as it was chosen for the object. */
async function chooseFor(
  roto: Awaited<ReturnType<typeof openRoto>>,
  name: string,
  { engine, policy, profile }: ObjectOptions,
): Promise<void> {
  if (engine === undefined && policy === undefined && profile === undefined) return;
  if (engine === 'project') return roto.chooseEngine(undefined, name);
  const before = engine === undefined ? roto.engineChoice(name) : { engine };
  const said = { ...(policy === undefined ? {} : { policy }), ...(profile === undefined ? {} : { profile }) };
  await roto.chooseEngine({ ...before, ...said }, name);
}
