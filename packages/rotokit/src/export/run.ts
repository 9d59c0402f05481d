import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameSource } from '@rotokit/core/ports';
import { type ObjectRecord, type RotoDocument, shapeOf } from '@rotokit/core/project';
import { resolveOverlap } from '@rotokit/core/tracking';
import {
  emptyMask,
  type FrameIndex,
  type FrameRange,
  framesOf,
  isRotokitError,
  RotokitError,
  rangeLength,
  type SoftMask,
} from '@rotokit/core/values';
import { matteChannelNames } from '@rotokit/formats';
import type { FrameNumbers, ShownRange } from '../library/frames.js';
import { DELIVERABLES, type DeliverableOptions } from './catalogue.js';
import type {
  DeliverableName,
  DeliveredFrame,
  DeliveredObject,
  Delivery,
  ExportJob,
  PlannedFile,
} from './deliverable.js';
import { earlierRuns, type Planned } from './earlier.js';
import { journalPath } from './journal.js';
import { lockFolder } from './lock.js';
import { pathIn, writeManifest } from './manifest.js';
import { checkNames, type Naming } from './naming.js';
import { markersIn, sequencesOf } from './timeline.js';
import { verifyExport } from './verify.js';

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

/** What an export left on disk. */
export interface ExportResult {
  readonly folder: string;
  readonly frames: number;
  /** Files by format, absolute or relative as the folder was given. */
  readonly files: Readonly<Partial<Record<DeliverableName, readonly string[]>>>;
}

/** What an export works with. */
export interface ExportContext {
  readonly document: RotoDocument;
  readonly source: FrameSource;
  readonly numbers: FrameNumbers;
  readonly shot: string;
}

/**
 * Writes every frame of a range in every format asked for, in one pass over the masks. Names are checked and the folder is looked at first: nothing
 * is written when something is missing, a name cannot stand, or the folder holds another export. Frames that an earlier run finished from the same masks are
 * not written again.
 * @throws RotokitError EXPORT_REFUSED, WRITE_FAILED, WRITE_VERIFY_FAILED.
 */
export async function exportDocument(
  context: ExportContext,
  formats: readonly DeliverableName[],
  folder: string,
  choices: ExportChoices,
): Promise<ExportResult> {
  const range = context.numbers.range(choices);
  const objects = chosenObjects(context, choices.objects);
  refuseMissing(context, range, objects);
  const { job, planned } = plan(jobOf(context, range, objects, folder, choices), formats, choices);
  checkNames(planned.flatMap((p) => p.deliverable.files.map((f) => f.path)));
  const frames = (index: FrameIndex) => deliveredFrame(context, objects, index, choices.overlap);
  const lock = await lockFolder(folder);
  try {
    const files = await writeFrames(job, planned, range, frames, choices);
    return { folder, frames: rangeLength(range), files };
  } finally {
    await lock.release();
  }
}

/** What an export would leave and what stands against it, found without writing anything. */
export interface ExportPlan {
  readonly frames: number;
  /** Files by format, relative to the folder, each with the frames in it. */
  readonly files: Readonly<Partial<Record<DeliverableName, readonly PlannedFile[]>>>;
  /** Frames of each format that an earlier run of the same export left, and that are not written again. */
  readonly kept: Readonly<Partial<Record<DeliverableName, number>>>;
  /** Why it would be refused; empty where it would not. */
  readonly problems: readonly RotokitError[];
}

/**
 * Looks at an export before it is started: the names come from the code that writes them, the problems from the checks that would refuse it.
 * @throws RotokitError FRAME_OUTSIDE, OBJECT_UNKNOWN.
 */
export async function planExport(
  context: ExportContext,
  formats: readonly DeliverableName[],
  folder: string,
  choices: ExportChoices,
): Promise<ExportPlan> {
  const problems: RotokitError[] = [];
  const told = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isRotokitError(error)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const range = context.numbers.range(choices);
  const objects = chosenObjects(context, choices.objects);
  await told(() => refuseMissing(context, range, objects));
  const made = await told(() => plan(jobOf(context, range, objects, folder, choices), formats, choices));
  const { job, planned = [] } = made ?? {};
  await told(() => checkNames(planned.flatMap((p) => p.deliverable.files.map((f) => f.path))));
  const earlier = job && (await told(() => earlierRuns(job, planned, false)));
  return {
    frames: rangeLength(range),
    files: Object.fromEntries(planned.map((p) => [p.name, p.deliverable.files])),
    kept: Object.fromEntries(planned.map((p) => [p.name, earlier?.get(p.name)?.frames.size ?? 0])),
    problems,
  };
}

/** Everything that an export will leave. Timelines come last, because they list the pictures. */
function plan(
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

async function writeFrames(
  job: ExportJob,
  planned: readonly Planned[],
  range: FrameRange,
  frameOf: (index: FrameIndex) => Promise<DeliveredFrame>,
  choices: ExportChoices,
): Promise<ExportResult['files']> {
  const earlier = await earlierRuns(job, planned, choices.replace ?? false);
  const deliveries: (readonly [Planned, Delivery])[] = [];
  try {
    for (const p of planned) {
      const found = earlier.get(p.name);
      if (found) deliveries.push([p, await p.deliverable.open(found)]);
    }
    choices.onStart?.(rangeLength(range));
    for (const index of framesOf(range)) {
      choices.signal?.throwIfAborted();
      const frame = await frameOf(index);
      let skipped = true;
      for (const [, delivery] of deliveries) {
        if (await delivery.has(frame)) continue;
        skipped = false;
        await delivery.write(frame);
      }
      choices.onFrame?.(frame.number, skipped);
    }
    const files: Partial<Record<DeliverableName, readonly string[]>> = {};
    for (const [p, delivery] of deliveries) {
      const delivered = await delivery.close();
      await writeManifest(job, p, delivered);
      await rm(journalPath(job.folder, job.shot, p.name), { force: true }).catch(() => {});
      files[p.name] = delivered.files.map((f) => pathIn(job, f));
    }
    if (choices.verify) await verifyFrames(job, deliveries, range, frameOf, choices);
    return files;
  } catch (error) {
    await Promise.allSettled(deliveries.map(([, d]) => d.abort()));
    throw error;
  }
}

/** Compares every matte that was written with its mask, then every file with its manifest. @throws RotokitError WRITE_VERIFY_FAILED. */
async function verifyFrames(
  job: ExportJob,
  deliveries: readonly (readonly [Planned, Delivery])[],
  range: FrameRange,
  frameOf: (index: FrameIndex) => Promise<DeliveredFrame>,
  choices: ExportChoices,
): Promise<void> {
  choices.onVerifyStart?.(rangeLength(range));
  for (const index of framesOf(range)) {
    choices.signal?.throwIfAborted();
    const frame = await frameOf(index);
    for (const [, delivery] of deliveries) await delivery.verify?.(frame);
    choices.onVerified?.(frame.number);
  }
  const { problems } = await verifyExport(job.folder, choices);
  const [first] = problems;
  if (first)
    throw new RotokitError('WRITE_VERIFY_FAILED', { path: join(job.folder, first.path), reason: first.reason });
}

function chosenObjects({ document }: ExportContext, names?: readonly string[]): readonly ObjectRecord[] {
  const { project } = document;
  return names ? names.map((n) => project.object(n)) : project.objects().filter((o) => o.visible);
}

/** @throws RotokitError EXPORT_REFUSED where there is nothing to export, or a mask is missing. */
function refuseMissing({ document, numbers }: ExportContext, range: FrameRange, objects: readonly ObjectRecord[]) {
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

function jobOf(
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

async function deliveredFrame(
  { document, source, numbers }: ExportContext,
  objects: readonly ObjectRecord[],
  index: FrameIndex,
  overlap: ExportChoices['overlap'],
): Promise<DeliveredFrame> {
  const kept = await Promise.all(
    objects.map(async (o) => (await document.mask(o.id, index)) ?? emptyMask(source.info.size)),
  );
  const masks = overlap === 'allowed' ? kept : apart(document, objects, index, kept);
  const confidences = objects
    .filter((o) => !document.project.anchor(o.id, index))
    .map((o) => document.project.tracked(o.id, index)?.confidence)
    .filter((c) => c !== undefined);
  let plate: ReturnType<DeliveredFrame['plate']> | undefined;
  let deep: ReturnType<DeliveredFrame['deepPlate']> | undefined;
  return {
    index,
    number: numbers.shown(index),
    masks,
    ...(confidences.length ? { confidence: Math.min(...confidences) } : {}),
    plate: () => (plate ??= source.read(index)),
    deepPlate: () => (deep ??= source.read(index, 'rgbaf')),
  };
}

/** No pixel in two objects, also where one of them was tracked again after the other. Anchors stay as they are. */
function apart(
  document: RotoDocument,
  objects: readonly ObjectRecord[],
  frame: FrameIndex,
  masks: readonly SoftMask[],
) {
  const claims = objects.map(({ id, priority }, i) => ({
    object: id,
    priority,
    mask: masks[i] as SoftMask,
    fixed: document.project.anchor(id, frame) !== undefined,
  }));
  return resolveOverlap(claims);
}
