import type { ShapeSettings } from '@rotokit/core/shapes';
import { HOST_NAMES, type HostName } from '@rotokit/formats';
import { type Command, InvalidArgumentError } from 'commander';
import { openRoto } from '../library/open.js';
import type { ShapesReport } from '../library/shapes.js';
import { parseRange } from './prompt-arguments.js';
import { exportWithProgress, type LongOptions, reporterOf, result, round, withJson } from './shared.js';

/** Options about how shapes are fitted. */
export interface FittingOptions {
  readonly error?: number;
  readonly keyError?: number;
  readonly points?: number;
  readonly parts?: boolean;
  readonly room?: number;
  readonly smallest?: number;
}

interface ShapeOptions extends LongOptions, FittingOptions {
  readonly as?: readonly HostName[];
  readonly output?: string;
  readonly range?: ReturnType<typeof parseRange>;
  readonly object?: readonly string[];
}

const number = (text: string): number => {
  const n = Number(text);
  if (text.trim() === '' || !Number.isFinite(n)) throw new InvalidArgumentError(`${text} is not a number.`);
  return n;
};

const parseHosts = (text: string): readonly HostName[] =>
  text.split(',').map((name) => {
    const known = HOST_NAMES.find((n) => n === name.trim());
    if (!known) throw new InvalidArgumentError(`${name} is not one of ${HOST_NAMES.join(', ')}.`);
    return known;
  });

/** Adds the options about how shapes are fitted. */
export const withFitting = (command: Command): Command =>
  command
    .option('--error <px>', 'largest distance of a shape from the matte before keys are taken out', number)
    .option('--key-error <px>', 'the same once keys are taken out; 0 keeps a key on every frame', number)
    .option('--points <n>', 'most points of a shape (40)', number)
    .option('--no-parts', 'one shape a region, however many points it would need')
    .option('--room <factor>', 'points beyond the fewest, 1 to 4 (1.25): more points, fewer keys', number)
    .option('--smallest <px2>', 'islands and holes below this area are left out', number);

/** Only what was said. */
export function fittingOf(o: FittingOptions): Partial<ShapeSettings> {
  const { error, keyError, points, room, smallest } = o;
  const all = { error, keyError, points, room, smallest, parts: o.parts === false ? false : undefined };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined));
}

/** `rotokit shape SHOT.roto`: mattes to Bezier shapes, what they come to, and files for hosts. */
export function addShape(program: Command, signal: AbortSignal): void {
  const command = program
    .command('shape <project>')
    .description(
      'Turns mattes into Bezier shapes that stay editable, and says how near they are and how many keys they need.',
    );
  withFitting(withJson(command))
    .option('--as <hosts>', `write them for any of ${HOST_NAMES.join(',')}`, parseHosts)
    .option('-o, --output <folder>', 'where they go')
    .option('--range <first-last>', 'frames as shown, both included', parseRange)
    .option('--object <names...>', 'only these objects')
    .addHelpText('after', '\nExample:\n  rotokit shape sh010.roto --key-error 2 --as nuke,silhouette -o out')
    .action(async (path: string, options: ShapeOptions) => {
      if (options.as && !options.output) command.error('--as needs -o: where should the files go?', { exitCode: 2 });
      await using roto = await openRoto(path);
      const reporter = reporterOf(options);
      const fitting = fittingOf(options);
      const which = { ...options.range, ...(options.object ? { objects: options.object } : {}), signal };
      let phase: ReturnType<typeof reporter.phase> | undefined;
      const report = await roto
        .shapes({
          ...which,
          ...fitting,
          onStart: (n) => (phase = reporter.phase('shapes', n)),
          onFrame: (frame) => phase?.frame(frame),
        })
        .finally(() => phase?.end());
      const made =
        options.as && options.output
          ? await exportWithProgress(roto, options.as, options.output, { ...which, shapes: fitting }, reporter)
          : undefined;
      const files = Object.entries(made?.files ?? {}).map(
        ([name, paths]) => `${name}: ${paths.length === 1 ? paths[0] : `${paths.length} files`}`,
      );
      const objects = report.objects.map(({ shapes: _, ...rest }) => rest);
      result(
        options,
        { settings: report.settings, objects, ...(made ? { files: made.files } : {}) },
        [...lines(report), ...files].join('\n'),
      );
    });
}

/** The report for people. */
function lines(report: ShapesReport): string[] {
  return report.objects.flatMap(({ object, statistics, events, leftOut, asTheyWere, iou }) => {
    const [keys, frames] = statistics.reduce(([k, f], s) => [k + s.keys, f + s.frames], [0, 0]);
    const share = frames ? ` (${Math.round((100 * keys) / frames)} %)` : '';
    return [
      `${object}: ${statistics.length} shapes, ${keys} keys of ${frames}${share}; IoU ${round(iou.mean)}, worst ${round(iou.worst)} on ${iou.frame}`,
      ...statistics.map(
        (s) =>
          `  ${s.shape.padEnd(8)} ${s.points} points, ${s.keys} keys of ${s.frames}, worst ${s.worst.toFixed(2)} px on ${s.worstFrame}${crossing(s.crossing)}${byHand(s)}`,
      ),
      ...events.map((e) => `  ${e.frame}: region ${e.region} ${said(e)}`),
      ...asTheyWere.map((id) => `  ${id.padEnd(8)} stays as it was edited: the mattes no longer have it there`),
      ...(leftOut ? [`  ${leftOut} specks left out (--smallest)`] : []),
    ];
  });
}

const crossing = (frames: number) =>
  frames ? `, crosses itself on ${frames} ${frames === 1 ? 'frame' : 'frames'}` : '';

const byHand = ({ edited, inserted }: { readonly edited: number; readonly inserted: number }) =>
  edited ? `, ${edited} edited${inserted ? ` and given ${inserted} more points` : ''}` : '';

function said(e: ShapesReport['objects'][number]['events'][number]): string {
  switch (e.kind) {
    case 'split':
      return `split off ${e.of}`;
    case 'merge':
      return `became part of ${e.into}`;
    case 'changed':
      return e.of === e.region
        ? 'goes on with other points'
        : `is what became of ${e.of}: points could not be carried on`;
    default:
      return e.kind;
  }
}
