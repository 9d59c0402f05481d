import { type Timecode, timecodeAfter } from '@rotokit/core/values';
import type { ExportJob } from './deliverable.js';

/** The time code of a frame as files of it say: the clip's own, else its number as shown counted from 0. Undefined for negative numbers without one. */
export function clockOf({ clip }: Pick<ExportJob, 'clip'>, number: number): Timecode | undefined {
  if (clip.timecode) return timecodeAfter(clip.timecode, number - clip.first);
  return number >= 0 ? { count: number, drop: false } : undefined;
}
