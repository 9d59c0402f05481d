import type { FrameSource } from '@rotokit/core/ports';
import type { ObjectRecord, RotoDocument } from '@rotokit/core/project';
import { resolveOverlap } from '@rotokit/core/tracking';
import {
  emptyMask,
  type FrameIndex,
  type FrameRange,
  framesOf,
  RotokitError,
  rangeLength,
  type SoftMask,
} from '@rotokit/core/values';
import { matteChannelNames } from '@rotokit/formats';
import type { FrameNumbers, ShownRange } from '../library/frames.js';
import { DELIVERABLES, type DeliverableOptions } from './catalogue.js';
import type { DeliverableName, DeliveredFrame, DeliveredObject, Delivery, ExportJob } from './deliverable.js';
import { writeManifest } from './manifest.js';

/** What to deliver of a project, and how. */
export interface ExportChoices extends ShownRange, DeliverableOptions {
  /** Names of objects; all visible ones when left out. */
  readonly objects?: readonly string[];
  /** `exclusive` (default): objects tracked at different times are kept apart once more. `allowed`: masks as they are. */
  readonly overlap?: 'exclusive' | 'allowed';
  readonly signal?: AbortSignal;
  /** Told once before the first frame. */
  onStart?(frames: number): void;
  /** Told after each frame that is on disk in every format. */
  onFrame?(frame: number, skipped: boolean): void;
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
 * Writes every frame of a range in every format asked for, in one pass over the masks. Nothing is written when
 * something is missing. Frames that an interrupted run finished are not written again.
 */
export async function exportDocument(
  context: ExportContext,
  formats: readonly DeliverableName[],
  folder: string,
  choices: ExportChoices,
): Promise<ExportResult> {
  const range = context.numbers.range(choices);
  const objects = objectsToExport(context, range, choices.objects);
  const job = jobOf(context, range, objects, folder);
  const deliveries: (readonly [DeliverableName, Delivery])[] = [];
  try {
    for (const name of new Set(formats)) deliveries.push([name, await DELIVERABLES[name](choices)(job)]);
    choices.onStart?.(rangeLength(range));
    for (const index of framesOf(range)) {
      choices.signal?.throwIfAborted();
      const frame = await deliveredFrame(context, objects, index, choices.overlap);
      let skipped = true;
      for (const [, delivery] of deliveries) {
        if (await delivery.has(frame)) continue;
        skipped = false;
        await delivery.write(frame);
      }
      choices.onFrame?.(frame.number, skipped);
    }
    const files: Partial<Record<DeliverableName, readonly string[]>> = {};
    for (const [name, delivery] of deliveries) files[name] = await delivery.close();
    await writeManifest(job, context.source.info, files);
    return { folder, frames: rangeLength(range), files };
  } catch (error) {
    await Promise.allSettled(deliveries.map(([, d]) => d.abort()));
    throw error;
  }
}

function objectsToExport(
  { document, numbers }: ExportContext,
  range: FrameRange,
  names?: readonly string[],
): readonly ObjectRecord[] {
  const { project } = document;
  const objects = names ? names.map((n) => project.object(n)) : project.objects().filter((o) => o.visible);
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
  return objects;
}

function jobOf(
  { source, shot, numbers, document }: ExportContext,
  range: FrameRange,
  objects: readonly ObjectRecord[],
  folder: string,
): ExportJob {
  const { size, rate, path } = source.info;
  const names = matteChannelNames(objects.map((o) => o.name));
  const engines = new Set(objects.flatMap((o) => document.project.trackedFrames(o.id).map((t) => t.run)));
  const runs = [...engines].map((id) => document.project.run(id)).filter((r) => r !== undefined);
  return {
    folder,
    shot,
    size,
    rate,
    first: numbers.shown(range.start),
    last: numbers.shown((range.end - 1) as FrameIndex),
    objects: objects.map(
      (o, i): DeliveredObject => ({
        id: o.id,
        name: o.name,
        fileName: (names[i] as string).replace(/\.A$/, ''),
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
  return {
    index,
    number: numbers.shown(index),
    masks,
    ...(confidences.length ? { confidence: Math.min(...confidences) } : {}),
    plate: () => (plate ??= source.read(index)),
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
