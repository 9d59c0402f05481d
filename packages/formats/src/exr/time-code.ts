import { type FrameRate, framesPerSecond, timecode } from '@rotokit/core/values';
import type { ExrAttribute } from './attributes.js';

const bcd = (n: number) => (Math.floor(n / 10) << 4) | (n % 10);

/**
 * The `timeCode` attribute of the n-th frame (SMPTE ST 12-1 as OpenEXR's ImfTimeCode packs it, TV60): BCD frames,
 * seconds, minutes and hours from the low byte up, bit 6 for drop-frame. Time code counts at most 30 frames a second, so
 * at 48, 50 and 60 the pair of frames is counted and bit 15 (field phase) tells the second of a pair.
 */
export function exrTimeCode(frame: number, rate: FrameRate, drop = false): ExrAttribute {
  const pairs = Math.round(framesPerSecond(rate)) > 30;
  const text = timecode(frame, rate, drop);
  const [hours, minutes, seconds, shown] = text.split(/[:;]/).map(Number);
  const frames = pairs ? Math.floor(shown / 2) : shown;
  const time =
    bcd(frames) |
    (drop ? 1 << 6 : 0) |
    (bcd(seconds) << 8) |
    (pairs && shown % 2 ? 1 << 15 : 0) |
    (bcd(minutes) << 16) |
    (bcd(hours) << 24);
  return { type: 'timecode', value: { time: time >>> 0, userData: 0 } };
}
