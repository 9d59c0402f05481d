import { maskFromPlane, maskToPlane, type SoftMask, timecodeText } from '@rotokit/core/values';
import { decodeDpx, decodePng, decodeTiff, encodeDpx, encodePng, encodeTiff } from '@rotokit/formats';
import { VERSION } from '../version.js';
import { clockOf } from './clock.js';
import type { DeliverableMaker, ExportJob } from './deliverable.js';
import { pictureFiles } from './picture-files.js';

/** How DPX mattes are stored. */
export interface DpxOptions {
  /** Bits of a sample: 16 (default) keeps every bit of a mask. */
  readonly depth?: 10 | 16;
}

const whole = (job: ExportJob, plane: Uint16Array): SoftMask => maskFromPlane(job.size, plane);

/** `png/OBJECT/SHOT_OBJECT.1001.png`: 16-bit grey, every bit of the mask, one folder for each object. */
export const pngDeliverable: DeliverableMaker = (job) =>
  pictureFiles(job, {
    name: 'png',
    ext: 'png',
    per: 'object',
    template: 'png/{object}/{shot}_{object}{_version}.{frame}.{ext}',
    renamed: true,
    choices: {},
    precision: 0,
    encode: async ({ masks }) =>
      masks.map((mask) =>
        encodePng(
          { kind: 'pixels', ...job.size, channels: 1, samples: maskToPlane(mask) },
          { level: 4, texts: job.provenance },
        ),
      ),
    decode: (files) =>
      files.map((bytes) => {
        const image = decodePng(bytes);
        if (image.kind !== 'pixels' || !(image.samples instanceof Uint16Array)) throw new Error('it has not 16 bits');
        return whole(job, image.samples);
      }),
  });

/** `tiff/OBJECT/SHOT_OBJECT.1001.tif`: 16-bit grey, deflate, every bit of the mask. */
export const tiffDeliverable: DeliverableMaker = (job) =>
  pictureFiles(job, {
    name: 'tiff',
    ext: 'tif',
    per: 'object',
    template: 'tiff/{object}/{shot}_{object}{_version}.{frame}.{ext}',
    renamed: true,
    choices: {},
    precision: 0,
    encode: async ({ masks }) => {
      const description = Object.entries(job.provenance)
        .map(([key, value]) => `${key}: ${value}`)
        .join('\n');
      return masks.map((mask) => encodeTiff({ ...job.size, channels: 1, samples: maskToPlane(mask) }, { description }));
    },
    decode: (files) => files.map((bytes) => whole(job, decodeTiff(bytes).samples as Uint16Array)),
  });

/**
 * `dpx/OBJECT/SHOT_OBJECT.1001.dpx`: the matte in red, green and blue, linear, with rate and time code in the full header. RGB, because not every program
 * reads DPX of one channel.
 */
export const dpxDeliverable =
  ({ depth = 16 }: DpxOptions = {}): DeliverableMaker =>
  (job) =>
    pictureFiles(job, {
      name: 'dpx',
      ext: 'dpx',
      per: 'object',
      template: 'dpx/{object}/{shot}_{object}{_version}.{frame}.{ext}',
      renamed: true,
      choices: { depth },
      precision: depth === 10 ? 0.5 / 1023 + 1 / 65535 : 0,
      encode: async ({ masks, number }) =>
        masks.map((mask, i) => {
          const plane = maskToPlane(mask);
          const samples = new Uint16Array(plane.length * 3);
          for (let k = 0, to = 0; k < plane.length; k++) {
            const v = plane[k] as number;
            const code = depth === 10 ? Math.round((v * 1023) / 65535) : v;
            samples[to++] = code;
            samples[to++] = code;
            samples[to++] = code;
          }
          const time = clockOf(job, number);
          const clock = time ? { timecode: timecodeText(time, job.rate) } : {};
          return encodeDpx(
            { ...job.size, channels: 3, depth, samples, transfer: 'linear', rate: job.rate, ...clock },
            {
              creator: `rotokit ${VERSION}`,
              project: job.shot,
              source: job.provenance.clip ?? '',
              fileName: `${job.shot}_${job.objects[i]?.fileName}`,
              position: { frame: number - job.first, of: job.last - job.first + 1 },
            },
          );
        }),
      decode: (files) =>
        files.map((bytes) => {
          const { samples } = decodeDpx(bytes);
          const plane = new Uint16Array(samples.length / 3);
          for (let k = 0; k < plane.length; k++) {
            const v = samples[3 * k] as number;
            plane[k] = depth === 10 ? Math.round((v * 65535) / 1023) : v;
          }
          return whole(job, plane);
        }),
    });
