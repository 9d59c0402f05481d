import { decodeMask, RotokitError, reasonOf, type Size, type SoftMask } from '@rotokit/core/values';
import { maskOf } from 'rotokit';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Where a PNG's header tells the size. */
const PNG_SIZE_AT = 16;

/**
 * A mask that was uploaded: a PNG, or the coding of core/values/mask-codec. What the header says of the size is compared with the clip before
 * anything of that size is made. @throws RotokitError MASK_UNREADABLE.
 */
export function uploadedMask(file: Uint8Array, size: Size): SoftMask {
  const path = 'the uploaded mask';
  const refuse = (reason: string, cause?: unknown): never => {
    throw new RotokitError('MASK_UNREADABLE', { path, reason }, cause);
  };
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!bytes.subarray(0, PNG.length).equals(PNG)) {
    try {
      return decodeMask(file, size);
    } catch (error) {
      return refuse(`it is no PNG, and as a coded mask ${reasonOf(error)}`, error);
    }
  }
  if (bytes.length < PNG_SIZE_AT + 8) return refuse('it ends too early');
  const [width, height] = [bytes.readUInt32BE(PNG_SIZE_AT), bytes.readUInt32BE(PNG_SIZE_AT + 4)];
  if (width !== size.width || height !== size.height)
    refuse(`it is ${width}x${height}, the clip is ${size.width}x${size.height}`);
  return maskOf(file, path, size);
}
