import { boxHeight, boxIsEmpty, boxWidth, sameSize } from '@rotokit/core/values';
import { ByteWriter, bytesOf, joined } from '../bytes/byte-writer.js';
import { headerAttributes, headerBytes, needsLongNames } from './header.js';
import {
  COMPRESSIONS,
  EXR_MAGIC,
  type ExrImage,
  type ExrLayout,
  type ExrLines,
  sampleBytes,
  VERSION_BITS,
} from './image.js';
import { packer } from './pack.js';

/**
 * The bytes of a scan-line EXR file of one part (OpenEXR File Layout, version 2). Values are stored bit for bit.
 *
 * @throws RangeError for an empty data window, no or doubled channels, names that are empty or over 255 bytes, and
 *   channels whose count of samples is not that of the data window.
 */
export const encodeExr = (image: ExrImage | ExrLines): Uint8Array => encode([image], false);

/**
 * The bytes of an EXR file of several parts, each with its own channels, data window and compression.
 * @throws RangeError as `encodeExr`, for parts without a name or with the same one, and for parts that differ in
 *   display window or pixel aspect, which a file has once.
 */
export function encodeExrParts(parts: readonly (ExrImage | ExrLines)[]): Uint8Array {
  const names = new Set(parts.map((p) => p.name));
  if (!parts.length || names.has(undefined) || names.has('') || names.size !== parts.length)
    throw new RangeError(`parts need names of their own, got ${parts.map((p) => JSON.stringify(p.name)).join(', ')}`);
  const [first] = parts;
  for (const part of parts) {
    if (sameSize(part.displayWindow, first.displayWindow) && (part.pixelAspect ?? 1) === (first.pixelAspect ?? 1))
      continue;
    throw new RangeError(`parts share display window and pixel aspect, ${part.name} differs from ${first.name}`);
  }
  return encode(parts, true);
}

function encode(images: readonly (ExrImage | ExrLines)[], severalParts: boolean): Uint8Array {
  const parts = images.map((image) => ({ image, sorted: sortedLayout(image) }));
  const headers = parts.map(({ image, sorted }) =>
    headerAttributes(
      image,
      sorted.map((s) => s.layout),
      severalParts ? { chunks: chunkCount(image) } : undefined,
    ),
  );
  const names = [...headers.flatMap(Object.keys), ...parts.flatMap((p) => p.sorted.map((s) => s.layout.name))];
  const start = new ByteWriter();
  start.i32(EXR_MAGIC);
  start.i32(2 | (needsLongNames(names) ? VERSION_BITS.longNames : 0) | (severalParts ? VERSION_BITS.parts : 0));
  for (const header of headers) start.put(headerBytes(header));
  if (severalParts) start.u8(0);
  const chunks = parts.map(({ image, sorted }, part) => chunksOf(image, sorted, severalParts ? part : undefined));
  let at = start.length + 8 * chunks.reduce((n, c) => n + c.length, 0);
  for (const [head, data] of chunks.flat()) {
    start.u64(at);
    at += head.length + data.length;
  }
  return joined([start.done(), ...chunks.flat(2)]);
}

const byBytes = (a: string, b: string) => {
  const [p, q] = [bytesOf(a), bytesOf(b)];
  for (let i = 0; i < Math.min(p.length, q.length); i++) if (p[i] !== q[i]) return p[i] - q[i];
  return p.length - q.length;
};

/** A channel of the file and its place in what the caller gave. */
interface Sorted {
  readonly layout: ExrLayout;
  readonly at: number;
}

function sortedLayout(image: ExrImage | ExrLines): Sorted[] {
  const window = image.dataWindow;
  if (boxIsEmpty(window)) throw new RangeError('dataWindow must hold at least one pixel');
  const layouts: readonly ExrLayout[] = 'channels' in image ? image.channels : image.layout;
  if (layouts.length === 0) throw new RangeError('channels must not be empty');
  const names = new Set<string>();
  for (const { name } of layouts) {
    const length = bytesOf(name).length;
    if (length < 1 || length > 255 || name.includes('\0'))
      throw new RangeError(`channel names have 1 to 255 bytes, got ${JSON.stringify(name)}`);
    if (names.has(name)) throw new RangeError(`channel names are unique, got ${name} twice`);
    names.add(name);
  }
  if ('channels' in image) {
    const samples = boxWidth(window) * boxHeight(window);
    for (const { name, values } of image.channels)
      if (values.length !== samples)
        throw new RangeError(`channel ${name} needs ${samples} samples for its data window, got ${values.length}`);
  }
  return layouts.map((layout, at) => ({ layout, at })).sort((a, b) => byBytes(a.layout.name, b.layout.name));
}

const chunkCount = (image: ExrImage | ExrLines) =>
  Math.ceil(boxHeight(image.dataWindow) / COMPRESSIONS[image.compression].lines);

/** Samples of some lines by channel, from a picture that is there as a whole or from one that is made line by line. */
function linesOf(image: ExrImage | ExrLines): ExrLines['lines'] {
  if ('lines' in image) return (y0, y1) => image.lines(y0, y1);
  const { x0, x1, y0: top } = image.dataWindow;
  const width = x1 - x0;
  return (y0, y1) => image.channels.map((c) => c.values.subarray((y0 - top) * width, (y1 - top) * width));
}

type Chunk = readonly [head: Uint8Array, data: Uint8Array];

function chunksOf(image: ExrImage | ExrLines, sorted: readonly Sorted[], part: number | undefined): Chunk[] {
  const { x0, x1, y0, y1 } = image.dataWindow;
  const strides = sorted.map((s) => (x1 - x0) * sampleBytes(s.layout.type));
  const lineBytes = strides.reduce((n, stride) => n + stride, 0);
  const lines = linesOf(image);
  const pack = packer(image.compression, sorted.every((s) => s.layout.type === 'half') ? 'runs' : 'strings');
  const step = COMPRESSIONS[image.compression].lines;
  const chunks: Chunk[] = [];
  for (let top = y0; top < y1; top += step) {
    const rows = Math.min(step, y1 - top);
    const samples = lines(top, top + rows);
    const planes = sorted.map(({ at }) => {
      const { buffer, byteOffset, byteLength } = samples[at];
      return new Uint8Array(buffer, byteOffset, byteLength); // typed arrays are little-endian here
    });
    const raw = new Uint8Array(lineBytes * rows);
    for (let row = 0, to = 0; row < rows; row++) {
      planes.forEach((plane, i) => {
        raw.set(plane.subarray(row * strides[i], (row + 1) * strides[i]), to);
        to += strides[i];
      });
    }
    const data = pack(raw);
    const head = new ByteWriter();
    if (part !== undefined) head.i32(part);
    head.i32(top);
    head.i32(data.length);
    chunks.push([head.done(), data]);
  }
  return chunks;
}
