import type { FrameNumber } from '@rotokit/core/values';

/** `stem.1001.ext`: four digits at least, more where the number has more, a minus in front of negative ones. */
export function numbered(stem: string, number: FrameNumber, extension: string): string {
  const digits = String(Math.abs(number)).padStart(4, '0');
  return `${stem}.${number < 0 ? '-' : ''}${digits}.${extension}`;
}
