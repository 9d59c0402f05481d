import { type FrameRate, frameRate, STANDARD_RATES } from '@rotokit/core/values';
import { checkPixels, type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { DPX, DPX_DROP, DPX_TRANSFERS, type DpxImage, type DpxTransfer } from './image.js';

/**
 * Reads a DPX of one image element: luma, alpha, RGB or RGBA, unsigned, 10 bits filled (method A or B) or 16 bits, either byte order, without run
 * lengths. Code values come back exactly; of bottom-up files the lines are put in order.
 *
 * @throws RotokitError MEDIA_UNREADABLE for damage and every other layout; MEDIA_TOO_LARGE beyond `maxPixels`. Never allocates more
 *   than twice the bytes of the file.
 */
export function decodeDpx(bytes: Uint8Array, options: DecodeOptions = {}): DpxImage {
  return decoding(options, () => {
    if (bytes.length < DPX.genericBytes) damaged(`it ends early, at byte ${bytes.length}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = view.getUint32(0, true) === DPX.magic;
    if (!little && view.getUint32(0) !== DPX.magic) damaged('it is not a DPX');
    const head = readElement(view, little);
    checkPixels(head.width, head.height, options);
    const samples = readSamples(view, little, head);
    return { ...head.image, samples, ...readClock(view, little) };
  });
}

interface Element {
  readonly width: number;
  readonly height: number;
  readonly offset: number;
  readonly padding: number;
  /** Bits that a word is shifted right by before its last sample. */
  readonly shift: 0 | 2;
  readonly bottomUp: boolean;
  readonly image: Omit<DpxImage, 'samples'>;
}

const CHANNELS: Readonly<Record<number, 1 | 3 | 4>> = { 4: 1, 6: 1, 50: 3, 51: 4 };

function readElement(view: DataView, little: boolean): Element {
  const u16 = (at: number) => view.getUint16(at, little);
  const u32 = (at: number) => view.getUint32(at, little);
  const at = DPX.element;
  const [width, height] = [u32(DPX.width), u32(DPX.height)];
  if (!width || !height || width === 0xffffffff || height === 0xffffffff) damaged('its size is missing');
  if (u16(DPX.elements) !== 1) damaged(`${u16(DPX.elements)} image elements are not read here`);
  if (u16(DPX.orientation) !== 0 && u16(DPX.orientation) !== 2)
    damaged(`orientation ${u16(DPX.orientation)} is not read here`);
  const channels = CHANNELS[view.getUint8(at + 20)] ?? damaged(`descriptor ${view.getUint8(at + 20)} is not read here`);
  const [depth, packing] = [view.getUint8(at + 23), u16(at + 24)];
  if (depth !== 10 && depth !== 16) return damaged(`${depth} bits are not read here; 10 and 16 are`);
  if (depth === 10 && packing !== 1 && packing !== 2) damaged(`10 bits in packing ${packing} are not read here`);
  if (u32(at) === 1) damaged('signed samples are not read here');
  if (u16(at + 26) === 1) damaged('run lengths are not read here');
  const known = Object.entries(DPX_TRANSFERS).find(([, code]) => code === view.getUint8(at + 21));
  const undefinedIsNone = (v: number) => (v === 0xffffffff ? 0 : v);
  return {
    width,
    height,
    offset: undefinedIsNone(u32(at + 28)) || u32(4),
    padding: undefinedIsNone(u32(at + 32)),
    shift: packing === 2 ? 0 : 2,
    bottomUp: u16(DPX.orientation) === 2,
    image: { width, height, channels, depth, transfer: (known?.[0] ?? 'user') as DpxTransfer },
  };
}

function readSamples(view: DataView, little: boolean, e: Element): Uint16Array {
  const { channels, depth } = e.image;
  const perLine = e.width * channels;
  const used = depth === 16 ? 2 * perLine : 4 * Math.ceil(perLine / 3);
  const aligned = 4 * Math.ceil(used / 4);
  const fills = (stride: number) => e.offset + stride * e.height === view.byteLength;
  // Some writers (FFmpeg) fill lines up to four bytes without saying so; the length of the file gives it away.
  const stride = !e.padding && !fills(used) && fills(aligned) ? aligned : used + e.padding;
  if (e.offset + stride * (e.height - 1) + used > view.byteLength) damaged(`it ends early, at byte ${view.byteLength}`);
  const samples = new Uint16Array(perLine * e.height);
  for (let row = 0; row < e.height; row++) {
    const from = e.offset + row * stride;
    const to = (e.bottomUp ? e.height - 1 - row : row) * perLine;
    if (depth === 16) {
      for (let i = 0; i < perLine; i++) samples[to + i] = view.getUint16(from + 2 * i, little);
      continue;
    }
    for (let i = 0; i < perLine; i++) {
      const word = view.getUint32(from + 4 * Math.floor(i / 3), little);
      const place = channels === 1 ? i % 3 : 2 - (i % 3); // luma begins in the low bits, as FFmpeg reads it too
      samples[to + i] = (word >>> (e.shift + 10 * place)) & 1023;
    }
  }
  return samples;
}

function readClock(view: DataView, little: boolean): { rate?: FrameRate; timecode?: string } {
  if (view.byteLength < DPX.headerBytes) return {};
  const fps = [DPX.filmRate, DPX.tvRate].map((at) => view.getFloat32(at, little)).find((v) => v >= 1 && v < 1000);
  // A float of the header is a rate of the trade where it is close to one.
  const known = STANDARD_RATES.find(([n, d]) => fps !== undefined && Math.abs(n / d - fps) < 0.004);
  const rate = known ? frameRate(...known) : fps === undefined ? undefined : frameRate(Math.round(fps * 1000), 1000);
  const bits = view.getUint32(DPX.timecode, little);
  const drops = bits !== 0xffffffff && (bits & DPX_DROP) !== 0;
  const digits = (drops ? bits - DPX_DROP : bits).toString(16).padStart(8, '0');
  return {
    ...(rate ? { rate } : {}),
    ...(/^\d{8}$/.test(digits)
      ? { timecode: (digits.match(/../g) as string[]).join(':').replace(/:(?=..$)/, drops ? ';' : ':') }
      : {}),
  };
}
