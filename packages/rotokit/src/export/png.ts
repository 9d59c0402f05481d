import { maskToPlane } from '@rotokit/core/values';
import { davisPalette, encodePng } from '@rotokit/formats';
import type { Deliverable } from './deliverable.js';
import { frameFiles } from './frame-files.js';
import { labelPlane } from './label-plane.js';
import { numbered } from './naming.js';

/** `png/OBJECT/SHOT_OBJECT.1001.png`: 16-bit grey, every bit of the mask, one folder for each object. */
export const pngDeliverable: Deliverable = (job) =>
  frameFiles(job, 'png', async ({ masks, number }) =>
    job.objects.map((o, i) => {
      const samples = maskToPlane(masks[i] as (typeof masks)[number]);
      const bytes = encodePng(
        { kind: 'pixels', ...job.size, channels: 1, samples },
        { level: 4, texts: job.provenance },
      );
      return [numbered(`png/${o.fileName}/${job.shot}_${o.fileName}`, number, 'png'), bytes] as const;
    }),
  );

/**
 * `davis/00000.png`: labels with the DAVIS palette, 1 for the first object; counted from 0 as that data set's tools
 * expect. Where two masks are above half on a pixel, the stronger one has it, of equal ones the first.
 */
export const davisDeliverable: Deliverable = (job) => {
  const palette = davisPalette();
  return frameFiles(job, 'davis', async ({ masks, number }) => {
    const indices = labelPlane(job.size, masks);
    const name = String(number - job.first).padStart(5, '0');
    return [[`davis/${name}.png`, encodePng({ kind: 'indexed', ...job.size, indices, palette })]];
  });
};
