import { damaged } from '../bytes/byte-reader.js';
import { inflate } from '../bytes/deflate.js';
import { COMPRESSION } from './image.js';

/** The bytes of a strip, which must be `length` at least; more is cut off, as some writers pad. Stops the decoder otherwise. */
export function unpackStrip(data: Uint8Array, compression: number, length: number): Uint8Array {
  switch (compression) {
    case COMPRESSION.none:
      return data.length >= length ? data.subarray(0, length) : damaged('a strip is cut short');
    case COMPRESSION.deflate:
    case COMPRESSION.oldDeflate:
      return exactly(inflate(data, length), length);
    case COMPRESSION.lzw:
      return exactly(unpackLzw(data, length), length);
    case COMPRESSION.packBits:
      return exactly(unpackBits(data, length), length);
    default:
      return damaged(`TIFF compression ${compression} is not read here; none, LZW, deflate and PackBits are`);
  }
}

const exactly = (bytes: Uint8Array, length: number) =>
  bytes.length === length ? bytes : damaged(`a strip unpacks to ${bytes.length} bytes, not ${length}`);

function unpackBits(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < data.length && to < length; ) {
    const count = (data[at++] << 24) >> 24;
    if (count === -128) continue;
    const n = Math.min(count < 0 ? 1 - count : count + 1, length - to);
    if (count < 0) out.fill(data[at++] ?? damaged('a strip is cut short'), to, to + n);
    else out.set(data.subarray(at, at + n), to);
    if (count >= 0) at += n;
    to += n;
  }
  return out.subarray(0, to);
}

const [CLEAR, END, FIRST, MOST] = [256, 257, 258, 4096];

/**
 * TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, high bits first, widened one code early. A code stands for the string of an
 * earlier one and a byte.
 */
function unpackLzw(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const prefix = new Uint16Array(MOST);
  const suffix = new Uint8Array(MOST);
  const lengths = new Uint16Array(MOST).fill(1, 0, 256);
  for (let i = 0; i < 256; i++) suffix[i] = i;
  let [next, width, before, to, bit] = [FIRST, 9, -1, 0, 0];
  const write = (code: number, n: number) => {
    for (let c = code, at = to + n - 1; at >= to; at--, c = prefix[c]) if (at < length) out[at] = suffix[c];
    to += n;
  };
  for (; bit + width <= data.length * 8 && to < length; ) {
    const byte = bit >> 3;
    const code =
      (((data[byte] << 16) | (data[byte + 1] << 8) | data[byte + 2]) >> (24 - width - (bit & 7))) & ((1 << width) - 1);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, before] = [FIRST, 9, -1];
      continue;
    }
    if (code > next || (code === next && before < 0) || (before < 0 && code > 255))
      damaged('a strip has an impossible code');
    const start = to;
    if (code < next) write(code, lengths[code]);
    else {
      write(before, lengths[before]);
      if (to < length) out[to] = out[start];
      to++;
    }
    if (before >= 0 && next < MOST) {
      prefix[next] = before;
      suffix[next] = out[start];
      lengths[next] = lengths[before] + 1;
      next++;
    }
    before = code;
    if (next + 1 >= 1 << width && width < 12) width++;
  }
  return out.subarray(0, Math.min(to, length));
}
