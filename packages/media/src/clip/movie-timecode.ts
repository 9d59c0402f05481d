import { type FrameRate, frameRate, framesPerSecond, parseTimecode, type Timecode } from '@rotokit/core/values';
import type { VideoStream } from '../native/video-stream.js';

/** What libav has of time code: the text that it makes of a tag or of a track's first sample, and the rate it was counted at where a track says so. */
interface Found {
  readonly text: string;
  readonly rate?: FrameRate;
}

function* foundIn({ format, stream }: VideoStream): Generator<Found> {
  const own = stream.metadata?.get('timecode');
  for (const other of format.streams) {
    const text = other.index === stream.index ? undefined : other.metadata?.get('timecode');
    const { num, den } = other.avgFrameRate;
    // A track of its own (QuickTime's `tmcd`) says at which rate it counts; the text beside the video is the same one.
    if (text && (!own || own === text))
      yield { text, ...(num > 0 && den > 0 && num / den < 1000 ? { rate: frameRate(num, den) } : {}) };
  }
  if (own) yield { text: own };
  const all = format.metadata?.get('timecode');
  if (all) yield { text: all };
}

/**
 * Time code of a movie's first frame: of its time code track, the tag of its video or of the file. Time code that counts pairs of frames (50 and 60 frames a second with
 * time code of 25 and 30) is counted in frames of the clip. Undefined where there is none, or none that fits the rate.
 */
export function movieTimecode(video: VideoStream, rate: FrameRate): Timecode | undefined {
  for (const { text, rate: counted = rate } of foundIn(video)) {
    const ratio = Math.round(framesPerSecond(rate) / framesPerSecond(counted));
    const fits = Math.abs(framesPerSecond(counted) * ratio - framesPerSecond(rate)) < 0.02 * ratio;
    const same = ratio === 1 ? rate : counted;
    const start = ratio >= 1 && fits ? parseTimecode(text, same) : undefined;
    if (start) return { count: start.count * ratio, drop: start.drop };
  }
  return undefined;
}
