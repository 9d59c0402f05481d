import type { Frame } from '../native/libav.js';
import { isUpright, type Orientation } from './orientation.js';

/**
 * swscale's planar 8-bit RGB (`gbrp`) as interleaved RGB, turned for display. Asking swscale for packed RGB gives the same values
 * for three times the work: only its planar output is vectorised where chroma is interpolated exactly.
 */
export function interleave(out: Frame, o: Orientation): Uint8Array {
  const into = new Uint8Array(out.width * out.height * 3);
  const [g, b, r] = out.data!;
  const stride = out.linesize[0];
  if (!isUpright(o)) turned(r, g, b, stride, out.width, out.height, o, into);
  else if (out.width % 4 === 0 && [r, g, b].every((p) => p.byteOffset % 4 === 0) && stride % 4 === 0) {
    byWords(wordsOf(r), wordsOf(g), wordsOf(b), stride / 4, out.width, out.height, new Uint32Array(into.buffer));
  } else turned(r, g, b, stride, out.width, out.height, o, into);
  return into;
}

const wordsOf = (plane: Buffer) => new Uint32Array(plane.buffer, plane.byteOffset, plane.length >> 2);

/** Four pixels at a time: three words in, three words out (little endian, as everything node-av runs on). */
function byWords(
  r: Uint32Array,
  g: Uint32Array,
  b: Uint32Array,
  stride: number,
  width: number,
  height: number,
  into: Uint32Array,
): void {
  for (let y = 0, k = 0; y < height; y++) {
    const end = y * stride + width / 4;
    for (let p = y * stride; p < end; p++, k += 3) {
      const [u, v, w] = [r[p], g[p], b[p]];
      into[k] = (u & 0xff) | ((v & 0xff) << 8) | ((w & 0xff) << 16) | ((u & 0xff00) << 16);
      into[k + 1] = ((v >>> 8) & 0xff) | (w & 0xff00) | (u & 0xff0000) | ((v & 0xff0000) << 8);
      into[k + 2] = ((w >>> 16) & 0xff) | ((u >>> 16) & 0xff00) | ((v >>> 8) & 0xff0000) | (w & 0xff000000);
    }
  }
}

/** Side of the tiles in which pixels are turned: 64 rows of a plane stay in the first cache. */
const TILE = 64;

function turned(
  r: Buffer,
  g: Buffer,
  b: Buffer,
  stride: number,
  width: number,
  height: number,
  o: Orientation,
  into: Uint8Array,
): void {
  const [w, h] = o.transpose ? [height, width] : [width, height];
  // Where one step right, and one step down, in the displayed picture goes in a plane.
  const right = (o.transpose ? stride : 1) * (o.flipX ? -1 : 1);
  const down = (o.transpose ? 1 : stride) * (o.flipY ? -1 : 1);
  const origin = (o.flipX ? -right * (w - 1) : 0) + (o.flipY ? -down * (h - 1) : 0);
  for (let y0 = 0; y0 < h; y0 += TILE) {
    for (let x0 = 0; x0 < w; x0 += TILE) {
      const [y1, x1] = [Math.min(h, y0 + TILE), Math.min(w, x0 + TILE)];
      for (let y = y0; y < y1; y++) {
        let p = origin + y * down + x0 * right;
        for (let k = (y * w + x0) * 3, end = (y * w + x1) * 3; k < end; k += 3, p += right) {
          into[k] = r[p];
          into[k + 1] = g[p];
          into[k + 2] = b[p];
        }
      }
    }
  }
}
