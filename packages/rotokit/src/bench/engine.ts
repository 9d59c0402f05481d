import type { Engine, FrameSource } from '@rotokit/core/ports';
import { type FrameIndex, frameIndex, type ObjectId, objectId, type SoftMask, sourcePoint } from '@rotokit/core/values';

import { benchClicks, type ClickTimes } from './clicks.js';

const OBJECT: ObjectId = objectId('bench');

/** How fast an engine answers and follows on a clip. Milliseconds of wall time in this run. */
export interface EngineTimes extends ClickTimes {
  readonly size: string;
  readonly frames: number;
  /** Decoding included. */
  readonly msPerFrame: number;
  readonly p90: number;
}

/** Times clicks, and following the answer to one on the first frame. */
export async function benchEngine(
  engine: Engine,
  source: FrameSource,
  at: { readonly x: number; readonly y: number },
  frames: number,
): Promise<EngineTimes> {
  const session = await engine.open(source);
  try {
    const where = sourcePoint(at.x, at.y);
    const clicks = await benchClicks(session, source, OBJECT, where);
    const prompts = [{ kind: 'point', at: where, positive: true } as const];
    const [mask] = (await session.segment(frameIndex(0), [{ object: OBJECT, prompts }])) as [SoftMask];
    const times: number[] = [];
    let last = performance.now();
    const to = frameIndex(Math.min(frames, source.info.frames - 1)) as FrameIndex;
    for await (const _ of session.propagate({
      from: frameIndex(0),
      to,
      objects: [{ object: OBJECT, mask, priority: 0 }],
      overlap: 'exclusive',
    })) {
      times.push(performance.now() - last);
      last = performance.now();
    }
    const steady = times.slice(Math.min(5, times.length - 1)).sort((a, b) => a - b);
    const { width, height } = source.info.size;
    return {
      size: `${width}x${height}`,
      frames: times.length,
      msPerFrame: steady.reduce((a, b) => a + b, 0) / steady.length,
      p90: steady[Math.floor(steady.length * 0.9)] as number,
      ...clicks,
    };
  } finally {
    await session.close();
  }
}

/** Resident memory while following for a long time: MB at each of the lengths. */
export async function benchMemory(
  engine: Engine,
  source: FrameSource,
  mask: SoftMask,
  lengths: readonly number[],
): Promise<readonly (readonly [frames: number, megabytes: number])[]> {
  const session = await engine.open(source);
  const curve: [number, number][] = [];
  try {
    let [frames, peak] = [0, 0];
    const to = frameIndex(Math.max(...lengths));
    for await (const _ of session.propagate({
      from: frameIndex(0),
      to,
      objects: [{ object: OBJECT, mask, priority: 0 }],
      overlap: 'exclusive',
    })) {
      peak = Math.max(peak, process.memoryUsage.rss() / 2 ** 20);
      if (lengths.includes(++frames)) curve.push([frames, peak]);
    }
  } finally {
    await session.close();
  }
  return curve;
}
