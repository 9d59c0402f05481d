import { MASK_ONE, maskTrim, type Size, type SoftMask } from '@rotokit/core/values';
import { type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { claimedSize, JsonValue } from '../bytes/json.js';
import { decodePng } from '../png/read.js';
import { encodePng } from '../png/write.js';
import { joinMasks } from './coco.js';
import { type OutlinedPart, outlineParts } from './outline.js';
import { fillPolygons } from './polygon.js';

/** One frame for LabelMe. */
export interface LabelmeFrame {
  readonly size: Size;
  /** The file name of the picture that it belongs to. */
  readonly picture: string;
  readonly objects: readonly { readonly name: string; readonly mask: SoftMask }[];
}

/**
 * A LabelMe file: every connected part of an object as a polygon along pixel edges, parts of one object under one `group_id`. A polygon cannot say that something is
 * cut out, so a part with holes becomes a `mask` shape (LabelMe 5.3 and later).
 */
export function labelmeJson(frame: LabelmeFrame): string {
  const shapes = frame.objects.flatMap(({ name, mask }, i) =>
    outlineParts(mask).map((part) => ({ label: name, group_id: i + 1, description: '', ...shapeOf(part), flags: {} })),
  );
  const { width, height } = frame.size;
  const head = { version: '5.5.0', flags: {} };
  const tail = { imagePath: frame.picture, imageData: null, imageHeight: height, imageWidth: width };
  return `${JSON.stringify({ ...head, shapes, ...tail })}\n`;
}

function shapeOf({ outer, hasHoles, box, inside }: OutlinedPart) {
  if (!hasHoles) {
    const points = Array.from({ length: outer.length / 2 }, (_, i) => [outer[2 * i], outer[2 * i + 1]]);
    return { shape_type: 'polygon', points, mask: null };
  }
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
  const samples = inside.map((v) => v * 255);
  const png = encodePng({ kind: 'pixels', width, height, channels: 1, samples });
  const points = [
    [box.x0, box.y0],
    [box.x1 - 1, box.y1 - 1],
  ];
  return { shape_type: 'mask', points, mask: base64(png) };
}

/** The masks of a LabelMe file by their labels, in the order they first appear, and the size that it claims. */
export interface LabelmeMasks {
  readonly size: Size;
  readonly masks: ReadonlyMap<string, SoftMask>;
}

/**
 * Reads a LabelMe file: polygons, rectangles and masks; shapes with the same label add up. Points, lines and circles are left out.
 * @throws RotokitError MEDIA_UNREADABLE, MEDIA_TOO_LARGE.
 */
export function readLabelme(bytes: Uint8Array, options: DecodeOptions = {}): LabelmeMasks {
  return decoding(options, () => {
    const all = JsonValue.parse(bytes);
    const size = claimedSize(all.field('imageWidth').number, all.field('imageHeight').number, options);
    const parts = new Map<string, SoftMask[]>();
    for (const shape of all.field('shapes').list) {
      const mask = shapeMask(shape, size);
      const name = shape.field('label').text;
      if (!mask) continue;
      const known = parts.get(name);
      if (known) known.push(mask);
      else parts.set(name, [mask]);
    }
    return { size, masks: new Map([...parts].map(([name, masks]) => [name, joinMasks(masks, size)])) };
  });
}

function shapeMask(shape: JsonValue, size: Size): SoftMask | undefined {
  const points = () => shape.field('points').list.map((p) => p.numbers);
  switch (shape.field('shape_type').text) {
    case 'polygon':
      return fillPolygons(size, [points().flat()]);
    case 'rectangle': {
      const [[x0, y0], [x1, y1]] = twoPoints(points());
      return fillPolygons(size, [[x0, y0, x1, y0, x1, y1, x0, y1]]);
    }
    case 'mask': {
      const [[x0, y0]] = twoPoints(points());
      return placed(shape.field('mask').text, Math.round(x0), Math.round(y0), size);
    }
    default:
      return undefined;
  }
}

const twoPoints = (points: number[][]) =>
  points.length === 2 && points.every((p) => p.length === 2) ? points : damaged('a shape needs two points');

function placed(text: string, x0: number, y0: number, size: Size): SoftMask {
  const image = decodePng(bytesFromBase64(text));
  if (image.kind !== 'pixels') return damaged('a mask is no grey picture');
  const box = { x0, y0, x1: x0 + image.width, y1: y0 + image.height };
  if (x0 < 0 || y0 < 0 || box.x1 > size.width || box.y1 > size.height) damaged('a mask leaves its picture');
  const values = new Uint16Array(image.width * image.height);
  for (let i = 0; i < values.length; i++) values[i] = image.samples[i * image.channels] ? MASK_ONE : 0;
  return maskTrim({ size, window: box, values });
}

const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));

function bytesFromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    return damaged('a mask is no base64');
  }
}
