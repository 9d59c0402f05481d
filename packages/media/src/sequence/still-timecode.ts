import { type FrameRate, framesPerSecond, parseTimecode, type Timecode } from '@rotokit/core/values';

/** Bytes of a file's beginning in which its time code lies, if it has one. */
export const TIMECODE_BYTES = 65536;

/** Where DPX keeps it (SMPTE 268M, television header). */
const DPX_TIMECODE = 1920;

/**
 * Time code from the header of a picture: EXR's `timeCode` and DPX's television header, both binary coded decimals from frames up to hours with the flag of drop-frame
 * counting in bit 6. Above 30 frames a second EXR counts pairs and bit 15 tells the second of a pair. `b`: the beginning of the file. Undefined where there is none, or
 * none that fits the rate.
 */
export function stillTimecode(b: Buffer, rate: FrameRate): Timecode | undefined {
  if (b.length > 4 && b.readUInt32LE(0) === 20000630) {
    const at = b.indexOf('timeCode\0timecode\0', 0, 'latin1') + 22;
    return at < 22 || at + 8 > b.length ? undefined : fromBits(b.readUInt32LE(at), rate, true);
  }
  const magic = b.subarray(0, 4).toString('latin1');
  if ((magic !== 'SDPX' && magic !== 'XPDS') || b.length < DPX_TIMECODE + 4) return undefined;
  const bits = magic === 'SDPX' ? b.readUInt32BE(DPX_TIMECODE) : b.readUInt32LE(DPX_TIMECODE);
  return bits === 0xffffffff ? undefined : fromBits(bits, rate, false);
}

function fromBits(bits: number, rate: FrameRate, pairs: boolean): Timecode | undefined {
  const two = (shift: number, mask: number) => ((bits >>> shift) & mask).toString(16).padStart(2, '0');
  const [hours, minutes, seconds, shown] = [two(24, 0x3f), two(16, 0x7f), two(8, 0x7f), two(0, 0x3f)];
  if (!/^\d+$/.test(hours + minutes + seconds + shown)) return undefined;
  const counted = pairs && Math.round(framesPerSecond(rate)) > 30;
  const frames = counted ? String(2 * Number(shown) + ((bits >>> 15) & 1)).padStart(2, '0') : shown;
  return parseTimecode(`${hours}:${minutes}:${seconds}${bits & 64 ? ';' : ':'}${frames}`, rate);
}
