import { MASK_ONE, maskFromPlane, type SoftMask } from '@rotokit/core/values';
import type { PngImage } from '../png/image.js';

/** The number for "no object, not counted": DAVIS and PASCAL VOC leave such pixels out. */
export const VOID_LABEL = 255;

/**
 * The masks in a picture of numbers: of an indexed PNG (DAVIS, YouTube-VOS) each index but 0 and 255, of a grey one of 16 bits (MOTS) each value but 0 and
 * 10000, which is to be ignored. By number, ascending.
 */
export function masksFromLabels(image: PngImage): ReadonlyMap<number, SoftMask> {
  const numbers = image.kind === 'indexed' ? image.indices : image.samples;
  const ignored = numbers instanceof Uint8Array ? VOID_LABEL : 10_000;
  const size = { width: image.width, height: image.height };
  const found = new Set<number>();
  for (let i = 0; i < numbers.length; i++) found.add(numbers[i]);
  const labels = [...found].filter((v) => v !== 0 && v !== ignored).sort((a, b) => a - b);
  return new Map(
    labels.map((label) => [
      label,
      maskFromPlane(
        size,
        Uint16Array.from(numbers, (v) => (v === label ? MASK_ONE : 0)),
      ),
    ]),
  );
}
