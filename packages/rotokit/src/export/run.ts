import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FrameIndex, type FrameRange, framesOf, RotokitError, rangeLength } from '@rotokit/core/values';
import type { DeliverableName, DeliveredFrame, Delivery, ExportJob } from './deliverable.js';
import { deliveredFrame } from './delivered-frame.js';
import { earlierRuns, type Planned } from './earlier.js';
import { chosenObjects, type ExportChoices, type ExportContext, jobOf, plan, refuseMissing } from './job.js';
import { journalPath } from './journal.js';
import { lockFolder } from './lock.js';
import { pathIn, writeManifest } from './manifest.js';
import { checkNames } from './naming.js';
import { verifyExport } from './verify.js';

/** What an export left on disk. */
export interface ExportResult {
  readonly folder: string;
  readonly frames: number;
  /** Files by format, absolute or relative as the folder was given. */
  readonly files: Readonly<Partial<Record<DeliverableName, readonly string[]>>>;
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
