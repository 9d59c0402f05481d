import type { FrameIndex, FrameRange, ObjectId } from '../values/index.js';

/** A frame on which the user has settled an object's mask, and the digest of that mask. */
export interface AnchorMark {
  readonly frame: FrameIndex;
  readonly digest: string;
}

/** An object as planning sees it. */
export interface ObjectToTrack {
  readonly object: ObjectId;
  /** Larger wins where objects claim the same pixel. */
  readonly priority: number;
  /** In any order, one per frame, also outside the range that is to be tracked. */
  readonly anchors: readonly AnchorMark[];
}

/**
 * The frames of one object next to or between two neighbouring anchors. They depend on these anchors and on no other:
 * editing an anchor concerns the span on its left and the span on its right.
 */
export interface Bounds {
  /** The anchor before the frames; absent before the first one. */
  readonly left: AnchorMark | undefined;
  /** The anchor after the frames; absent behind the last one. */
  readonly right: AnchorMark | undefined;
  /** The frames that have no anchor and lie in the range asked for. Never empty. */
  readonly frames: FrameRange;
}

/**
 * An object's spans in a range, in order: before the first anchor, between neighbours, behind the last.
 * @throws RangeError for two anchors on one frame.
 */
export function boundsOf(object: ObjectId, marks: readonly AnchorMark[], range: FrameRange): Bounds[] {
  const anchors = [...marks].sort((a, b) => a.frame - b.frame);
  anchors.forEach((a, i) => {
    if (i && anchors[i - 1].frame === a.frame)
      throw new RangeError(`object ${object} has two anchors on frame index ${a.frame}`);
  });
  if (!anchors.length) return [];
  const bounds: Bounds[] = [];
  for (let i = 0; i <= anchors.length; i++) {
    const [left, right] = [anchors[i - 1], anchors[i]] as (AnchorMark | undefined)[];
    const start = Math.max(range.start, left ? left.frame + 1 : 0) as FrameIndex;
    const end = Math.min(range.end, right ? right.frame : range.end) as FrameIndex;
    if (start < end) bounds.push({ left, right, frames: { start, end } });
  }
  return bounds;
}
