import { checkPixels, checkRatio, type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { TAG, type TiffImage } from './image.js';
import { unpackStrip } from './unpack.js';

/**
 * Reads the first picture of a TIFF: grey or RGB with or without alpha, 8 or 16 bits or 32-bit float, interleaved strips, either byte
 * order, no compression, LZW, deflate or PackBits. Values come back exactly; where white is 0, grey is turned around.
 *
 * @throws RotokitError MEDIA_UNREADABLE for damage and every other layout; MEDIA_TOO_LARGE beyond `maxPixels`. Never allocates more than
 *   4,096 times the bytes of the file.
 */
export function decodeTiff(bytes: Uint8Array, options: DecodeOptions = {}): TiffImage {
  return decoding(options, () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 8) damaged(`it ends early, at byte ${bytes.length}`);
    const order = view.getUint16(0);
    const little = order === 0x4949;
    if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) damaged('it is not a TIFF');
    const head = readHead(new Fields(view, little));
    checkPixels(head.width, head.height, options);
    return readPixels(bytes, little, head);
  });
}

const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8 };
/** A picture has at most this many strips, one to a line. */
const MOST_VALUES = 1 << 20;

/** The fields of the first directory. */
class Fields {
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #at = new Map<number, number>();

  constructor(view: DataView, little: boolean) {
    this.#view = view;
    this.#little = little;
    const start = view.getUint32(4, little);
    if (start + 2 > view.byteLength) damaged(`it ends early, at byte ${view.byteLength}`);
    const count = view.getUint16(start, little);
    if (start + 2 + 12 * count > view.byteLength) damaged(`it ends early, at byte ${view.byteLength}`);
    for (let i = 0; i < count; i++) this.#at.set(view.getUint16(start + 2 + 12 * i, little), start + 2 + 12 * i);
  }

  /** The numbers of a field, or those given where it is missing. */
  all(tag: number, otherwise?: readonly number[]): readonly number[] {
    const at = this.#at.get(tag);
    if (at === undefined) return otherwise ?? damaged(`its tag ${tag} is missing`);
    const type = this.#view.getUint16(at + 2, this.#little);
    const count = this.#view.getUint32(at + 4, this.#little);
    const bytes = SIZES[type] ?? damaged(`its tag ${tag} has an unknown type`);
    if (count > MOST_VALUES || count < 1) damaged(`its tag ${tag} has ${count} values`);
    const from = count * bytes <= 4 ? at + 8 : this.#view.getUint32(at + 8, this.#little);
    if (from + count * bytes > this.#view.byteLength) damaged(`it ends early, at byte ${this.#view.byteLength}`);
    return Array.from({ length: count }, (_, i) => {
      if (type === 3) return this.#view.getUint16(from + 2 * i, this.#little);
      if (type === 4) return this.#view.getUint32(from + 4 * i, this.#little);
      return bytes === 1 ? this.#view.getUint8(from + i) : damaged(`its tag ${tag} is no whole number`);
    });
  }

  one(tag: number, otherwise?: number): number {
    return this.all(tag, otherwise === undefined ? undefined : [otherwise])[0] as number;
  }

  has(tag: number): boolean {
    return this.#at.has(tag);
  }
}

interface Head {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly bits: number;
  readonly float: boolean;
  readonly compression: number;
  readonly predictor: number;
  readonly whiteIsZero: boolean;
  readonly rows: number;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  readonly alpha: TiffImage['alpha'];
}

function readHead(fields: Fields): Head {
  if (fields.has(TAG.tileWidth)) damaged('a tiled TIFF is not read here');
  const [width, height] = [fields.one(TAG.width), fields.one(TAG.height)];
  if (!width || !height) damaged('its size is missing');
  const photometric = fields.one(TAG.photometric);
  if (photometric > 2) damaged(`photometric interpretation ${photometric} is not read here; grey and RGB are`);
  const channels = fields.one(TAG.samples, 1);
  const colours = photometric === 2 ? 3 : 1;
  if (channels !== colours && channels !== colours + 1) damaged(`${channels} samples a pixel are not read here`);
  const bits = fields.all(TAG.bits, [1]);
  const float = fields.one(TAG.sampleFormat, 1) === 3;
  if (bits.some((b) => b !== bits[0]) || ![8, 16, 32].includes(bits[0]) || (bits[0] === 32) !== float)
    damaged(`${bits.join(',')} bits are not read here; 8, 16 and 32-bit float are`);
  if (fields.one(TAG.sampleFormat, 1) === 2) damaged('signed samples are not read here');
  if (fields.one(TAG.planar, 1) !== 1 && channels > 1) damaged('separate planes are not read here');
  if (fields.one(TAG.orientation, 1) !== 1) damaged('a turned TIFF is not read here');
  const predictor = fields.one(TAG.predictor, 1);
  if (![1, float ? 3 : 2].includes(predictor)) damaged(`predictor ${predictor} is not read here`);
  return {
    width,
    height,
    channels: channels as Head['channels'],
    bits: bits[0],
    float,
    compression: fields.one(TAG.compression, 1),
    predictor,
    whiteIsZero: photometric === 0,
    rows: Math.min(height, fields.one(TAG.rowsPerStrip, height)),
    offsets: fields.all(TAG.stripOffsets),
    lengths: fields.all(TAG.stripBytes),
    alpha: channels === colours ? undefined : fields.one(TAG.extraSamples, 0) === 1 ? 'premultiplied' : 'straight',
  };
}

function readPixels(bytes: Uint8Array, little: boolean, head: Head): TiffImage {
  const { width, height, channels, bits, rows, offsets, lengths } = head;
  const line = width * channels;
  const lineBytes = (line * bits) / 8;
  const strips = rows ? Math.ceil(height / rows) : 0;
  if (!strips || offsets.length !== strips || lengths.length !== strips) damaged('its strips do not fit its lines');
  checkRatio((lineBytes * height) / 4, bytes.length); // LZW packs up to four times as densely as deflate
  const samples =
    bits === 8 ? new Uint8Array(line * height) : new (head.float ? Float32Array : Uint16Array)(line * height);
  const [view, step] = [new DataView(samples.buffer), bits / 8];
  for (let s = 0; s < strips; s++) {
    if (offsets[s] + lengths[s] > bytes.length) damaged(`it ends early, at byte ${bytes.length}`);
    const count = Math.min(rows, height - s * rows);
    const packed = bytes.subarray(offsets[s], offsets[s] + lengths[s]);
    const strip = unpackStrip(packed, head.compression, count * lineBytes);
    const float = head.predictor === 3;
    const raw = float ? floatLines(strip, lineBytes, channels, little) : strip;
    const from = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    const to = s * rows * lineBytes;
    for (let i = 0; i < raw.length; i += step) {
      if (step === 1) view.setUint8(to + i, raw[i]);
      else if (step === 2) view.setUint16(to + i, from.getUint16(i, little), true);
      else view.setUint32(to + i, from.getUint32(i, little), true);
    }
  }
  if (head.predictor === 2)
    for (let y = 0; y < height; y++)
      for (let i = y * line + channels; i < (y + 1) * line; i++) samples[i] += samples[i - channels];
  if (head.whiteIsZero)
    for (let i = 0; i < samples.length; i += channels)
      samples[i] = head.float ? 1 - samples[i] : 2 ** bits - 1 - samples[i];
  return { width, height, channels, samples, ...(head.alpha ? { alpha: head.alpha } : {}) };
}

/**
 * Undoes the predictor for floats (TIFF Technical Note 3): a line is stored as its samples' highest bytes, then the next ones, and so on, each
 * byte as the difference to the one `channels` before.
 */
function floatLines(strip: Uint8Array, lineBytes: number, channels: number, little: boolean): Uint8Array {
  const out = new Uint8Array(strip.length);
  const count = lineBytes / 4;
  for (let at = 0; at < strip.length; at += lineBytes) {
    const line = strip.slice(at, at + lineBytes);
    for (let i = channels; i < lineBytes; i++) line[i] += line[i - channels];
    for (let i = 0; i < lineBytes; i++) {
      const [byte, sample] = [Math.floor(i / count), i % count];
      out[at + 4 * sample + (little ? 3 - byte : byte)] = line[i];
    }
  }
  return out;
}
