import { maskFromPlane, type Size, type SoftMask } from '@rotokit/core/values';
import { type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { claimedSize, JsonValue } from '../bytes/json.js';
import type { Dataset, DatasetFacts, DatasetTrack, RunFrame } from './frames.js';
import { fillPolygons } from './polygon.js';
import { countsFromText, maskFromCounts } from './rle.js';

/**
 * A COCO annotation file (cocodataset.org, "Data format"): a category for each object, an image for each frame, a compressed run-length mask for each
 * object that is on it. `track_id` and `frame_index` are ours, beside what the format asks for.
 */
export function cocoJson(facts: DatasetFacts, frames: readonly RunFrame[]): string {
  const { width, height } = facts.size;
  const images = frames.map((f, i) => ({
    id: i + 1,
    width,
    height,
    file_name: facts.picture(f.number),
    frame_index: i,
  }));
  const categories = facts.objects.map((name, i) => ({ id: i + 1, name, supercategory: 'object' }));
  const annotations = frames.flatMap((frame, f) =>
    frame.objects.flatMap((mask, o) =>
      mask === null
        ? []
        : [
            {
              image_id: f + 1,
              category_id: o + 1,
              track_id: o + 1,
              segmentation: { size: [height, width], counts: mask.rle },
              area: mask.area,
              bbox: mask.bbox,
              iscrowd: 0,
            },
          ],
    ),
  );
  const info = { description: facts.shot, version: '1.0', contributor: 'rotokit' };
  const numbered = annotations.map((a, i) => ({ id: i + 1, ...a }));
  return `${JSON.stringify({ info, licenses: [], images, categories, annotations: numbered })}\n`;
}

/**
 * Reads a COCO annotation file: run lengths, compressed or not, and polygons. Frames are the images in the order of their names; a track is what has
 * one `track_id`, and where there is none, a category. Several annotations of a track on a frame add up.
 * @throws RotokitError MEDIA_UNREADABLE, MEDIA_TOO_LARGE.
 */
export function readCoco(bytes: Uint8Array, options: DecodeOptions = {}): Dataset {
  return decoding(options, () => {
    const all = JsonValue.parse(bytes);
    const images = all
      .field('images')
      .list.map((i) => ({
        id: i.field('id').whole,
        name: i.field('file_name').text,
        size: claimedSize(i.field('width').number, i.field('height').number, options),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
    const [first] = images;
    if (!first) return damaged('it has no images');
    if (images.some((i) => i.size.width !== first.size.width || i.size.height !== first.size.height))
      damaged('its images have several sizes');
    const frameOf = new Map(images.map((image, i) => [image.id, i]));
    const categories = new Map(all.field('categories').list.map((c) => [c.field('id').whole, c.field('name').text]));
    const tracks = new Map<string, { name: string; masks: Map<number, JsonValue[]> }>();
    for (const a of all.field('annotations').list) {
      const category = a.field('category_id').whole;
      const track = a.field('track_id');
      const key = track.isNull ? `category ${category}` : `track ${track.whole}`;
      const name = categories.get(category) ?? damaged(`category ${category} is not listed`);
      const frame =
        frameOf.get(a.field('image_id').whole) ?? damaged(`image ${a.field('image_id').whole} is not listed`);
      const known = tracks.get(key) ?? { name, masks: new Map<number, JsonValue[]>() };
      tracks.set(key, known);
      const masks = known.masks.get(frame);
      if (masks) masks.push(a.field('segmentation'));
      else known.masks.set(frame, [a.field('segmentation')]);
    }
    return {
      size: first.size,
      frames: images.length,
      tracks: [...tracks.values()].map(
        ({ name, masks }): DatasetTrack => ({
          name,
          frames: [...masks.keys()].sort((a, b) => a - b),
          mask: (frame) =>
            decoding(options, () =>
              joinMasks(
                (masks.get(frame) ?? []).map((s) => segmentationMask(s, first.size)),
                first.size,
              ),
            ),
        }),
      ),
    };
  });
}

/** A COCO segmentation: `{size, counts}` with counts as text or numbers, or a list of polygons. */
export function segmentationMask(segmentation: JsonValue, size: Size): SoftMask {
  if (segmentation.isList)
    return fillPolygons(
      size,
      segmentation.list.map((p) => p.numbers),
    );
  const [height, width] = segmentation.field('size').numbers;
  if (height !== size.height || width !== size.width) damaged(`a mask of ${width}x${height}`);
  const counts = segmentation.field('counts');
  return maskFromCounts(size, counts.isText ? countsFromText(counts.text) : counts.numbers);
}

/** The union of binary masks. */
export function joinMasks(masks: readonly SoftMask[], size: Size): SoftMask {
  if (masks.length === 1) return masks[0];
  const plane = new Uint16Array(size.width * size.height);
  for (const { window: w, values } of masks)
    for (let y = w.y0, i = 0; y < w.y1; y++)
      for (let x = w.x0; x < w.x1; x++, i++) if (values[i]) plane[y * size.width + x] = 65535;
  return maskFromPlane(size, plane);
}
