import { join } from 'node:path';
import type { FrameSink } from '@rotokit/core/ports';
import { maskToPlane, type SoftMask, SRGB } from '@rotokit/core/values';
import { overlay } from '@rotokit/formats';
import { createH264Preview, createProRes4444, createVp9Alpha } from '@rotokit/media';
import type { Deliverable, DeliverableMaker, DeliverableName, DeliveredFrame, ExportJob } from './deliverable.js';
import { Journal } from './journal.js';
import { deliveredFile } from './manifest.js';
import { namePath } from './naming.js';

/** A movie being planned: its path below the folder, and how it is opened and fed. */
interface Movie {
  readonly path: string;
  create(path: string): Promise<FrameSink>;
  write(sink: FrameSink, frame: DeliveredFrame): Promise<void>;
}

/** Movies begin anew when they were interrupted, because a movie that is half written is worth nothing. */
function movies(job: ExportJob, name: DeliverableName, planned: readonly Movie[]): Deliverable {
  return {
    files: planned.map(({ path }) => ({ path, first: job.first, last: job.last })),
    choices: {},
    sequence: false,
    async open(earlier) {
      await new Journal(job, name, { ...earlier, frames: new Map() }).begin();
      const open: (readonly [Movie, FrameSink])[] = [];
      try {
        for (const movie of planned) open.push([movie, await movie.create(join(job.folder, movie.path))]);
      } catch (error) {
        await Promise.allSettled(open.map(([, sink]) => sink.abort()));
        throw error;
      }
      return {
        has: async () => false,
        async write(frame) {
          for (const [movie, sink] of open) await movie.write(sink, frame);
        },
        async close() {
          const files = [];
          for (const [, sink] of open) files.push(await deliveredFile(job, (await sink.close()).path));
          return { files };
        },
        async abort() {
          await Promise.allSettled(open.map(([, sink]) => sink.abort()));
        },
      };
    },
  };
}

const pathOf = (job: ExportJob, object: string, format: string, ext: string) =>
  namePath('{shot}_{object}{_version}.{ext}', { shot: job.shot, object, format, ext }, job.naming);

/** One movie for each object: the plate as straight colour, the object's matte as alpha. */
function keyed(
  name: DeliverableName,
  extension: string,
  create: (path: string, job: ExportJob) => Promise<FrameSink>,
): DeliverableMaker {
  return (job) =>
    movies(
      job,
      name,
      job.objects.map((o, i) => ({
        path: pathOf(job, o.fileName, name, extension),
        create: (path) => create(path, job),
        async write(sink, frame) {
          const { picture } = await frame.plate();
          const samples = withAlpha(picture.samples, frame.masks[i] as SoftMask);
          await sink.write(frame.number, { ...job.size, channels: 4, samples, colour: picture.colour });
        },
      })),
    );
}

/** 16-bit RGBA of an 8-bit picture and a mask. */
function withAlpha(rgb: Uint8Array, mask: SoftMask): Uint16Array {
  const alpha = maskToPlane(mask);
  const out = new Uint16Array(alpha.length * 4);
  for (let k = 0, from = 0, to = 0; k < alpha.length; k++, from += 3, to += 4) {
    out[to] = (rgb[from] as number) * 257;
    out[to + 1] = (rgb[from + 1] as number) * 257;
    out[to + 2] = (rgb[from + 2] as number) * 257;
    out[to + 3] = alpha[k] as number;
  }
  return out;
}

/** `SHOT_OBJECT.mov`: ProRes 4444, the plate with the matte as its alpha. */
export const proresDeliverable: DeliverableMaker = keyed('prores', 'mov', (path, job) => createProRes4444(path, job));

/** `SHOT_OBJECT.webm`: VP9 with alpha, for browsers. */
export const vp9Deliverable: DeliverableMaker = keyed('vp9', 'webm', (path, job) => createVp9Alpha(path, job));

/** `SHOT_preview.mp4`: the plate with all objects tinted and outlined. */
export const previewDeliverable: DeliverableMaker = (job) =>
  movies(job, 'preview', [
    {
      path: pathOf(job, 'preview', 'preview', 'mp4'),
      create: (path) => createH264Preview(path, job),
      async write(sink, frame) {
        const { picture } = await frame.plate();
        const layers = job.objects.map((o, i) => ({ mask: frame.masks[i] as SoftMask, colour: o.colour }));
        const { samples } = overlay(picture, layers);
        await sink.write(frame.number, { ...job.size, channels: 3, samples, colour: SRGB });
      },
    },
  ]);
