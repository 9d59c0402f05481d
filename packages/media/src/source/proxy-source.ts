import type { FrameSource } from '@rotokit/core/ports';
import type { FrameIndex } from '@rotokit/core/values';

/** How a picture for looking at is made. */
export interface ProxyOptions {
  /** Most lines it may have; never more than the clip has. */
  readonly lines: number;
  /** libav's quantiser, 2 (best) to 31; 4 unless told. */
  readonly quantiser?: number;
}

/** An open clip that also gives small pictures for playing, at a fraction of the work of an exact one. */
export interface ProxySource extends FrameSource {
  /**
   * A frame as baseline JPEG, scaled from the decoder's own planes: upright, square pixels, colours within 8-bit 4:2:0. Never for delivery.
   * @throws RotokitError FRAME_OUTSIDE, MEDIA_FRAME_DAMAGED or MEDIA_FRAME_MISSING. @throws RangeError for lines or a quantiser that no JPEG has.
   */
  jpeg(index: FrameIndex, options: ProxyOptions): Promise<Uint8Array>;
}
