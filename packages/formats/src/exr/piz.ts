import type { Size } from '@rotokit/core/values';
import { ByteReader, damaged } from '../bytes/byte-reader.js';
import { unpackHuffman } from './huffman.js';
import { type ExrLayout, sampleBytes } from './image.js';
import { unwavelet } from './wavelet.js';

/** A bit for every 16-bit value. */
const BITMAP_BYTES = 8192;

/** The values that occur, in order; 0 always does. What a number of the wavelet means is its place here. */
function readTable(from: ByteReader): { readonly table: Uint16Array; readonly largest: number } {
  const [first, last] = [from.u8() + 256 * from.u8(), from.u8() + 256 * from.u8()];
  if (first >= BITMAP_BYTES || last >= BITMAP_BYTES) damaged('its table of values is too long');
  const bitmap = new Uint8Array(BITMAP_BYTES);
  if (first <= last) bitmap.set(from.take(last - first + 1), first);
  const table = new Uint16Array(65536);
  let count = 1;
  for (let value = Math.max(1, first * 8); value < (last + 1) * 8; value++)
    if (bitmap[value >> 3] & (1 << (value & 7))) table[count++] = value;
  return { table, largest: count - 1 };
}

/**
 * Unpacks a block of `width` x `height` pixels packed with PIZ (ImfPizCompressor.cpp): a table of the values that occur, then, channel after channel, their places in
 * it behind a wavelet for each 16-bit word of a sample, Huffman-coded. Returns lines of channels, as every other packing does. Stops the decoder at
 * what makes no sense.
 */
export function unpackPiz(packed: Uint8Array, layout: readonly ExrLayout[], { width, height }: Size): Uint8Array {
  const from = new ByteReader(packed);
  const { table, largest } = readTable(from);
  const words = layout.map(({ type }) => sampleBytes(type) / 2);
  const perPixel = words.reduce((a, b) => a + b, 0);
  const values = new Uint16Array(width * height * perPixel);
  unpackHuffman(from.take(from.i32()), values);
  let at = 0;
  for (const size of words) {
    const grid = { nx: width, ny: height, ox: size, oy: size * width };
    for (let word = 0; word < size; word++) unwavelet(values, { ...grid, at: at + word }, largest);
    at += width * height * size;
  }
  for (let i = 0; i < values.length; i++) values[i] = table[values[i]!]!;
  return inLines(values, words, width, height);
}

/** From channel after channel to line after line. */
function inLines(values: Uint16Array, words: readonly number[], width: number, height: number): Uint8Array {
  const out = new Uint16Array(values.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let channel = 0;
    for (const size of words) {
      const line = channel + y * width * size;
      out.set(values.subarray(line, line + width * size), to);
      to += width * size;
      channel += width * height * size;
    }
  }
  return new Uint8Array(out.buffer);
}
