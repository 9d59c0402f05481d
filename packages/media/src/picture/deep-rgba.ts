import type { Frame } from '../native/libav.js';
import { formatFacts } from './layout.js';
import { swscaleTable } from './transfer.js';

/**
 * swscale's planar 16-bit RGB as interleaved RGBA, its full scale corrected. Packed 16-bit RGB is not asked of swscale at all: from
 * 4:2:0 it overflows in the upper half of the range (libav 8.1, `full_chroma_int`).
 * @param out a frame in `gbrap16le`.
 * @param alpha the frame whose fourth plane is the alpha, of the same size, in its own depth; opaque without one.
 */
export function deepRgba(out: Frame, alpha: Frame | undefined): Uint16Array {
  const { width, height } = out;
  const into = new Uint16Array(width * height * 4);
  const table = swscaleTable();
  [2, 0, 1].forEach((plane, channel) => {
    const words = wordsOf(out.data![plane]);
    const stride = out.linesize[plane] / 2;
    for (let y = 0, k = channel; y < height; y++) {
      for (let x = 0, p = y * stride; x < width; x++, p++, k += 4) into[k] = table[words[p]];
    }
  });
  if (alpha) putAlpha(alpha, into);
  else for (let k = 3; k < into.length; k += 4) into[k] = 65535;
  return into;
}

function putAlpha(frame: Frame, into: Uint16Array): void {
  const { bitDepth, name } = formatFacts(frame.format);
  const plane = frame.data?.[3];
  if (!plane) return void into.fill(65535);
  const wide = bitDepth > 8;
  const from = wide ? wordsOf(name.endsWith('be') ? Buffer.from(plane).swap16() : plane) : plane;
  const step = wide ? frame.linesize[3] / 2 : frame.linesize[3];
  const factor = 65535 / (2 ** bitDepth - 1);
  for (let y = 0, k = 3; y < frame.height; y++) {
    for (let x = 0, p = y * step; x < frame.width; x++, p++, k += 4) into[k] = from[p] * factor + 0.5;
  }
}

/** Bytes as 16-bit words; a copy only where they do not start on a word. */
function wordsOf(bytes: Buffer): Uint16Array {
  const even = bytes.byteOffset % 2 === 0 ? bytes : Buffer.from(Uint8Array.from(bytes).buffer);
  return new Uint16Array(even.buffer, even.byteOffset, even.length >> 1);
}
