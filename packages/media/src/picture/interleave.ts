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
  const even = out.width % 2 === 0 && stride % 2 === 0 && [r, g, b].every((p) => p.byteOffset % 2 === 0);
  if (even && isUpright(o)) {
    byPairs(pairsOf(r), pairsOf(g), pairsOf(b), stride / 2, out.width, out.height, new Uint16Array(into.buffer));
  } else turned(r, g, b, stride, out.width, out.height, o, into);
  return into;
}

const pairsOf = (plane: Buffer) => new Uint16Array(plane.buffer, plane.byteOffset, plane.length >> 1);

/** Two pixels at a time: a pair of each plane in, three pairs out (little endian, as everything node-av runs on). */
function byPairs(
  r: Uint16Array,
  g: Uint16Array,
  b: Uint16Array,
  stride: number,
  width: number,
  height: number,
  into: Uint16Array,
): void {
  for (let y = 0, k = 0; y < height; y++) {
    const end = y * stride + width / 2;
    for (let p = y * stride; p < end; p++, k += 3) {
      const [u, v, w] = [r[p], g[p], b[p]];
      into[k] = (u & 0xff) | (v << 8);
      into[k + 1] = (w & 0xff) | (u & 0xff00);
      into[k + 2] = (v >>> 8) | (w & 0xff00);
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
