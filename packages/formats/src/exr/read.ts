import { type Box, boxHeight, boxWidth, type Point } from '@rotokit/core/values';
import { ByteReader, checkPixels, checkRatio, type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { inflate } from '../bytes/deflate.js';
import { type ExrAttribute, readAttributes, readValue } from './attributes.js';
import {
  COMPRESSIONS,
  EXR_MAGIC,
  type ExrChannel,
  type ExrCompression,
  type ExrImage,
  PIXEL_TYPES,
  sampleBytes,
} from './image.js';
import { unpredict } from './predict.js';

/**
 * Reads what `encodeExr` writes and every other single-part scan-line EXR with NONE, ZIPS or ZIP compression.
 * Samples come back bit for bit. Never allocates more than the file can hold.
 *
 * @throws RotokitError MEDIA_UNREADABLE for damage, and for tiles, several parts, deep data, subsampled channels and
 *   other compressions; MEDIA_TOO_LARGE beyond `maxPixels`.
 */
export function decodeExr(bytes: Uint8Array, options: DecodeOptions = {}): ExrImage {
  return decoding(options, () => {
    const from = new ByteReader(bytes);
    const header = readHeader(from);
    const { dataWindow } = header.image;
    checkPixels(boxWidth(dataWindow), boxHeight(dataWindow), options);
    const channels = readPixels(from, header);
    return { ...header.image, dataWindow: moved(dataWindow, header.origin), channels };
  });
}

const moved = (b: Box, o: Point): Box => ({ x0: b.x0 - o.x, y0: b.y0 - o.y, x1: b.x1 - o.x, y1: b.y1 - o.y });

interface Header {
  /** Where the display window begins; pictures here begin at (0, 0). */
  readonly origin: Point;
  readonly image: Omit<ExrImage, 'channels'>;
  readonly layout: readonly { readonly name: string; readonly type: ExrChannel['type'] }[];
}

const REQUIRED = ['channels', 'compression', 'dataWindow', 'displayWindow', 'lineOrder', 'pixelAspectRatio'];
const IMPLIED = new Set([...REQUIRED, 'screenWindowCenter', 'screenWindowWidth']);

function readHeader(from: ByteReader): Header {
  if (from.i32() !== EXR_MAGIC) damaged('it is not an EXR');
  const version = from.i32();
  if ((version & 0xff) !== 2) damaged(`EXR version ${version & 0xff} is not known`);
  if (version & 0x200) damaged('tiled EXR is not read here');
  if (version & 0x800) damaged('deep EXR is not read here');
  if (version & 0x1000) damaged('EXR with several parts is not read here');
  const all = readAttributes(from);
  const bytes = (name: string) => all.get(name)?.bytes ?? damaged(`its header lacks ${name}`);
  const attributes: Record<string, ExrAttribute> = {};
  for (const [name, a] of all) if (!IMPLIED.has(name)) attributes[name] = readValue(a.typeName, a.bytes);
  const display = boxFrom(bytes('displayWindow'));
  const code = bytes('compression')[0];
  const known = Object.entries(COMPRESSIONS).find(([, c]) => c.code === code);
  if (!known) return damaged(`EXR compression ${code} is not read here; NONE, ZIPS and ZIP are`);
  return {
    origin: { x: display.x0, y: display.y0 },
    layout: layoutFrom(bytes('channels')),
    image: {
      dataWindow: boxFrom(bytes('dataWindow')),
      displayWindow: { width: boxWidth(display), height: boxHeight(display) },
      compression: known[0] as ExrCompression,
      pixelAspect: new ByteReader(bytes('pixelAspectRatio')).f32(),
      attributes,
    },
  };
}

function boxFrom(bytes: Uint8Array): Box {
  const from = new ByteReader(bytes);
  const box = { x0: from.i32(), y0: from.i32(), x1: from.i32() + 1, y1: from.i32() + 1 };
  return box.x1 > box.x0 && box.y1 > box.y0 ? box : damaged('a window of its header is empty');
}

function layoutFrom(bytes: Uint8Array): Header['layout'] {
  const from = new ByteReader(bytes);
  const layout: { name: string; type: ExrChannel['type'] }[] = [];
  for (let name = from.zeroText(255); name !== ''; name = from.zeroText(255)) {
    const type = PIXEL_TYPES[from.i32()] ?? damaged(`channel ${name} has an unknown pixel type`);
    from.skip(4);
    if (from.i32() !== 1 || from.i32() !== 1) damaged(`channel ${name} is subsampled, which is not read here`);
    if (layout.length >= 4096) damaged('it has more than 4,096 channels');
    layout.push({ name, type });
  }
  return layout.length ? layout : damaged('it has no channels');
}

const arrayOf = { half: Uint16Array, float: Float32Array, uint: Uint32Array } as const;

function readPixels(from: ByteReader, { image, layout }: Header): ExrChannel[] {
  const { x0, y0, x1, y1 } = image.dataWindow;
  const [width, height] = [x1 - x0, y1 - y0];
  const lineBytes = layout.reduce((n, c) => n + width * sampleBytes(c.type), 0);
  checkRatio(lineBytes * height, from.bytes.length);
  const { lines } = COMPRESSIONS[image.compression];
  const offsets = Array.from({ length: Math.ceil(height / lines) }, () => from.u64());
  const channels = layout.map(({ name, type }) => ({ name, type, values: new arrayOf[type](width * height) }));
  const planes = channels.map((c) => ({ bytes: new Uint8Array(c.values.buffer), stride: width * sampleBytes(c.type) }));
  const seen = new Set<number>();
  for (const offset of offsets) {
    if (offset === 0) damaged('it was not finished: a chunk is missing');
    from.at = offset;
    const top = from.i32() - y0;
    if (top < 0 || top >= height || top % lines || seen.has(top)) damaged(`a chunk claims line ${top + y0}`);
    seen.add(top);
    const rows = Math.min(lines, height - top);
    const raw = unpack(from.take(from.i32()), rows * lineBytes, image.compression);
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

function unpack(data: Uint8Array, length: number, compression: ExrCompression): Uint8Array {
  if (data.length === length) return data; // stored: packing did not make it smaller
  if (compression === 'none') return damaged(`a chunk has ${data.length} bytes, not ${length}`);
  const packed = inflate(data, length);
  if (packed.length !== length) damaged(`a chunk unpacks to ${packed.length} bytes, not ${length}`);
  const raw = new Uint8Array(length);
  unpredict(packed, raw);
  return raw;
}
