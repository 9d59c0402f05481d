import { ByteWriter, bytesOf } from '../bytes/byte-writer.js';
import { deflate } from '../bytes/deflate.js';
import { COMPRESSION, TAG, type TiffImage } from './image.js';

/** How a TIFF is packed. */
export interface TiffOptions {
  /** `deflate` with the difference to the left neighbour, unless told. */
  readonly compression?: 'none' | 'deflate';
  /** Where the picture came from. */
  readonly description?: string;
}

/** Bytes that a strip is filled up to before the next begins. */
const STRIP_BYTES = 1 << 16;

/**
 * The bytes of a TIFF (TIFF 6.0, little-endian, strips): values are stored exactly; an alpha says in ExtraSamples whether colour was
 * multiplied by it.
 * @throws RangeError when the count of samples does not fit.
 */
export function encodeTiff(image: TiffImage, options: TiffOptions = {}): Uint8Array {
  const { width, height, channels, samples } = image;
  if (!(width >= 1 && height >= 1) || samples.length !== width * height * channels)
    throw new RangeError(`samples must hold ${width * height * channels} values, got ${samples.length}`);
  const packed = (options.compression ?? 'deflate') === 'deflate';
  const predicted = packed && !(samples instanceof Float32Array); // differences of floats need predictor 3
  const line = width * channels;
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP_BYTES / (line * samples.BYTES_PER_ELEMENT))));
  const strips: Uint8Array[] = [];
  for (let y = 0; y < height; y += rows) {
    const part = samples.slice(y * line, Math.min(height, y + rows) * line);
    if (predicted) for (let at = 0; at < part.length; at += line) differences(part.subarray(at, at + line), channels);
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    strips.push(packed ? deflate(bytes, 4, 'runs') : bytes);
  }
  return assemble(image, options, { packed, predicted, rows, strips });
}

function differences(line: TiffImage['samples'], channels: number): void {
  for (let i = line.length - 1; i >= channels; i--) line[i] -= line[i - channels];
}

interface Packed {
  readonly packed: boolean;
  readonly predicted: boolean;
  readonly rows: number;
  readonly strips: readonly Uint8Array[];
}

/** Field types: texts, 16-bit and 32-bit numbers. */
const [ASCII, SHORT, LONG] = [2, 3, 4];
type Field = readonly [tag: number, type: number, values: readonly number[] | Uint8Array];

function assemble(image: TiffImage, options: TiffOptions, { packed, predicted, rows, strips }: Packed): Uint8Array {
  const { width, height, channels, samples } = image;
  const offsets: number[] = [];
  const out = new ByteWriter();
  out.text('II');
  out.u8(42);
  out.u8(0);
  const linkAt = out.length;
  out.u32(0);
  for (const strip of strips) {
    offsets.push(out.length);
    out.put(strip);
    if (out.length % 2) out.u8(0);
  }
  const same = (v: number) => new Array<number>(channels).fill(v);
  const isFloat = samples instanceof Float32Array;
  const fields: Field[] = [
    [TAG.width, LONG, [width]],
    [TAG.height, LONG, [height]],
    [TAG.bits, SHORT, same(samples.BYTES_PER_ELEMENT * 8)],
    [TAG.compression, SHORT, [packed ? COMPRESSION.deflate : COMPRESSION.none]],
    [TAG.photometric, SHORT, [channels < 3 ? 1 : 2]],
    ...(options.description ? [[TAG.description, ASCII, bytesOf(`${options.description}\0`)] as const] : []),
    [TAG.stripOffsets, LONG, offsets],
    [TAG.samples, SHORT, [channels]],
    [TAG.rowsPerStrip, LONG, [rows]],
    [TAG.stripBytes, LONG, strips.map((s) => s.length)],
    [TAG.planar, SHORT, [1]],
    ...(predicted ? [[TAG.predictor, SHORT, [2]] as const] : []),
    ...(channels % 2 ? [] : [[TAG.extraSamples, SHORT, [image.alpha === 'premultiplied' ? 1 : 2]] as const]),
    [TAG.sampleFormat, SHORT, same(isFloat ? 3 : 1)],
  ];
  const link = writeFields(out, fields);
  const bytes = out.done().slice();
  new DataView(bytes.buffer).setUint32(linkAt, link, true);
  return bytes;
}

/** Writes values that do not fit into a field, then the fields. @returns where the fields begin. */
function writeFields(out: ByteWriter, fields: readonly Field[]): number {
  const placed = fields.map(([tag, type, values]) => {
    const bytes = valueBytes(type, values);
    if (bytes.length <= 4) return { tag, type, count: values.length, bytes, at: undefined };
    const at = out.length;
    out.put(bytes);
    if (out.length % 2) out.u8(0);
    return { tag, type, count: values.length, bytes, at };
  });
  const start = out.length;
  const u16 = (v: number) => {
    out.u8(v & 255);
    out.u8(v >> 8);
  };
  u16(placed.length);
  for (const { tag, type, count, bytes, at } of placed) {
    u16(tag);
    u16(type);
    out.u32(count);
    if (at !== undefined) out.u32(at);
    else for (let i = 0; i < 4; i++) out.u8(bytes[i] ?? 0);
  }
  out.u32(0);
  return start;
}

function valueBytes(type: number, values: readonly number[] | Uint8Array): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const bytes = new Uint8Array(values.length * (type === SHORT ? 2 : 4));
  const view = new DataView(bytes.buffer);
  values.forEach((v, i) => {
    if (type === SHORT) view.setUint16(2 * i, v, true);
    else view.setUint32(4 * i, v, true);
  });
  return bytes;
}
