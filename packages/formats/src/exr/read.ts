import { type Box, boxHeight, boxWidth, type Point } from '@rotokit/core/values';
import { ByteReader, checkPixels, checkRatio, type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { COMPRESSIONS, type ExrChannel, type ExrImage, sampleBytes } from './image.js';
import { unpack } from './pack.js';
import { type ReadHeader, readHeaders } from './read-header.js';

/**
 * Reads a scan-line EXR of one part with NONE, RLE, ZIPS or ZIP compression. Samples come back bit for bit. Never
 * allocates more than 1,032 times the bytes of the file.
 *
 * @throws RotokitError MEDIA_UNREADABLE for damage, and for tiles, several parts, deep data, subsampled channels and
 *   other compressions; MEDIA_TOO_LARGE beyond `maxPixels`.
 */
export function decodeExr(bytes: Uint8Array, options: DecodeOptions = {}): ExrImage {
  const parts = decodeExrParts(bytes, options);
  if (parts.length === 1) return parts[0];
  return decoding(options, () => damaged('it has several parts, and one is wanted'));
}

/** Reads an EXR of one or more scan-line parts, in their order. Otherwise as `decodeExr`. */
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
    const tables = headers.map(({ header }) => {
      const count = Math.ceil(boxHeight(header.dataWindow) / COMPRESSIONS[header.compression].lines);
      if (count * 8 > bytes.length - from.at) damaged(`it ends early, at byte ${bytes.length}`);
      return Array.from({ length: count }, () => from.u64());
    });
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

function readPixels(
  from: ByteReader,
  { header, layout }: ReadHeader,
  offsets: readonly number[],
  part: number | undefined,
): ExrChannel[] {
  const { x0, y0, x1, y1 } = header.dataWindow;
  const [width, height] = [x1 - x0, y1 - y0];
  const line = lineBytes(layout, width);
  const { lines } = COMPRESSIONS[header.compression];
  const channels = layout.map(({ name, type }) => ({ name, type, values: new arrayOf[type](width * height) }));
  const planes = channels.map((c) => ({ bytes: new Uint8Array(c.values.buffer), stride: width * sampleBytes(c.type) }));
  const seen = new Set<number>();
  for (const offset of offsets) {
    if (offset === 0) damaged('it was not finished: a chunk is missing');
    from.at = offset;
    if (part !== undefined && from.i32() !== part) damaged(`a chunk of part ${part} belongs to another`);
    const top = from.i32() - y0;
    if (top < 0 || top >= height || top % lines || seen.has(top)) damaged(`a chunk claims line ${top + y0}`);
    seen.add(top);
    const rows = Math.min(lines, height - top);
    const raw = unpack(from.take(from.i32()), rows * line, header.compression);
    let at = 0;
    for (let y = top; y < top + rows; y++) {
      for (const { bytes, stride } of planes) {
        bytes.set(raw.subarray(at, at + stride), y * stride);
        at += stride;
      }
    }
  }
  return channels as ExrChannel[];
}
