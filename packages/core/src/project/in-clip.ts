import { type FrameIndex, type SoftMask, sameSize } from '../values/index.js';
import type { Project } from './project.js';

/** Holds frames and masks against the clip. @throws RangeError for a frame outside it, and for a mask of another size. */
export function inClip(p: Project, frame: FrameIndex, mask?: SoftMask): void {
  const { frames, size } = p.clip;
  if (!Number.isSafeInteger(frame) || frame < 0 || frame >= frames)
    throw new RangeError(`frame index ${frame} is outside the clip's 0..${frames - 1}`);
  if (mask && !sameSize(mask.size, size))
    throw new RangeError(`a mask of ${mask.size.width}x${mask.size.height} for a clip of ${size.width}x${size.height}`);
}
