import { resolve } from 'node:path';
import type { Project } from '@rotokit/core/project';
import type { FrameRange } from '@rotokit/core/values';
import { edlText, otioJson, type PictureSequence, type TimelineMarker, type TimelineShot } from '@rotokit/formats';
import type { FrameNumbers } from '../library/frames.js';
import { reviewProject } from '../library/review.js';
import type { DeliverableMaker, DeliverableName, ExportJob } from './deliverable.js';
import { documentFile } from './document-files.js';
import type { Planned } from './earlier.js';

/** `SHOT.otio`: the plate's clip, a track for each picture sequence of the same export, and markers on frames to look at. */
export const otioDeliverable: DeliverableMaker = (job) =>
  timeline(job, 'otio', `${job.shot}.otio`, () => otioJson(shotOf(job)));

/** `SHOT.edl`: one CMX 3600 event for the shot, with its plate, its mattes and locators on frames to look at. */
export const edlDeliverable: DeliverableMaker = (job) =>
  timeline(job, 'edl', `${job.shot}.edl`, () => edlText(shotOf(job)));

const timeline = (job: ExportJob, name: DeliverableName, path: string, text: () => string) =>
  documentFile<null>(job, { name, path, note: () => null, text });

const shotOf = (job: ExportJob): TimelineShot => ({
  shot: job.shot,
  rate: job.rate,
  first: job.first,
  last: job.last,
  plate: resolve(job.clip.path),
  available: { first: job.clip.first, frames: job.clip.frames },
  ...(job.clip.timecode ? { timecode: job.clip.timecode } : {}),
  sequences: job.sequences,
  markers: job.markers,
});

/** The frames of a range that the project marks or the review doubts, in their order. */
export function markersIn(project: Project, numbers: FrameNumbers, range: FrameRange): readonly TimelineMarker[] {
  const marked = project.markers().map(({ frame, name, colour }) => ({ frame, name, comment: '', colour }));
  const doubted = reviewProject(project, numbers).map(({ frame, object, reasons }) => ({
    ...{ frame: numbers.index(frame), name: object, comment: reasons.join(', ') },
  }));
  return [...marked, ...doubted]
    .filter((m) => m.frame >= range.start && m.frame < range.end)
    .sort((a, b) => a.frame - b.frame)
    .map((m) => ({ ...m, frame: numbers.shown(m.frame) }));
}

/** A file name with a frame's number before its extension. */
const NUMBERED = /^(.*\/)?(.*?)(-?\d+)(\.[^.]+)$/;

/** The picture sequences of planned formats: what is before and behind the number in the names of the first frame's files. */
export function sequencesOf(planned: readonly Planned[], job: ExportJob): PictureSequence[] {
  return planned
    .filter(({ deliverable }) => deliverable.sequence)
    .flatMap(({ name, deliverable }) =>
      deliverable.files
        .filter((f) => f.first === job.first && f.last === job.first)
        .flatMap(({ path }, i, all) => {
          const [, folder = '', prefix = '', digits, suffix = ''] = NUMBERED.exec(path) ?? [];
          if (digits === undefined) return [];
          const of = all.length > 1 ? ` ${job.objects[i]?.fileName}` : '';
          const padding = digits.replace('-', '').length;
          return [{ name: `${name}${of}`, folder, prefix, suffix, start: Number(digits), padding }];
        }),
    );
}
