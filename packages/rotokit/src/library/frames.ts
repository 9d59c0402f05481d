import type { ClipInfo } from '@rotokit/core/ports';
import { type FrameIndex, type FrameNumber, type FrameRange, frameRange, RotokitError } from '@rotokit/core/values';

/** A clip's frames as people number them. */
export class FrameNumbers {
  /** Number of the first frame. */
  readonly first: FrameNumber;
  /** Number of the last frame. */
  readonly last: FrameNumber;

  constructor(info: Pick<ClipInfo, 'first' | 'frames'>) {
    this.first = info.first;
    this.last = (info.first + info.frames - 1) as FrameNumber;
  }

  /** The index behind a shown number. @throws RotokitError FRAME_OUTSIDE. */
  index(shown: number): FrameIndex {
    if (!Number.isSafeInteger(shown) || shown < this.first || shown > this.last) {
      throw new RotokitError('FRAME_OUTSIDE', { frame: shown, first: this.first, last: this.last });
    }
    return (shown - this.first) as FrameIndex;
  }

  /** The number shown for an index. */
  shown(index: FrameIndex): FrameNumber {
    return (this.first + index) as FrameNumber;
  }

  /** The frames of a range in shown numbers, both ends included and both optional. @throws RotokitError FRAME_OUTSIDE. */
  range(range: ShownRange = {}): FrameRange {
    const [first, last] = [this.index(range.first ?? this.first), this.index(range.last ?? this.last)];
    if (last < first) throw new RangeError(`a range ends at or after its start, got ${range.first}-${range.last}`);
    return frameRange(first, last + 1);
  }
}

/** Frames by shown numbers, both ends included; an end left out is the clip's. */
export interface ShownRange {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}
