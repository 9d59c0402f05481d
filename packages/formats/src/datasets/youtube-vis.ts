import { type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { claimedSize, JsonValue } from '../bytes/json.js';
import { segmentationMask } from './coco.js';
import type { Dataset, DatasetFacts, DatasetTrack, RunFrame } from './frames.js';

/** A YouTube-VIS annotation file: one video, a category and an annotation for each object, a mask or null for each frame. */
export function youtubeVisJson(facts: DatasetFacts, frames: readonly RunFrame[]): string {
  const { width, height } = facts.size;
  const video = { id: 1, width, height, length: frames.length, file_names: frames.map((f) => facts.picture(f.number)) };
  const annotations = facts.objects.map((_, o) => {
    const masks = frames.map((f) => f.objects[o]);
    return {
      id: o + 1,
      video_id: 1,
      category_id: o + 1,
      iscrowd: 0,
      width,
      height,
      length: frames.length,
      segmentations: masks.map((m) => m && { size: [height, width], counts: m.rle }),
      areas: masks.map((m) => m?.area ?? null),
      bboxes: masks.map((m) => m?.bbox ?? null),
    };
  });
  const categories = facts.objects.map((name, i) => ({ id: i + 1, name, supercategory: 'object' }));
  return `${JSON.stringify({ info: { description: facts.shot }, licenses: [], videos: [video], categories, annotations })}\n`;
}

/**
 * Reads the first video of a YouTube-VIS annotation file; masks as run lengths, compressed or not, or polygons.
 * @throws RotokitError MEDIA_UNREADABLE, MEDIA_TOO_LARGE.
 */
export function readYoutubeVis(bytes: Uint8Array, options: DecodeOptions = {}): Dataset {
  return decoding(options, () => {
    const all = JsonValue.parse(bytes);
    const video = all.field('videos').list[0] ?? damaged('it has no video');
    const size = claimedSize(video.field('width').number, video.field('height').number, options);
    const id = video.field('id').whole;
    const frames = video.field('length').whole;
    const names = new Map(all.field('categories').list.map((c) => [c.field('id').whole, c.field('name').text]));
    const tracks = all
      .field('annotations')
      .list.filter((a) => a.field('video_id').whole === id)
      .map((a): DatasetTrack => {
        const masks = a.field('segmentations').list;
        if (masks.length !== frames) damaged(`an object has ${masks.length} masks for ${frames} frames`);
        return {
          name: names.get(a.field('category_id').whole) ?? damaged('a category is not listed'),
          frames: masks.flatMap((m, i) => (m.isNull ? [] : [i])),
          mask: (frame) => decoding(options, () => segmentationMask(masks[frame], size)),
        };
      });
    return { size, frames, tracks };
  });
}
