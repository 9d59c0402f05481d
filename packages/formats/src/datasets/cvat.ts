import { type Box, boxWidth, MASK_HALF, MASK_ONE, maskTrim, type Size, type SoftMask } from '@rotokit/core/values';
import { type DecodeOptions, damaged, decoding, textOf } from '../bytes/byte-reader.js';
import { claimedSize } from '../bytes/json.js';
import { parseXml, type XmlElement, xmlText } from '../bytes/xml.js';
import { joinMasks } from './coco.js';
import type { Dataset, DatasetFacts, DatasetTrack, RunFrame } from './frames.js';
import { fillPolygons } from './polygon.js';
import { countsFromText, maskFromCounts } from './rle.js';

/**
 * A "CVAT for video 1.1" file: a label and a track for each object, a `mask` on every frame that it is on, and one with `outside="1"` on the first
 * frame that it is gone, which ends CVAT's interpolation. CVAT's runs go along the lines of the mask's box, the first of zeros.
 */
export function cvatXml(facts: DatasetFacts, frames: readonly RunFrame[]): string {
  const { width, height } = facts.size;
  const labels = facts.objects
    .map((name) => `<label><name>${xmlText(name)}</name><type>mask</type><attributes></attributes></label>`)
    .join('');
  const task = [
    `<name>${xmlText(facts.shot)}</name><size>${frames.length}</size><mode>interpolation</mode><overlap>0</overlap>`,
    `<start_frame>0</start_frame><stop_frame>${frames.length - 1}</stop_frame><frame_filter></frame_filter>`,
    `<labels>${labels}</labels><original_size><width>${width}</width><height>${height}</height></original_size>`,
  ];
  const tracks = facts.objects.map((name, o) => {
    const shapes = frames.map((_, f) => trackMask(facts.size, frames, o, f));
    return `<track id="${o}" label="${xmlText(name)}" source="rotokit">\n${shapes.join('')}</track>\n`;
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n',
    `<meta><task>${task.join('')}</task></meta>\n${tracks.join('')}</annotations>\n`,
  ].join('');
}

function trackMask(size: Size, frames: readonly RunFrame[], object: number, frame: number): string {
  const mask = frames[frame].objects[object];
  const place = mask ? maskFromCounts(size, countsFromText(mask.rle)) : undefined;
  if (place) return maskTag(frame, place, lineRuns(place), false);
  const before = frame > 0 ? frames[frame - 1].objects[object] : null;
  if (!before) return '';
  const gone = maskFromCounts(size, countsFromText(before.rle)); // CVAT wants a shape there, too
  return maskTag(frame, gone, lineRuns(gone), true);
}

function maskTag(frame: number, { window: w }: SoftMask, runs: readonly number[], outside: boolean): string {
  const place = `left="${w.x0}" top="${w.y0}" width="${w.x1 - w.x0}" height="${w.y1 - w.y0}"`;
  const state = `outside="${outside ? 1 : 0}" occluded="0" keyframe="1"`;
  return `  <mask frame="${frame}" ${state} rle="${runs.join(', ')}" ${place} z_order="0"></mask>\n`;
}

function lineRuns({ values }: SoftMask): number[] {
  const runs: number[] = [];
  let [inside, start] = [false, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= MASK_HALF === inside) continue;
    runs.push(i - start);
    [inside, start] = [!inside, i];
  }
  runs.push(values.length - start);
  return runs;
}

/**
 * Reads a "CVAT for video" file: masks, polygons and boxes of every track that are not outside. Only frames that the file lists: what CVAT interpolates between
 * them is not made up. Several tracks with one label stay several objects.
 * @throws RotokitError MEDIA_UNREADABLE, MEDIA_TOO_LARGE.
 */
export function readCvat(bytes: Uint8Array, options: DecodeOptions = {}): Dataset {
  return decoding(options, () => {
    const root = parseXml(textOf(bytes));
    if (root.name !== 'annotations') damaged('it holds no CVAT annotations');
    const task = child(child(root, 'meta'), 'task', 'job');
    const original = child(task, 'original_size');
    const number = (name: string) => Number(child(original, name).text);
    const size = claimedSize(number('width'), number('height'), options);
    const tracks = root.children.filter((c) => c.name === 'track').map((t) => trackOf(t, size, options));
    const last = Math.max(-1, ...tracks.map((t) => t.frames.at(-1) ?? -1));
    const listed = Number(task.children.find((c) => c.name === 'size')?.text ?? 0);
    return { size, frames: Math.max(Number.isSafeInteger(listed) ? listed : 0, last + 1), tracks };
  });
}

const child = (element: XmlElement, ...names: readonly string[]): XmlElement =>
  element.children.find((c) => names.includes(c.name)) ?? damaged(`its ${element.name} has no ${names.join(' or ')}`);

const wholeOf = (element: XmlElement, name: string): number => {
  const text = element.attributes.get(name);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : damaged(`a ${element.name} has no ${name}`);
};

function trackOf(track: XmlElement, size: Size, options: DecodeOptions): DatasetTrack {
  const shapes = new Map<number, XmlElement[]>();
  for (const shape of track.children) {
    if (!['mask', 'polygon', 'box'].includes(shape.name) || shape.attributes.get('outside') === '1') continue;
    const frame = wholeOf(shape, 'frame');
    const known = shapes.get(frame);
    if (known) known.push(shape);
    else shapes.set(frame, [shape]);
  }
  return {
    name: track.attributes.get('label') ?? damaged('a track has no label'),
    frames: [...shapes.keys()].sort((a, b) => a - b),
    mask: (frame) =>
      decoding(options, () =>
        joinMasks(
          (shapes.get(frame) ?? []).map((s) => shapeMask(s, size)),
          size,
        ),
      ),
  };
}

function shapeMask(shape: XmlElement, size: Size): SoftMask {
  const numbers = (text: string | undefined, by: RegExp) => (text ?? '').split(by).map(Number);
  const of = (name: string) => Number(shape.attributes.get(name) ?? Number.NaN);
  if (shape.name === 'polygon') return fillPolygons(size, [numbers(shape.attributes.get('points'), /[;,]/)]);
  if (shape.name === 'box') {
    const [x0, y0, x1, y1] = [of('xtl'), of('ytl'), of('xbr'), of('ybr')];
    return fillPolygons(size, [[x0, y0, x1, y0, x1, y1, x0, y1]]);
  }
  const [left, top] = [wholeOf(shape, 'left'), wholeOf(shape, 'top')];
  const window: Box = { x0: left, y0: top, x1: left + wholeOf(shape, 'width'), y1: top + wholeOf(shape, 'height') };
  if (window.x1 > size.width || window.y1 > size.height) damaged('a mask leaves its picture');
  const values = new Uint16Array(boxWidth(window) * (window.y1 - window.y0));
  let at = 0;
  numbers(shape.attributes.get('rle'), /,/).forEach((n, i) => {
    if (!Number.isSafeInteger(n) || n < 0 || at + n > values.length) damaged('runs of a mask leave its box');
    if (i % 2) values.fill(MASK_ONE, at, at + n);
    at += n;
  });
  if (at !== values.length) damaged(`runs of ${at} pixels for a box of ${values.length}`);
  return maskTrim({ size, window, values });
}
