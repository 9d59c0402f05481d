import type { FrameSource, Past } from '@rotokit/core/ports';
import { type FrameIndex, frameIndex, type ObjectId, type SoftMask } from '@rotokit/core/values';
import type { VideoModel } from './model/video-model.js';
import { encoderInput } from './picture/input.js';
import { logitsOfMask, modelMask } from './picture/masks.js';
import type { WalkedFrame } from './prompting.js';
import type { VideoTracker } from './tracking/tracker.js';

/** What memory is made from anew. */
export interface RebuildTools {
  readonly past: Past;
  readonly source: FrameSource;
  readonly model: VideoModel;
  /** A tracker without objects. */
  fresh(): VideoTracker;
  /** Tracked frames to remember, at most. */
  readonly frames: number;
}

/**
 * The memory of a walk over a frame, made from masks that are known from before: the nearest settled frames on either side as prompted ones, and the last
 * tracked frames on the way from the one before (from the one after where there is none before). Undefined where nothing was tracked on the
 * frame, or nothing is settled elsewhere. The same masks give the same memory.
 */
export async function rebuilt(
  tools: RebuildTools,
  object: ObjectId,
  frame: FrameIndex,
  signal?: AbortSignal,
): Promise<WalkedFrame | undefined> {
  const { past, model } = tools;
  const settled = past.anchors(object).filter((a) => a !== frame);
  const [before, after] = [settled.findLast((a) => a < frame), settled.find((a) => a > frame)];
  const from = before ?? after;
  const tracked = from === undefined ? undefined : await past.tracked(object, frame);
  if (from === undefined || !tracked) return undefined;
  const step = from < frame ? 1 : -1;
  const tracker = tools.fresh();
  tracker.add(object);
  const { imageSize } = model.config;
  const at = (index: FrameIndex) => ({
    ...({ frame: index, step, signal } as const),
    picture: async () => encoderInput((await tools.source.read(index)).picture, imageSize),
  });
  try {
    for (const anchor of [before, after]) {
      const mask = anchor === undefined ? undefined : await past.mask(object, anchor);
      if (mask) await tracker.prompt(object, { kind: 'mask', mask: modelMask(mask, imageSize) }, at(anchor!));
    }
    const most = Math.min(tools.frames, Math.abs(frame - from) - 1);
    for (let back = most; back > 0; back--) {
      signal?.throwIfAborted();
      const index = frameIndex(frame - step * back);
      const mask = await past.mask(object, index);
      if (mask) await tracker.recollect(object, at(index), seenIn(mask, model));
    }
    await tracker.recollect(object, at(frame));
    return { tracker, logits: logitsOfMask(tracked, model.side) };
  } catch (error) {
    tracker.remove(object);
    throw error;
  }
}

const seenIn = (mask: SoftMask, model: VideoModel) => ({
  mask: modelMask(mask, model.config.imageSize),
  logits: logitsOfMask(mask, model.side),
});
