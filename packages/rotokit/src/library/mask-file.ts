import { readFile } from 'node:fs/promises';
import { maskFromBytes, RotokitError, reasonOf, type Size, type SoftMask } from '@rotokit/core/values';
import { decodePng } from '@rotokit/formats';
import { masksInPicture, pngMask } from '../import/picture-masks.js';

/**
 * A mask from a file: a PNG or TIFF (grey, or the alpha of one that has alpha; of an indexed one, everything that is not 0), a DPX, or
 * the first alpha channel or Cryptomatte object of an EXR. Never scaled.
 * @throws RotokitError MASK_UNREADABLE.
 */
export async function readMask(path: string, expected: Size): Promise<SoftMask> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new RotokitError('MASK_UNREADABLE', { path, reason: reasonOf(error) }, error);
  }
  return maskOf(bytes, path, expected);
}

/** A mask from the bytes of a file, whose kind its name tells. @throws RotokitError MASK_UNREADABLE. */
export function maskOf(bytes: Uint8Array, path: string, expected: Size): SoftMask {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new RotokitError('MASK_UNREADABLE', { path, reason }, cause);
  };
  let mask: SoftMask;
  try {
    mask = firstMask(bytes, path);
  } catch (error) {
    return refuse(reasonOf(error), error);
  }
  const { width, height } = mask.size;
  if (width !== expected.width || height !== expected.height) {
    refuse(`it is ${width}x${height}, the clip is ${expected.width}x${expected.height}`);
  }
  return mask;
}

function firstMask(bytes: Uint8Array, path: string): SoftMask {
  if (!/\.(exr|dpx|tiff?)$/i.test(path)) {
    const image = decodePng(bytes);
    const size = { width: image.width, height: image.height };
    if (image.kind === 'pixels') return pngMask(image);
    return maskFromBytes(
      size,
      image.indices.map((v) => (v ? 255 : 0)),
    );
  }
  const [mask] = masksInPicture(bytes, path).values();
  if (!mask) throw new Error('it has no channel');
  return mask;
}
