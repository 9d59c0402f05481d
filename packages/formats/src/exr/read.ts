import { type Box, boxHeight, boxWidth, type Point } from '@rotokit/core/values';
import { ByteReader, checkPixels, checkRatio, type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { COMPRESSIONS, type ExrChannel, type ExrImage, sampleBytes } from './image.js';
import { unpackBlock } from './pack.js';
import { type ReadHeader, readHeaders } from './read-header.js';
import { tileCounts } from './tiles.js';

/**
 * Reads an EXR of one part, in scan lines or in tiles (of several levels the full one), with NONE, RLE, ZIPS, ZIP, PIZ or PXR24 compression. Samples come back as they
 * were stored, bit for bit. A picture never takes more than 1,032 times the bytes of the file; unpacking a chunk takes up to twice its size besides, and half a megabyte
 * of tables for PIZ.
 *
 * @throws RotokitError MEDIA_UNREADABLE for damage, and for several parts, deep data, subsampled channels and
 *   other compressions; MEDIA_TOO_LARGE beyond `maxPixels`.
 */
export function decodeExr(bytes: Uint8Array, options: DecodeOptions = {}): ExrImage {
  const parts = decodeExrParts(bytes, options);
  if (parts.length === 1) return parts[0];
  return decoding(options, () => damaged('it has several parts, and one is wanted'));
}

/** Reads an EXR of one or more parts, in their order. Otherwise as `decodeExr`. */
export function decodeExrParts(bytes: Uint8Array, options: DecodeOptions = {}): readonly ExrImage[] {
  return decoding(options, () => {
    const from = new ByteReader(bytes);
    const { severalParts, headers } = readHeaders(from);
    let unpacked = 0;
    for (const { header, layout } of headers) {
      const [width, height] = [boxWidth(header.dataWindow), boxHeight(header.dataWindow)];
      checkPixels(width, height, options);
      unpacked += height * lineBytes(layout, width);
    }
    checkRatio(unpacked, bytes.length);
    const tables = headers.map((h) => readTable(from, h));
    return headers.map((h, i) => ({
      ...h.header,
      dataWindow: moved(h.header.dataWindow, h.origin),
      channels: readPixels(from, h, tables[i], severalParts ? i : undefined),
    }));
  });
}

const lineBytes = (layout: ReadHeader['layout'], width: number) =>
  layout.reduce((n, c) => n + width * sampleBytes(c.type), 0);

const moved = (b: Box, o: Point): Box => ({ x0: b.x0 - o.x, y0: b.y0 - o.y, x1: b.x1 - o.x, y1: b.y1 - o.y });

const arrayOf = { half: Uint16Array, float: Float32Array, uint: Uint32Array } as const;

/** Where the chunks of the full picture are. Those of smaller levels follow in the table and are passed by. */
function readTable(from: ByteReader, { header, tiles }: ReadHeader): readonly number[] {
  const [width, height] = [boxWidth(header.dataWindow), boxHeight(header.dataWindow)];
  const lines = Math.ceil(height / COMPRESSIONS[header.compression].lines);
  const { full, all } = tiles ? tileCounts(tiles, width, height) : { full: lines, all: lines };
  if (all * 8 > from.bytes.length - from.at) damaged(`it ends early, at byte ${from.bytes.length}`);
  const offsets = Array.from({ length: full }, () => from.u64());
  from.skip((all - full) * 8);
  return offsets;
}

/** A chunk's place in the data window, counted from its corner. */
interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Reads the words in front of a chunk's bytes and says which part of the picture it is. */
function blockAt(from: ByteReader, { header, tiles }: ReadHeader): Block {
  const { y0 } = header.dataWindow;
  const [width, height] = [boxWidth(header.dataWindow), boxHeight(header.dataWindow)];
  if (!tiles) {
    const { lines } = COMPRESSIONS[header.compression];
    const top = from.i32() - y0;
    if (top < 0 || top >= height || top % lines) damaged(`a chunk claims line ${top + y0}`);
    return { x: 0, y: top, width, height: Math.min(lines, height - top) };
  }
  const [column, row, levelX, levelY] = [from.i32(), from.i32(), from.i32(), from.i32()];
  const [x, y] = [column * tiles.width, row * tiles.height];
  if (column < 0 || row < 0 || x >= width || y >= height || levelX || levelY)
    damaged(`a chunk claims tile ${column}, ${row} of level ${levelX}, ${levelY}`);
  return { x, y, width: Math.min(tiles.width, width - x), height: Math.min(tiles.height, height - y) };
}

function readPixels(
  from: ByteReader,
  read: ReadHeader,
  offsets: readonly number[],
  part: number | undefined,
): ExrChannel[] {
  const { header, layout } = read;
  const [width, height] = [boxWidth(header.dataWindow), boxHeight(header.dataWindow)];
  const channels = layout.map(({ name, type }) => ({ name, type, values: new arrayOf[type](width * height) }));
  const planes = channels.map((c) => ({ bytes: new Uint8Array(c.values.buffer), sample: sampleBytes(c.type) }));
  const seen = new Set<number>();
  for (const offset of offsets) {
    if (offset === 0) damaged('it was not finished: a chunk is missing');
    from.at = offset;
    if (part !== undefined && from.i32() !== part) damaged(`a chunk of part ${part} belongs to another`);
    const block = blockAt(from, read);
    const place = block.y * width + block.x;
    if (seen.has(place)) damaged(`two chunks claim line ${block.y}, column ${block.x}`);
    seen.add(place);
    const raw = unpackBlock(from.take(from.i32()), layout, block, header.compression);
    let at = 0;
    for (let y = block.y; y < block.y + block.height; y++) {
      for (const { bytes, sample } of planes) {
        bytes.set(raw.subarray(at, at + block.width * sample), (y * width + block.x) * sample);
        at += block.width * sample;
      }
    }
  }
  return channels as ExrChannel[];
}
