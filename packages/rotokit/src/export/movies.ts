import { join } from 'node:path';
import type { FrameSink } from '@rotokit/core/ports';
import { maskToPlane, type SoftMask, SRGB } from '@rotokit/core/values';
import { overlay } from '@rotokit/formats';
import { createH264Preview, createProRes4444, createVp9Alpha } from '@rotokit/media';
import type { Deliverable, DeliveredFrame, Delivery, ExportJob } from './deliverable.js';

/** A delivery of movies: it begins anew when it was interrupted, because a movie that is half written is worth nothing. */
function movies(sinks: readonly FrameSink[], write: (frame: DeliveredFrame) => Promise<void>): Delivery {
  return {
    has: async () => false,
    write,
    async close() {
      const reports = [];
      for (const sink of sinks) reports.push(await sink.close());
      return reports.map((r) => r.path);
    },
    async abort() {
      for (const sink of sinks) await sink.abort();
    },
  };
}

/** One movie for each object: the plate as straight colour, the object's matte as alpha. */
function keyed(extension: string, create: (path: string, job: ExportJob) => Promise<FrameSink>): Deliverable {
  return async (job) => {
    const sinks: FrameSink[] = [];
    for (const o of job.objects)
      sinks.push(await create(join(job.folder, `${job.shot}_${o.fileName}.${extension}`), job));
    return movies(sinks, async (frame) => {
      const { picture } = await frame.plate();
      for (const [i, sink] of sinks.entries()) {
        const samples = withAlpha(picture.samples, frame.masks[i] as SoftMask);
        await sink.write(frame.number, { ...job.size, channels: 4, samples, colour: picture.colour });
      }
    });
  };
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
export const proresDeliverable: Deliverable = keyed('mov', (path, job) => createProRes4444(path, job));

/** `SHOT_OBJECT.webm`: VP9 with alpha, for browsers. */
export const vp9Deliverable: Deliverable = keyed('webm', (path, job) => createVp9Alpha(path, job));

/** `SHOT_preview.mp4`: the plate with all objects tinted and outlined. */
export const previewDeliverable: Deliverable = async (job) => {
  const sink = await createH264Preview(join(job.folder, `${job.shot}_preview.mp4`), job);
  return movies([sink], async (frame) => {
    const { picture } = await frame.plate();
    const layers = job.objects.map((o, i) => ({ mask: frame.masks[i] as SoftMask, colour: o.colour }));
    const { samples } = overlay(picture, layers);
    await sink.write(frame.number, { ...job.size, channels: 3, samples, colour: SRGB });
  });
};
