import { join } from 'node:path';
import { REVIEW_DEFAULTS } from '@rotokit/core/tracking';
import type { SoftMask } from '@rotokit/core/values';
import { contactSheet, encodePng, shrinkTile, type Tile } from '@rotokit/formats';
import type { DeliverableMaker, DeliveredFrame, ExportJob } from './deliverable.js';
import { Journal } from './journal.js';
import { deliveredFile } from './manifest.js';
import { namePath } from './naming.js';
import { writeWhole } from './write-whole.js';

const TILES = 20;

/** `SHOT_contact.png`: up to 20 frames evenly over the range with masks, numbers and confidence, doubtful ones framed. */
export const contactDeliverable: DeliverableMaker = (job) => {
  const parts = { shot: job.shot, object: 'contact', format: 'contact', ext: 'png' };
  const path = namePath('{shot}_{object}{_version}.{ext}', parts, job.naming);
  return {
    files: [{ path, first: job.first, last: job.last }],
    choices: {},
    sequence: false,
    async open(earlier) {
      await new Journal(job, 'contact', { ...earlier, frames: new Map() }).begin();
      const tiles: Tile[] = [];
      const picked = pickedFrames(job);
      return {
        has: async (frame) => !picked.has(frame.number),
        async write(frame) {
          tiles.push(await tileOf(job, frame));
        },
        async close() {
          const title = `${job.shot}  ${job.first}-${job.last}  ${job.objects.map((o) => o.name).join(', ')}`;
          const { width, height, samples } = contactSheet(tiles, { title });
          const to = join(job.folder, path);
          await writeWhole(to, encodePng({ kind: 'pixels', width, height, channels: 3, samples }));
          return { files: [await deliveredFile(job, to)] };
        },
        abort: async () => {},
      };
    },
  };
};

function pickedFrames(job: ExportJob): Set<number> {
  const count = job.last - job.first + 1;
  const tiles = Math.min(TILES, count);
  return new Set(
    Array.from({ length: tiles }, (_, i) => job.first + Math.round((i * (count - 1)) / Math.max(1, tiles - 1))),
  );
}

async function tileOf(job: ExportJob, frame: DeliveredFrame): Promise<Tile> {
  return shrinkTile({
    picture: (await frame.plate()).picture,
    layers: job.objects.map((o, i) => ({ mask: frame.masks[i] as SoftMask, colour: o.colour })),
    label: String(frame.number),
    ...(frame.confidence === undefined
      ? {}
      : { confidence: frame.confidence, flagged: frame.confidence < REVIEW_DEFAULTS.below }),
  });
}
