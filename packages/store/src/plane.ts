import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeMask, encodeMask, MASK_MAX_PIXELS, type Size, type SoftMask } from '@rotokit/core/values';

const PLAIN = 0;
const DEFLATED = 1;

/** A mask as it lies in the file: one byte that says whether the run code after it is deflated, which it is where that is smaller. */
export function packMask(mask: SoftMask): Uint8Array {
  const code = encodeMask(mask);
  const deflated = deflateRawSync(code, { level: 1 });
  const [kind, body] = deflated.length < code.length ? [DEFLATED, deflated] : [PLAIN, code];
  const packed = new Uint8Array(1 + body.length);
  packed[0] = kind;
  packed.set(body, 1);
  return packed;
}

/** The mask behind packed bytes. @throws RangeError or a zlib error for anything else; never inflates without bound. */
export function unpackMask(packed: Uint8Array, size: Size): SoftMask {
  const body = packed.subarray(1);
  if (packed[0] === PLAIN) return decodeMask(body, size);
  if (packed[0] !== DEFLATED) throw new RangeError('not a packed mask');
  // The run code of a mask never exceeds its literals by more than a header and a few bytes of each run.
  const maxOutputLength = 64 + 3 * Math.min(size.width * size.height, MASK_MAX_PIXELS);
  return decodeMask(inflateRawSync(body, { maxOutputLength }), size);
}

/** SHA-256 of packed bytes, by which damage is told when they are read. */
export const digestOf = (packed: Uint8Array): Uint8Array => createHash('sha256').update(packed).digest();
