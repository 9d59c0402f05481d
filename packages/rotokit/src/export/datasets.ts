import { emptyMask, MASK_ONE, maskFromPlane, type SoftMask } from '@rotokit/core/values';
import {
  cocoJson,
  cvatXml,
  type DatasetFacts,
  davisPalette,
  decodePng,
  encodePng,
  labelmeJson,
  masksFromLabels,
  motsId,
  motsText,
  type RunFrame,
  readCoco,
  readCvat,
  readLabelme,
  readMots,
  readYoutubeVis,
  runMask,
  youtubeVisJson,
} from '@rotokit/formats';
import type { DeliverableMaker, DeliveredFrame, ExportJob } from './deliverable.js';
import { documentFile } from './document-files.js';
import { labelPlane } from './label-plane.js';
import { paddedFrame } from './naming.js';
import { pictureFiles } from './picture-files.js';

/** Each object's pixels where no pixel may belong to two: the strongest at half or above has it. */
function exclusiveMasks(job: ExportJob, masks: readonly SoftMask[]): SoftMask[] {
  const labels = labelPlane(job.size, masks);
  return masks.map((_, i) =>
    maskFromPlane(
      job.size,
      Uint16Array.from(labels, (v) => (v === i + 1 ? MASK_ONE : 0)),
    ),
  );
}

const byLabel = (job: ExportJob, png: Uint8Array, labelOf: (object: number) => number): SoftMask[] => {
  const found = masksFromLabels(decodePng(png));
  return job.objects.map((_, i) => found.get(labelOf(i)) ?? emptyMask(job.size));
};

/**
 * `davis/00000.png`: labels with the DAVIS palette, 1 for the first object; counted from 0 as that data set's tools
 * expect. Where two masks are above half on a pixel, the stronger one has it, of equal ones the first.
 */
export const davisDeliverable: DeliverableMaker = (job) => {
  const palette = davisPalette();
  return pictureFiles(job, {
    name: 'davis',
    ext: 'png',
    per: 'frame',
    template: 'davis/{frame}.{ext}',
    renamed: false,
    counted: 5,
    choices: {},
    precision: 'side of one half',
    locate: (i) => ({ label: i + 1 }),
    encode: async ({ masks }) => [
      encodePng({ kind: 'indexed', ...job.size, indices: labelPlane(job.size, masks), palette }),
    ],
    decode: ([png]) => byLabel(job, png as Uint8Array, (i) => i + 1),
    expected: ({ masks }) => exclusiveMasks(job, masks),
  });
};

/** `mots/000000.png`: 16-bit numbers, class times 1000 plus the object's place, as the MOTS pictures have them. */
export const motsPngDeliverable: DeliverableMaker = (job) =>
  pictureFiles(job, {
    name: 'mots-png',
    ext: 'png',
    per: 'frame',
    template: 'mots/{frame}.{ext}',
    renamed: false,
    counted: 6,
    choices: {},
    precision: 'side of one half',
    locate: (i) => ({ label: motsId(i) }),
    encode: async ({ masks }) => {
      const samples = Uint16Array.from(labelPlane(job.size, masks), (v) => (v ? motsId(v - 1) : 0));
      return [encodePng({ kind: 'pixels', ...job.size, channels: 1, samples })];
    },
    decode: ([png]) => byLabel(job, png as Uint8Array, motsId),
    expected: ({ masks }) => exclusiveMasks(job, masks),
  });

const pictureName = (job: ExportJob) => (number: number) =>
  `${job.shot}.${paddedFrame(number, job.naming.padding)}.png`;

/** `labelme/SHOT.1001.json`: polygons on pixel edges, masks where something is cut out. */
export const labelmeDeliverable: DeliverableMaker = (job) =>
  pictureFiles(job, {
    name: 'labelme',
    ext: 'json',
    per: 'frame',
    template: 'labelme/{shot}{_version}.{frame}.{ext}',
    renamed: false,
    choices: {},
    precision: 'side of one half',
    encode: async ({ masks, number }) => {
      const objects = job.objects.map(({ name }, i) => ({ name, mask: masks[i] as SoftMask }));
      return [new TextEncoder().encode(labelmeJson({ size: job.size, picture: pictureName(job)(number), objects }))];
    },
    decode: ([json]) => {
      const { masks } = readLabelme(json as Uint8Array);
      return job.objects.map(({ name }) => masks.get(name) ?? emptyMask(job.size));
    },
  });

const factsOf = (job: ExportJob): DatasetFacts => ({
  shot: job.shot,
  size: job.size,
  rate: job.rate,
  objects: job.objects.map((o) => o.name),
  picture: pictureName(job),
});

const runsOf = ({ number, masks }: DeliveredFrame): RunFrame => ({ number, objects: masks.map((m) => runMask(m)) });

/** `SHOT_coco.json`: COCO with compressed run lengths. */
export const cocoDeliverable: DeliverableMaker = (job) =>
  documentFile(job, {
    name: 'coco',
    path: `${job.shot}_coco.json`,
    note: runsOf,
    text: (frames) => cocoJson(factsOf(job), frames),
    read: readCoco,
    locate: (i) => ({ label: i + 1 }),
  });

/** `SHOT_youtube-vis.json`: one video, a mask or null for each object and frame. */
export const youtubeVisDeliverable: DeliverableMaker = (job) =>
  documentFile(job, {
    name: 'youtube-vis',
    path: `${job.shot}_youtube-vis.json`,
    note: runsOf,
    text: (frames) => youtubeVisJson(factsOf(job), frames),
    read: readYoutubeVis,
    locate: (i) => ({ label: i + 1 }),
  });

/** `SHOT_cvat.xml`: "CVAT for video 1.1" with masks. */
export const cvatDeliverable: DeliverableMaker = (job) =>
  documentFile(job, {
    name: 'cvat',
    path: `${job.shot}_cvat.xml`,
    note: runsOf,
    text: (frames) => cvatXml(factsOf(job), frames),
    read: readCvat,
  });

/** `SHOT_mots.txt`: a line for each object and frame; where masks overlap, the stronger one has the pixel. */
export const motsDeliverable: DeliverableMaker = (job) =>
  documentFile(job, {
    name: 'mots',
    path: `${job.shot}_mots.txt`,
    note: (frame) => runsOf({ ...frame, masks: exclusiveMasks(job, frame.masks) }),
    text: (frames) => motsText(job.size, frames),
    read: (bytes) => (bytes.length ? readMots(bytes) : { size: job.size, frames: 0, tracks: [] }),
    track: (i) => `object ${i + 1}`,
    expected: ({ masks }) => exclusiveMasks(job, masks),
    locate: (i) => ({ label: motsId(i) }),
  });
