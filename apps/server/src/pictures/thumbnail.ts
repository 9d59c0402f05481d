import {
  type Box,
  boxIntersect,
  boxIsEmpty,
  boxOf,
  maskFromPlane,
  maskToPlane,
  type Picture,
  type SoftMask,
} from '@rotokit/core/values';
import { overlay } from '@rotokit/formats';
import { encodeJpeg } from '@rotokit/media';

/** Size of a thumbnail in the review queue, twice what the page shows it at. */
export const THUMBNAIL = { width: 192, height: 128 } as const;

/** A cut-out of a frame around a mask, in the thumbnail's proportions, with the mask outlined; the whole frame where there is none. */
export async function thumbnail(
  picture: Picture<'rgb8'>,
  mask: SoftMask | undefined,
  colour: string,
): Promise<Uint8Array> {
  const box = cutOut(picture, mask);
  const part = cropPicture(picture, box);
  const rgb = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
  const line = Math.max(1, Math.round((box.y1 - box.y0) / 90));
  const drawn = mask ? overlay(part, [{ mask: cropMask(mask, box), colour: rgb }], { tint: 0.25, line }) : part;
  return encodeJpeg(drawn, { size: THUMBNAIL, quantiser: 4 });
}

/** The mask's window with a margin, grown to the thumbnail's proportions and moved into the picture. */
function cutOut({ width, height }: Picture, mask: SoftMask | undefined): Box {
  const aspect = THUMBNAIL.width / THUMBNAIL.height;
  const whole = boxOf({ width, height });
  const w = mask && !boxIsEmpty(mask.window) ? mask.window : whole;
  let high = Math.max(48, (w.y1 - w.y0) * 1.5, ((w.x1 - w.x0) * 1.5) / aspect);
  high = Math.min(high, height, width / aspect);
  const wide = high * aspect;
  const place = (from: number, to: number, size: number, limit: number) =>
    Math.round(Math.min(Math.max(0, (from + to - size) / 2), limit - size));
  const [x0, y0] = [place(w.x0, w.x1, wide, width), place(w.y0, w.y1, high, height)];
  return boxIntersect({ x0, y0, x1: x0 + Math.round(wide), y1: y0 + Math.round(high) }, whole);
}

function cropPicture(p: Picture<'rgb8'>, { x0, y0, x1, y1 }: Box): Picture<'rgb8'> {
  const [width, height] = [x1 - x0, y1 - y0];
  const samples = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((y0 + y) * p.width + x0);
    samples.set(p.samples.subarray(from, from + 3 * width), 3 * y * width);
  }
  return { ...p, width, height, samples };
}

function cropMask(mask: SoftMask, { x0, y0, x1, y1 }: Box): SoftMask {
  const [width, height] = [x1 - x0, y1 - y0];
  const whole = maskToPlane(mask);
  const plane = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * mask.size.width + x0;
    plane.set(whole.subarray(from, from + width), y * width);
  }
  return maskFromPlane({ width, height }, plane);
}
