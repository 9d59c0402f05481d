import type { FrameSource, Propagation, TrackedFrame } from '@rotokit/core/ports';
import { type ObjectId, type Size, type SoftMask, sameSize } from '@rotokit/core/values';
import { FrameViews } from '../evidence/frame-view.js';
import type { Grids } from '../evidence/grids.js';
import { Planes } from '../evidence/planes.js';
import type { FlowPair, FlowService } from '../flow/types.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Affine } from '../primitives/affine.js';
import { markInside } from './decide.js';
import { type Claim, shareDecisions, shareMasks } from './exclusive.js';
import type { Fuser } from './fuser.js';
import { Lookahead } from './lookahead.js';
import { Shots } from './shots.js';
import { type Observation, Track } from './track.js';

/** What a walk needs besides its task. */
export interface WalkTools {
  readonly source: FrameSource;
  readonly grids: Grids;
  readonly kernels: Kernels;
  readonly flow: FlowService;
  readonly fuser: Fuser;
  readonly observe?: ((o: Observation) => void) | undefined;
}

/** Follows objects frame by frame. Shared work (decoding, scaling, Lab, flow) is done once for all of them. */
export async function* walk(tools: WalkTools, task: Propagation): AsyncGenerator<TrackedFrame> {
  if (task.to === task.from) return;
  const { grids, kernels, fuser, observe } = tools;
  for (const { object, mask } of task.objects) checkSize(object, mask, grids.native);
  const views = new FrameViews(grids, kernels);
  const frames = new Lookahead(tools.source, task.from, task.to, views, tools.flow, task.signal);
  try {
    const first = await frames.first();
    const bench = () => ({ grids, kernels, planes: new Planes() });
    const tracks = task.objects.map((start) => new Track(bench(), fuser, start, first, observe));
    const taken = new Uint8Array(grids.half.width * grids.half.height);
    const shots = new Shots(tools.flow, first);
    for (let next = await frames.next(); next; next = await frames.next()) {
      const { view } = next;
      const { kind: passage, flow } = await shots.enter(view, next.flow);
      const step = { view, flow, passage, camera: cameraMotion(kernels, flow) };
      for (const track of tracks) {
        task.signal?.throwIfAborted();
        track.follow(step);
      }
      for (const track of tracks) {
        task.signal?.throwIfAborted();
        track.search(step, task.overlap === 'exclusive' ? takenByOthers(tracks, track, taken, grids.half) : null);
      }
      if (task.overlap === 'exclusive') shareDecisions(claimsOf(tracks, (t) => t.decision));
      const objects = tracks.map((track) => ({ object: track.object, ...track.settle(step) }));
      if (task.overlap === 'exclusive') {
        shareMasks(objects.map(({ mask }, i): Claim<SoftMask> => ({ claim: mask, priority: tracks[i].priority })));
      }
      yield { frame: view.index, objects };
      await breathe();
      task.signal?.throwIfAborted();
    }
  } finally {
    await frames.close();
  }
}

function checkSize(object: ObjectId, { size }: SoftMask, clip: Size): void {
  if (sameSize(size, clip)) return;
  throw new RangeError(`the mask of ${object} has ${size.width}x${size.height}, the clip ${clip.width}x${clip.height}`);
}

/** Robust affine motion of the whole picture. */
function cameraMotion(kernels: Kernels, { backward, width, height }: FlowPair): Affine | null {
  return kernels.fitAffine(backward.u, backward.v, () => 1, width, height, 6);
}

/** The half-grid pixels that other objects were decided to own; `null` when there are none. */
function takenByOthers(tracks: readonly Track[], self: Track, plane: Uint8Array, half: Size): Uint8Array | null {
  let any = false;
  for (const track of tracks) {
    const d = track.decision;
    if (track === self || !d) continue;
    if (!any) plane.fill(0);
    any = true;
    markInside(d, plane, half.width);
  }
  return any ? plane : null;
}

function claimsOf<T>(tracks: readonly Track[], of: (t: Track) => T | null): Claim<T>[] {
  return tracks.flatMap((t) => {
    const claim = of(t);
    return claim === null ? [] : [{ claim, priority: t.priority }];
  });
}

/** Lets timers and messages in between two frames: without it an abort could not arrive while everything is at hand. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
