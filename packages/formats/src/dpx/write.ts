import { framesPerSecond } from '@rotokit/core/values';
import { bytesOf } from '../bytes/byte-writer.js';
import { DPX, DPX_DESCRIPTORS, DPX_DROP, DPX_TRANSFERS, type DpxFacts, type DpxImage } from './image.js';

/**
 * The bytes of a DPX file (SMPTE 268M, version 2.0): the full header of 2,048 bytes, big-endian, code values stored exactly; 10-bit
 * samples three to a word (filled, method A).
 *
 * A rate stands in both headers, because readers look in one or the other, and always with a time code: readers take undefined
 * time code for a real one where there is a rate.
 *
 * @throws RangeError when samples do not fit size, channels or depth, the time code is none, and for luma in 10 bits, whose order in a word
 *   programs do not agree on.
 */
export function encodeDpx(image: DpxImage, facts: DpxFacts = {}): Uint8Array {
  const { width, height, channels, depth, samples } = image;
  const count = width * height * channels;
  if (!(width >= 1 && height >= 1) || samples.length !== count)
    throw new RangeError(`samples must hold ${count} values, got ${samples.length}`);
  if (depth === 10 && channels === 1) throw new RangeError('10 bits are written as RGB or RGBA, got 1 channel');
  if (depth === 10 && samples.some((v) => v > 1023)) throw new RangeError('samples of 10 bits are at most 1023');
  const line = lineBytes(image);
  const bytes = new Uint8Array(DPX.headerBytes + line * height);
  writeHeader(bytes, image, facts);
  const view = new DataView(bytes.buffer, DPX.headerBytes);
  if (depth === 16) for (let i = 0; i < count; i++) view.setUint16(2 * i, samples[i]);
  else for (let y = 0; y < height; y++) packLine(samples, y * width * channels, width * channels, view, y * line);
  return bytes;
}

/** Bytes of one line: 10-bit lines begin at a new word. */
export const lineBytes = ({ width, channels, depth }: Pick<DpxImage, 'width' | 'channels' | 'depth'>): number =>
  depth === 16 ? 2 * width * channels : 4 * Math.ceil((width * channels) / 3);

function packLine(samples: Uint16Array, from: number, count: number, view: DataView, at: number): void {
  const sample = (i: number) => (i < count ? samples[from + i] : 0);
  for (let i = 0; i < count; i += 3)
    view.setUint32(at + (i / 3) * 4, ((sample(i) << 22) | (sample(i + 1) << 12) | (sample(i + 2) << 2)) >>> 0);
}

function writeHeader(bytes: Uint8Array, image: DpxImage, facts: DpxFacts): void {
  const view = new DataView(bytes.buffer);
  bytes.fill(0xff, 0, DPX.headerBytes); // undefined, as the standard wants it
  const u32 = (at: number, v: number) => view.setUint32(at, v >>> 0);
  const text = (at: number, room: number, value = '') => {
    bytes.fill(0, at, at + room);
    bytes.set(bytesOf(value).subarray(0, room - 1), at);
  };
  u32(0, DPX.magic);
  u32(4, DPX.headerBytes);
  text(8, 8, 'V2.0');
  u32(16, bytes.length);
  u32(20, 1); // a picture of its own, not "same as the one before"
  u32(24, DPX.genericBytes);
  u32(28, DPX.industryBytes);
  u32(32, 0);
  text(DPX.fileName, 100, facts.fileName);
  text(136, 24);
  text(DPX.creator, 100, facts.creator);
  text(DPX.project, 200, facts.project);
  text(460, 200);
  bytes.fill(0, 664, 768);
  view.setUint16(DPX.orientation, 0);
  view.setUint16(DPX.elements, 1);
  u32(DPX.width, image.width);
  u32(DPX.height, image.height);
  writeElement(view, image);
  text(DPX.element + 40, 32);
  u32(1408, 0);
  u32(1412, 0);
  u32(1424, image.width);
  u32(1428, image.height);
  text(DPX.source, 100, facts.source);
  for (const at of [1532, 1556, 1588]) text(at, at === 1532 ? 24 : 32);
  u32(DPX.aspect, 1);
  u32(DPX.aspect + 4, 1);
  bytes.fill(0, DPX.genericBytes, 1712); // film edge code and format: texts
  if (facts.position) {
    u32(DPX.framePosition, facts.position.frame);
    u32(DPX.framePosition + 4, facts.position.of);
    u32(DPX.framePosition + 8, 1);
  }
  bytes.fill(0, 1732, 1920); // frame identification, slate, reserved
  if (image.rate) {
    view.setFloat32(DPX.filmRate, framesPerSecond(image.rate));
    view.setFloat32(DPX.tvRate, framesPerSecond(image.rate));
  }
  if (image.rate || image.timecode) u32(DPX.timecode, timecodeBits(image.timecode ?? '00:00:00:00'));
  u32(1924, 0);
  bytes.fill(0, 1928, 1932); // progressive, field 1, video signal undefined
  bytes.fill(0, 1972, DPX.headerBytes);
}

function writeElement(view: DataView, { channels, depth, transfer }: DpxImage): void {
  const at = DPX.element;
  view.setUint32(at, 0); // unsigned
  view.setUint32(at + 4, 0);
  view.setUint32(at + 12, 2 ** depth - 1);
  view.setUint8(at + 20, DPX_DESCRIPTORS[channels]);
  view.setUint8(at + 21, DPX_TRANSFERS[transfer]);
  view.setUint8(at + 22, DPX_TRANSFERS[transfer]);
  view.setUint8(at + 23, depth);
  view.setUint16(at + 24, depth === 10 ? 1 : 0); // filled to words, method A; 16 bits fill words anyway
  view.setUint16(at + 26, 0); // no run lengths
  view.setUint32(at + 28, DPX.headerBytes);
  view.setUint32(at + 32, 0);
  view.setUint32(at + 36, 0);
}

/** Eight decimal digits, hours first, four bits each, and bit 6 for drop-frame counting (SMPTE ST 12-1 as DPX stores it). */
function timecodeBits(text: string): number {
  if (!/^\d\d:[0-5]\d:[0-5]\d[:;]\d\d$/.test(text)) throw new RangeError(`timecode must be HH:MM:SS:FF, got ${text}`);
  return Number.parseInt(text.replace(/[:;]/g, ''), 16) | (text.includes(';') ? DPX_DROP : 0);
}
