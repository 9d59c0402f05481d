import type { Frame } from '../native/libav.js';

/** Decoded frames of a clip or a sequence by index, before they become pictures. */
export interface NativeFrames {
  /**
   * One frame as a reference of its own, which the caller frees. Calls may overlap; they queue where they must.
   * @throws RotokitError MEDIA_FRAME_DAMAGED or MEDIA_FRAME_MISSING.
   */
  frame(index: number): Promise<Frame>;
  /** Frees everything native, after the calls before it. */
  close(): Promise<void>;
}
