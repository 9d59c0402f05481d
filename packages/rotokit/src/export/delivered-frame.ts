import type { ObjectRecord, RotoDocument } from '@rotokit/core/project';
import { resolveOverlap } from '@rotokit/core/tracking';
import { emptyMask, type FrameIndex, type SoftMask } from '@rotokit/core/values';
import type { DeliveredFrame } from './deliverable.js';
import type { ExportChoices, ExportContext } from './job.js';

/** One frame of an export: its masks, kept apart where that is asked for, and its pictures when somebody wants them. */
export async function deliveredFrame(
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
