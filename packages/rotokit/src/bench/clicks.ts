import type { EngineSession, FrameSource } from '@rotokit/core/ports';
import {
  frameIndex,
  MASK_HALF,
  maskAt,
  type ObjectId,
  type Prompt,
  type SoftMask,
  type SourcePoint,
  sourcePoint,
} from '@rotokit/core/values';
import { median } from './median.js';

/** How long a hand waits: medians of wall milliseconds over several frames, the process warm. */
export interface ClickTimes {
  /** The first click on a frame that nothing was said on. */
  readonly msFirstClick: number;
  /** A background click on the answer, which has to change for it. */
  readonly msNextClick: number;
}

const CLICKS = 9;
const STRIDE = 3;
/** Frames clicked before any is timed: they also compile and allocate. */
const WARMING = 3;

/** Times first clicks on frames of their own, and on each a second one that corrects the answer. */
export async function benchClicks(
  session: EngineSession,
  source: FrameSource,
  object: ObjectId,
  at: SourcePoint,
): Promise<ClickTimes> {
  const first: Prompt = { kind: 'point', at, positive: true };
  const times: { first: number[]; next: number[] } = { first: [], next: [] };
  for (let n = 0; n < WARMING + CLICKS; n++) {
    const frame = frameIndex((n * STRIDE) % source.info.frames);
    const ask = async (prompts: readonly Prompt[]): Promise<[number, SoftMask]> => {
      const start = performance.now();
      const [mask] = await session.segment(frame, [{ object, prompts }]);
      return [performance.now() - start, mask as SoftMask];
    };
    const [msFirst, mask] = await ask([first]);
    const [msNext] = await ask([first, { kind: 'point', at: lowestOf(mask) ?? at, positive: false }]);
    if (n < WARMING) continue;
    times.first.push(msFirst);
    times.next.push(msNext);
  }
  return { msFirstClick: median(times.first), msNextClick: median(times.next) };
}

/** The first pixel of the lowest row of a mask, if it holds any. */
function lowestOf(mask: SoftMask): SourcePoint | undefined {
  const { x0, y0, x1, y1 } = mask.window;
  for (let y = y1 - 1; y >= y0; y--)
    for (let x = x0; x < x1; x++) if (maskAt(mask, x, y) >= MASK_HALF) return sourcePoint(x + 0.5, y + 0.5);
  return undefined;
}
