import { type FrameScore, scoreFrame, scoreSequence } from '@rotokit/core/evaluation';
import type { FrameIndex, ObjectId } from '@rotokit/core/values';
import { embeddedEngine, type Fuser, type Observation } from '@rotokit/embedded';
import { type ClipFiles, random, readClipFrame } from '../scenes/index.js';
import { clipSource, trueMask } from './clip-source.js';
import { halfTruth, type Sample, takeSample } from './observe.js';

/** A walk of the engine through a clip: from one frame's true mask to another frame. */
export interface Walk {
  readonly from: number;
  readonly to: number;
}

/** The walks that training data comes from: forwards, and backwards or from part-way. */
export function trainingWalks(frames: number, seed: number): Walk[] {
  const r = random(seed);
  const last = frames - 1;
  const middle = r.int(Math.floor(frames * 0.2), Math.floor(frames * 0.5));
  const second = r.pick<Walk>([
    { from: last, to: 0 },
    { from: last, to: 0 },
    { from: middle, to: last },
    { from: last - middle, to: 0 },
  ]);
  return [{ from: 0, to: last }, second];
}

/** What came of a walk. `scores` holds the frames in the order walked, without the first. */
export interface WalkResult {
  readonly samples: readonly Sample[];
  readonly scores: readonly FrameScore[];
}

const object = 'object' as ObjectId;

/** How to walk: with which fuser, and which share of the frames to keep samples of. */
export interface WalkOptions {
  readonly fuser: Fuser;
  /** Keep the maps of every n-th frame; 0 keeps none and scores instead. */
  readonly keepEvery: number;
  readonly profile?: 'full' | 'fast';
}

/** Runs the engine over a clip from a true mask, and keeps samples or scores. */
export async function walkClip(clip: ClipFiles, walks: readonly Walk[], o: WalkOptions): Promise<WalkResult[]> {
  let samples: Sample[] = [];
  let walked = 0;
  const truths = new Map<number, Float32Array>();
  const shake = random(clip.frames * 977 + walks.length);
  const observe = (seen: Observation): void => {
    walked++;
    const truth = truths.get(seen.frame);
    if (truth && walked % o.keepEvery === 0) samples.push(takeSample(seen, truth, clip.width >> 1, shake));
  };
  const engine = embeddedEngine({
    threads: 0,
    profile: o.profile ?? 'full',
    fuser: o.fuser,
    ...(o.keepEvery ? { observe } : {}),
  });
  const session = await engine.open(clipSource(clip));
  const results: WalkResult[] = [];
  try {
    if (o.keepEvery) {
      for (let i = 0; i < clip.frames; i++) {
        truths.set(i, halfTruth((await readClipFrame(clip, i)).mask, clip.width, clip.height));
      }
    }
    for (const walk of walks) {
      samples = [];
      walked = 0;
      const scores: FrameScore[] = [];
      const objects = [{ object, mask: await trueMask(clip, walk.from), priority: 1 }];
      for await (const tracked of session.propagate({
        ...{ from: walk.from as FrameIndex, to: walk.to as FrameIndex, objects, overlap: 'exclusive' },
      })) {
        if (!o.keepEvery) scores.push(scoreFrame(tracked.objects[0].mask, await trueMask(clip, tracked.frame)));
      }
      results.push({ samples, scores });
    }
  } finally {
    await session.close();
  }
  return results;
}

/** J and F of walks by the DAVIS protocol (first and last frame do not count), as one mean over walks. */
export function meanOf(results: readonly WalkResult[]): { readonly j: number; readonly f: number } {
  const all = results.map(({ scores }) => scoreSequence([{ j: 1, f: 1 }, ...scores]));
  return {
    j: all.reduce((sum, s) => sum + s.j.mean, 0) / all.length,
    f: all.reduce((sum, s) => sum + s.f.mean, 0) / all.length,
  };
}
