import { AV_FRAME_DATA_DISPLAYMATRIX, AV_PKT_DATA_DISPLAYMATRIX, type Frame, type Stream } from '../native/libav.js';

/** How coded pixels are turned for display: first swapped along the diagonal (or not), then mirrored. */
export interface Orientation {
  readonly transpose: boolean;
  readonly flipX: boolean;
  readonly flipY: boolean;
  /** Degrees counterclockwise as ffprobe prints them: -90 is a phone held upright. */
  readonly degrees: number;
  /** The matrix turns by something else than quarter turns; that part is not applied. */
  readonly oblique: boolean;
}

/** Pixels shown as they are coded. */
export const UPRIGHT: Orientation = { transpose: false, flipX: false, flipY: false, degrees: 0, oblique: false };

/** Whether nothing has to be turned. */
export const isUpright = (o: Orientation): boolean => !o.transpose && !o.flipX && !o.flipY;

/**
 * The orientation of a display matrix (ISO/IEC 14496-12, `tkhd`: nine int32, rows a b u, c d v, x y w; a point (p, q)
 * goes to (a p + c q, b p + d q)). Mirrored matrices included.
 */
export function orientationOf(matrix: Buffer | null): Orientation {
  if (!matrix || matrix.length < 36) return UPRIGHT;
  const [a, b, c, d] = [0, 4, 12, 16].map((at) => matrix.readInt32LE(at) / 65536);
  const turn = Math.hypot(a, b);
  if (!(turn > 0) || (a === 0 && b === 0) || (c === 0 && d === 0)) return UPRIGHT;
  const transpose = Math.abs(b) > Math.abs(a);
  const oblique = Math.min(Math.abs(a), Math.abs(b)) / turn > 0.02;
  const degrees = Math.round((-Math.atan2(b, a) * 180) / Math.PI) || 0;
  return { transpose, flipX: transpose ? c < 0 : a < 0, flipY: transpose ? b < 0 : d < 0, degrees, oblique };
}

/** The orientation the container asks for, else the one the picture itself carries (EXIF, SEI). */
export function orientationOfFrame(frame: Frame, stream?: Stream): Orientation {
  const coded = stream?.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  return orientationOf(coded ?? frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX));
}

/** Any of the sample arrays a picture may have. */
type Samples = Uint8Array | Uint16Array | Float32Array;

/**
 * Turns interleaved samples of `width` x `height` coded pixels, `stride` samples from row to row, for display.
 * `into` holds `width * height * channels` samples; for a transposed picture its rows are `height` pixels long.
 */
export function orient<S extends Samples>(
  from: S,
  stride: number,
  width: number,
  height: number,
  channels: number,
  o: Orientation,
  into: S,
): S {
  if (isUpright(o)) {
    const row = width * channels;
    if (stride === row) into.set(from.subarray(0, row * height) as never);
    else for (let y = 0; y < height; y++) into.set(from.subarray(y * stride, y * stride + row) as never, y * row);
    return into;
  }
  const [w, h] = o.transpose ? [height, width] : [width, height];
  // Where one step right, and one step down, in the displayed picture goes in the coded one.
  const right = (o.transpose ? stride : channels) * (o.flipX ? -1 : 1);
  const down = (o.transpose ? channels : stride) * (o.flipY ? -1 : 1);
  const origin = (o.flipX ? -right * (w - 1) : 0) + (o.flipY ? -down * (h - 1) : 0);
  for (let y = 0, k = 0; y < h; y++) {
    let p = origin + y * down;
    for (let x = 0; x < w; x++, p += right) for (let c = 0; c < channels; c++) into[k++] = from[p + c];
  }
  return into;
}
