import { checkPixels, checkRatio, type DecodeOptions, damaged, decoding, textOf } from '../bytes/byte-reader.js';
import { joined } from '../bytes/byte-writer.js';
import { crc32, inflate } from '../bytes/deflate.js';
import { CHANNELS_OF_TYPE, PNG_SIGNATURE, type PngImage } from './image.js';
import { unpackPass } from './unpack.js';

interface Head {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly type: number;
  readonly interlaced: boolean;
}

interface Chunks {
  readonly head: Head;
  readonly palette: Uint8Array | undefined;
  readonly alphas: Uint8Array | undefined;
  readonly data: Uint8Array;
}

/**
 * Reads any PNG: every colour type, 1 to 16 bits, interlaced or not. Values come back exactly; grey of 1, 2 or 4 bits is
 * widened to 8 (0..255), indices are not. Never allocates more than the file can hold.
 *
 * @throws RotokitError MEDIA_UNREADABLE for damage (checksums included), MEDIA_TOO_LARGE beyond `maxPixels`.
 */
export function decodePng(bytes: Uint8Array, options: DecodeOptions = {}): PngImage {
  return decoding(options, () => {
    const chunks = readChunks(bytes, options);
    const { width, height, depth, type } = chunks.head;
    const channels = CHANNELS_OF_TYPE[type];
    const samples = readSamples(chunks, channels);
    if (type !== 3) {
      const scale = 255 / (2 ** depth - 1);
      if (depth < 8) for (let i = 0; i < samples.length; i++) samples[i] *= scale;
      return { kind: 'pixels', width, height, channels, samples };
    }
    const palette = chunks.palette ?? damaged('it has indices but no palette');
    const indices = samples as Uint8Array; // indices have 8 bits at most
    const highest = indices.reduce((a, b) => Math.max(a, b), 0);
    if (3 * highest >= palette.length) damaged(`index ${highest} is beyond its palette`);
    const indexed = { kind: 'indexed', width, height, indices, palette } as const;
    return chunks.alphas ? { ...indexed, alphas: chunks.alphas } : indexed;
  });
}

function readChunks(bytes: Uint8Array, options: DecodeOptions): Chunks {
  if (PNG_SIGNATURE.some((v, i) => bytes[i] !== v)) damaged('it is not a PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let head: Head | undefined;
  const found = new Map<string, Uint8Array>();
  const data: Uint8Array[] = [];
  for (let at = 8, type = ''; type !== 'IEND'; ) {
    if (at + 12 > bytes.length) damaged(`it ends early, at byte ${bytes.length}`);
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) damaged(`it ends early, at byte ${bytes.length}`);
    type = textOf(bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      damaged(`the checksum of its ${JSON.stringify(type)} at byte ${at} is wrong`);
    if (!head && type !== 'IHDR') damaged('it does not begin with IHDR');
    if (type === 'IHDR') head = readHead(body, options);
    else if (type === 'IDAT') data.push(body);
    else found.set(type, body);
    at += 12 + length;
  }
  const [palette, alphas] = [found.get('PLTE')?.slice(), found.get('tRNS')?.slice()];
  if (palette && (palette.length % 3 || palette.length > 768 || !palette.length)) damaged('its palette is damaged');
  return { head: head ?? damaged('it has no IHDR'), palette, alphas, data: joined(data) };
}

function readHead(body: Uint8Array, options: DecodeOptions): Head {
  if (body.length !== 13) damaged('its IHDR is damaged');
  const view = new DataView(body.buffer, body.byteOffset, 13);
  const [width, height, depth, type] = [view.getUint32(0), view.getUint32(4), body[8], body[9]];
  const depths = type === 3 ? [1, 2, 4, 8] : type === 0 ? [1, 2, 4, 8, 16] : [8, 16];
  if (
    !width ||
    !height ||
    !(type in CHANNELS_OF_TYPE) ||
    !depths.includes(depth) ||
    body[10] ||
    body[11] ||
    body[12] > 1
  )
    damaged('its IHDR is damaged');
  checkPixels(width, height, options);
  return { width, height, depth, type, interlaced: body[12] === 1 };
}

/** Adam7: where each pass begins and how far it steps, across and down. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function readSamples({ head, data }: Chunks, channels: number): Uint8Array | Uint16Array {
  const { width, height, depth } = head;
  const passes = (head.interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const))
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      width: Math.ceil((width - x) / dx),
      height: Math.ceil((height - y) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
  const lineBytes = (w: number) => 1 + Math.ceil((w * channels * depth) / 8);
  const total = passes.reduce((n, p) => n + p.height * lineBytes(p.width), 0);
  checkRatio(total, data.length);
  const raw = inflate(data, total);
  if (raw.length !== total) damaged(`its pixels unpack to ${raw.length} bytes, not ${total}`);
  const count = width * height * channels;
  const samples = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  let at = 0;
  for (const pass of passes) {
    const size = pass.height * lineBytes(pass.width);
    unpackPass(raw.subarray(at, at + size), pass, { channels, depth, width }, samples);
    at += size;
  }
  return samples;
}
