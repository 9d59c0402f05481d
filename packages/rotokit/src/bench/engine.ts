import type { Engine, FrameSource } from '@rotokit/core/ports';
import { type FrameIndex, frameIndex, type ObjectId, objectId, type SoftMask, sourcePoint } from '@rotokit/core/values';

const OBJECT: ObjectId = objectId('bench');

/** How fast an engine answers and follows on a clip. Milliseconds are medians of wall time in this run. */
export interface EngineTimes {
  readonly size: string;
  readonly frames: number;
  /** Decoding included. */
  readonly msPerFrame: number;
  readonly p90: number;
  readonly msFirstClick: number;
  readonly msNextClick: number;
}

/** Times a first click, a second one on the same frame, and following the answer. */
export async function benchEngine(
  engine: Engine,
  source: FrameSource,
  at: { readonly x: number; readonly y: number },
  frames: number,
): Promise<EngineTimes> {
  const session = await engine.open(source);
  try {
    const click = { kind: 'point', at: sourcePoint(at.x, at.y), positive: true } as const;
    const again = { kind: 'point', at: sourcePoint(2, 2), positive: false } as const;
    // The first frame of a session also compiles and allocates: it is not what a user feels on every click.
    await session.segment(frameIndex(Math.min(2, source.info.frames - 1)), [{ object: OBJECT, prompts: [click] }]);
    const [msFirstClick, mask] = await timed(
      async () => (await session.segment(frameIndex(0), [{ object: OBJECT, prompts: [click] }]))[0] as SoftMask,
    );
    const [msNextClick] = await timed(() =>
      session.segment(frameIndex(0), [{ object: OBJECT, prompts: [click, again] }]),
    );
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
      msFirstClick,
      msNextClick,
    };
  } finally {
    await session.close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const value = await work();
  return [performance.now() - start, value];
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
