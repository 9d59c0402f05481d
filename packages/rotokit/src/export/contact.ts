import { join } from 'node:path';
import { REVIEW_DEFAULTS } from '@rotokit/core/tracking';
import { contactSheet, encodePng, shrinkTile, type Tile } from '@rotokit/formats';
import type { Deliverable, DeliveredFrame } from './deliverable.js';
import { writeWhole } from './frame-files.js';

const TILES = 20;

/** `SHOT_contact.png`: up to 20 frames evenly over the range with masks, numbers and confidence, doubtful ones framed. */
export const contactDeliverable: Deliverable = async (job) => {
  const path = join(job.folder, `${job.shot}_contact.png`);
  const count = job.last - job.first + 1;
  const tiles: Tile[] = [];
  const picked = new Set(
    Array.from(
      { length: Math.min(TILES, count) },
      (_, i) => job.first + Math.round((i * (count - 1)) / Math.max(1, Math.min(TILES, count) - 1)),
    ),
  );
  const tileOf = async (frame: DeliveredFrame): Promise<Tile> =>
    shrinkTile({
      picture: (await frame.plate()).picture,
      layers: job.objects.map((o, i) => ({
        mask: frame.masks[i] as DeliveredFrame['masks'][number],
        colour: o.colour,
      })),
      label: String(frame.number),
      ...(frame.confidence === undefined
        ? {}
        : { confidence: frame.confidence, flagged: frame.confidence < REVIEW_DEFAULTS.below }),
    });
  return {
    has: async (frame) => !picked.has(frame.number),
    async write(frame) {
      tiles.push(await tileOf(frame));
    },
    async close() {
      const sheet = contactSheet(tiles, {
        title: `${job.shot}  ${job.first}-${job.last}  ${job.objects.map((o) => o.name).join(', ')}`,
      });
      await writeWhole(
        path,
        encodePng({ kind: 'pixels', width: sheet.width, height: sheet.height, channels: 3, samples: sheet.samples }),
      );
      return [path];
    },
    abort: async () => {},
  };
};
