import type { FrameSource } from '@rotokit/core/ports';
import { type ObjectRecord, type RotoDocument, shapeOf } from '@rotokit/core/project';
import { type FrameIndex, type FrameRange, framesOf, RotokitError } from '@rotokit/core/values';
import { matteChannelNames } from '@rotokit/formats';
import type { FrameNumbers, ShownRange } from '../library/frames.js';
import { DELIVERABLES, type DeliverableOptions } from './catalogue.js';
import type { DeliverableName, DeliveredObject, ExportJob } from './deliverable.js';
import type { Planned } from './earlier.js';
import type { Naming } from './naming.js';
import { markersIn, sequencesOf } from './timeline.js';

/** What to deliver of a project, and how. */
export interface ExportChoices extends ShownRange, DeliverableOptions {
  /** Names of objects; all visible ones when left out. */
  readonly objects?: readonly string[];
  /** `exclusive` (default): objects tracked at different times are kept apart once more. `allowed`: masks as they are. */
  readonly overlap?: 'exclusive' | 'allowed';
  /** How files are called: a template, a version, digits and start of frame numbers. */
  readonly naming?: Partial<Naming>;
  /** Takes away what another export of the same formats left in the folder, instead of refusing to mix with it. */
  readonly replace?: boolean;
  /** Reads everything back when it is written: checksums, structure, and every matte against its mask. */
  readonly verify?: boolean;
  readonly signal?: AbortSignal;
  /** Told once before the first frame. */
  onStart?(frames: number): void;
  /** Told after each frame that is on disk in every format. */
  onFrame?(frame: number, skipped: boolean): void;
  /** Told once before the first frame is read back. */
  onVerifyStart?(frames: number): void;
  /** Told after each frame that was read back in every format. */
  onVerified?(frame: number): void;
}

/** What an export works with. */
export interface ExportContext {
  readonly document: RotoDocument;
  readonly source: FrameSource;
  readonly numbers: FrameNumbers;
  readonly shot: string;
}

/** The objects that are delivered. @throws RotokitError OBJECT_UNKNOWN. */
export function chosenObjects({ document }: ExportContext, names?: readonly string[]): readonly ObjectRecord[] {
  const { project } = document;
  return names ? names.map((n) => project.object(n)) : project.objects().filter((o) => o.visible);
}

/** @throws RotokitError EXPORT_REFUSED where there is nothing to export, or a mask is missing. */
export function refuseMissing(
  { document, numbers }: ExportContext,
  range: FrameRange,
  objects: readonly ObjectRecord[],
) {
  const { project } = document;
  const refuse = (reason: string, remedy: string): never => {
    throw new RotokitError('EXPORT_REFUSED', { what: 'the project', reason, remedy });
  };
  if (!objects.length) refuse('it has no object', 'Say what to follow: a click, a box or a mask.');
  for (const o of objects) {
    const missing = [...framesOf(range)].filter((f) => project.maskKey(o.id, f) === undefined);
    if (!missing.length) continue;
    const first = numbers.shown(missing[0] as FrameIndex);
    refuse(
      `${o.name} has no mask on ${missing.length} frames, the first is ${first}`,
      'Track it first, or choose a range that is tracked.',
    );
  }
}

/** Everything that is known before the first frame. */
export function jobOf(
  { source, shot, numbers, document }: ExportContext,
  range: FrameRange,
  objects: readonly ObjectRecord[],
  folder: string,
  choices: ExportChoices,
): ExportJob {
  const { size, rate, path, first, frames, timecode } = source.info;
  const names = matteChannelNames(objects.map((o) => o.name));
  const engines = new Set(objects.flatMap((o) => document.project.trackedFrames(o.id).map((t) => t.run)));
  const runs = [...engines].map((id) => document.project.run(id)).filter((r) => r !== undefined);
  return {
    folder,
    shot,
    clip: { path, first, frames, ...(timecode ? { timecode } : {}) },
    size,
    rate,
    sequences: [],
    naming: { padding: 4, ...choices.naming },
    markers: markersIn(document.project, numbers, range),
    first: numbers.shown(range.start),
    last: numbers.shown((range.end - 1) as FrameIndex),
    objects: objects.map(
      (o, i): DeliveredObject => ({
        id: o.id,
        name: o.name,
        fileName: (names[i] as string).replace(/\.A$/, ''),
        edited: document.project.shapes(o.id).map(shapeOf),
        colour: [1, 3, 5].map((at) =>
          Number.parseInt(o.colour.slice(at, at + 2), 16),
        ) as unknown as DeliveredObject['colour'],
      }),
    ),
    provenance: {
      clip: path,
      ...(runs.length ? { engine: runs.map((r) => `${r.engine} ${JSON.stringify(r.provenance)}`).join('; ') } : {}),
    },
  };
}

/** Everything that an export will leave. Timelines come last, because they list the pictures. */
export function plan(
  job: ExportJob,
  formats: readonly DeliverableName[],
  choices: ExportChoices,
): { readonly job: ExportJob; readonly planned: readonly Planned[] } {
  const names = [...new Set(formats)];
  const timelines: readonly DeliverableName[] = ['otio', 'edl'];
  const made = (of: readonly DeliverableName[], from: ExportJob): Planned[] =>
    of.map((name) => ({ name, deliverable: DELIVERABLES[name](choices)(from) }));
  const pictures = made(
    names.filter((n) => !timelines.includes(n)),
    job,
  );
  const whole = { ...job, sequences: sequencesOf(pictures, job) };
  const rest = made(
    names.filter((n) => timelines.includes(n)),
    whole,
  );
  return { job: whole, planned: [...pictures, ...rest] };
}
