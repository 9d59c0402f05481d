import type { ClipInfo, FrameSource, FramesOptions } from '@rotokit/core/ports';
import {
  type Frame,
  type FrameIndex,
  type FrameRange,
  frameNumber,
  frameRate,
  framesOf,
  maskFromBytes,
  type PictureFormat,
  type SoftMask,
  SRGB,
  size,
} from '@rotokit/core/values';
import { type ClipFiles, readClipFrame } from '../scenes/index.js';

/** A generated clip on disk as the engine reads it. Gives rgb8 only. */
export function clipSource(clip: ClipFiles): FrameSource {
  const info: ClipInfo = {
    ...{ path: clip.rgb, size: size(clip.width, clip.height), frames: clip.frames },
    ...{ rate: frameRate(24), first: frameNumber(1001), codec: 'rawvideo', bitDepth: 8, hasAlpha: false },
    ...{ colour: SRGB, notices: [] },
  };
  const read = async <F extends PictureFormat = 'rgb8'>(index: FrameIndex): Promise<Frame<F>> => {
    const { rgb } = await readClipFrame(clip, index);
    const picture = { format: 'rgb8', width: clip.width, height: clip.height, samples: rgb, colour: SRGB };
    return { index, picture, damaged: false } as unknown as Frame<F>;
  };
  async function* frames<F extends PictureFormat = 'rgb8'>(range: FrameRange, o?: FramesOptions<F>) {
    for (const index of framesOf(range, o?.step ?? 1)) yield await read<F>(index);
  }
  return { info, read, frames, close: async () => {} };
}

/** The true mask of the clip's object on a frame. */
export async function trueMask(clip: ClipFiles, index: number): Promise<SoftMask> {
  const { mask } = await readClipFrame(clip, index);
  return maskFromBytes(size(clip.width, clip.height), mask);
}
