import { encodeExr, matteExr } from '@rotokit/formats';
import type { Deliverable } from './deliverable.js';
import { frameFiles } from './frame-files.js';
import { numbered } from './naming.js';

/** How EXR mattes are stored. */
export interface ExrOptions {
  /** `half` (default) as hosts expect; `float` keeps every bit of a mask. */
  readonly type?: 'half' | 'float';
  readonly compression?: 'none' | 'zips' | 'zip';
}

/**
 * `exr/SHOT_matte.1001.exr`: one linear channel `OBJECT.A` for every object on every frame, with frame rate, time code
 * and where the matte came from.
 */
export const exrDeliverable =
  (options: ExrOptions = {}): Deliverable =>
  (job) => {
    const attributes = Object.fromEntries(
      Object.entries(job.provenance).map(([key, value]) => [`rotokit/${key}`, { type: 'string', value } as const]),
    );
    return frameFiles(job, 'exr', async ({ masks, number }) => {
      const mattes = job.objects.map((o, i) => ({
        channel: `${o.fileName}.A`,
        mask: masks[i] as (typeof masks)[number],
      }));
      const image = matteExr({ size: job.size, mattes, rate: job.rate, frame: number }, { ...options, attributes });
      return [[numbered(`exr/${job.shot}_matte`, number, 'exr'), encodeExr(image)]];
    });
  };
