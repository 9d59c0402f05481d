import { scriptedSource } from '@rotokit/core/fakes';
import type { Engine } from '@rotokit/core/ports';
import {
  type FinishedFrame,
  maskDigest,
  planTracking,
  type TrackOptions,
  type TrackPlan,
  type TrackRequest,
  track,
} from '@rotokit/core/tracking';
import {
  encodeMask,
  type FrameIndex,
  frameIndex,
  frameRange,
  maskFromPlane,
  type ObjectId,
  type SoftMask,
  SRGB,
  size,
} from '@rotokit/core/values';

export const SIZE = size(96, 64);
export const at = frameIndex;
export const [HERO, DOG] = ['hero', 'dog'] as ObjectId[];

/** A disc with an edge that falls off over `soft` pixels. */
export function disc(x: number, y: number, r: number, soft = 0, of = SIZE): SoftMask {
  const plane = new Uint16Array(of.width * of.height);
  for (let k = 0; k < plane.length; k++) {
    const d = r - Math.hypot((k % of.width) + 0.5 - x, Math.floor(k / of.width) + 0.5 - y);
    plane[k] = Math.round(65535 * Math.min(1, Math.max(0, soft ? 0.5 + d / soft : d >= 0 ? 1 : 0)));
  }
  return maskFromPlane(of, plane);
}

/** A clip of `frames` grey pictures. */
export const greyClip = (frames: number) =>
  scriptedSource({
    frames,
    picture: () => ({
      format: 'rgb8',
      ...SIZE,
      samples: new Uint8Array(SIZE.width * SIZE.height * 3).fill(90),
      colour: SRGB,
    }),
  });

/** A generator of numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a caller of tracking keeps: anchors, finished frames with their basis, in the way a project would. */
export class Shot {
  readonly anchors = new Map<ObjectId, Map<number, SoftMask>>();
  readonly done = new Map<string, FinishedFrame>();
  readonly priorities = new Map<ObjectId, number>();
  readonly frames: number;

  constructor(frames: number) {
    this.frames = frames;
  }

  anchor(object: ObjectId, frame: number, mask: SoftMask): this {
    const of = this.anchors.get(object) ?? new Map();
    this.anchors.set(object, of.set(frame, mask));
    this.done.delete(`${object}/${frame}`);
    return this;
  }

  request(engine: Engine, more: Partial<TrackRequest> = {}): TrackRequest {
    return {
      range: frameRange(0, this.frames),
      objects: [...this.anchors].map(([object, anchors]) => ({
        object,
        priority: this.priorities.get(object) ?? 0,
        anchors: [...anchors].map(([frame, mask]) => ({ frame: at(frame), digest: maskDigest(mask) })),
      })),
      engine,
      overlap: 'exclusive',
      tracked: (object, frame) => this.done.get(`${object}/${frame}`)?.span.basis,
      ...more,
    };
  }

  plan(engine: Engine, more?: Partial<TrackRequest>): TrackPlan {
    return planTracking(this.request(engine, more));
  }

  options(more: Partial<TrackOptions> = {}): TrackOptions {
    return { anchorMask: (object, frame) => this.anchors.get(object)?.get(frame) as SoftMask, ...more };
  }

  /** Tracks what is missing and keeps each frame as it comes. */
  async run(
    engine: Engine,
    o: { options?: Partial<TrackOptions>; request?: Partial<TrackRequest>; stopAfter?: number } = {},
  ) {
    const delivered: FinishedFrame[] = [];
    const session = await engine.open(greyClip(this.frames));
    try {
      const plan = this.plan(engine, o.request);
      if (o.stopAfter === 0) return delivered;
      for await (const f of track(session, plan, this.options(o.options))) {
        delivered.push(f);
        this.done.set(`${f.object}/${f.frame}`, f);
        if (delivered.length === o.stopAfter) break;
      }
    } finally {
      await session.close();
    }
    return delivered;
  }

  /** Everything that was finished, as text: equal for equal results. */
  results(): Map<string, string> {
    const text = (f: FinishedFrame) =>
      `${Buffer.from(encodeMask(f.mask)).toString('base64')} ${JSON.stringify([f.signals, f.confidence])}`;
    return new Map([...this.done].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, f]) => [key, text(f)]));
  }
}

export const framesOfObject = (delivered: readonly FinishedFrame[], object: ObjectId): FrameIndex[] =>
  delivered.filter((f) => f.object === object).map((f) => f.frame);
