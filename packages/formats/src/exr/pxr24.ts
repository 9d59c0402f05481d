import type { Size } from '@rotokit/core/values';
import { damaged } from '../bytes/byte-reader.js';
import { inflate } from '../bytes/deflate.js';
import { type ExrLayout, sampleBytes } from './image.js';

/** Bytes that a sample takes before zlib: floats have lost their lowest eight bits. */
const PACKED = { half: 2, float: 3, uint: 4 } as const;

/**
 * Unpacks a block of PXR24 (ImfPxr24Compressor.cpp): each line of a channel as differences from sample to sample, their highest bytes first, then the next ones, all
 * packed by zlib. Halves and whole numbers come back exactly, floats as the 24 bits that were kept. Returns lines of channels. Stops the decoder at what makes no sense.
 */
export function unpackPxr24(data: Uint8Array, layout: readonly ExrLayout[], { width, height }: Size): Uint8Array {
  const total = (bytes: (type: ExrLayout['type']) => number) =>
    layout.reduce((n, c) => n + width * height * bytes(c.type), 0);
  const length = total((type) => PACKED[type]);
  const planes = inflate(data, length);
  if (planes.length !== length) damaged(`a chunk unpacks to ${planes.length} bytes, not ${length}`);
  const out = new Uint8Array(total(sampleBytes));
  const view = new DataView(out.buffer);
  let [from, to] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (const { type } of layout) {
      const [bytes, sample] = [PACKED[type], sampleBytes(type)];
      // The bytes that are there are the highest ones of a sample.
      const lift = 8 * (sample - bytes);
      let value = 0;
      for (let x = 0; x < width; x++) {
        let difference = 0;
        for (let b = 0; b < bytes; b++) difference = (difference << 8) | planes[from + b * width + x];
        value = (value + (difference << lift)) | 0;
        if (sample === 2) view.setUint16(to, value & 0xffff, true);
        else view.setInt32(to, value, true);
        to += sample;
      }
      from += bytes * width;
    }
  }
  return out;
}
