import type { EngineSession, FrameSource, Inference, Propagation, TrackedFrame } from '@rotokit/core/ports';
import type { FrameIndex, ObjectId, ObjectPrompts, SoftMask } from '@rotokit/core/values';
import type { MemoryPolicy } from './memory/policy.js';
import type { BankView } from './memory/view.js';
import type { FeatureStore } from './model/features.js';
import type { VideoModel } from './model/video-model.js';
import { Prompting } from './prompting.js';
import { LogitTrail } from './tracking/logit-trail.js';
import type { KeptMemories } from './tracking/memories.js';
import type { Tidying } from './tracking/tidy.js';
import { VideoTracker } from './tracking/tracker.js';
import { checkPropagation, walk } from './walk.js';

/** What a session is made of. It closes model, runtime, memories and storage. */
export interface SessionParts {
  readonly engine: string;
  readonly source: FrameSource;
  readonly inference: Inference;
  readonly model: VideoModel;
  readonly features: FeatureStore;
  readonly memories: KeptMemories;
  /** Closed last. */
  readonly storage: { close(): Promise<void> };
  readonly policy: MemoryPolicy;
  /** Tracked frames whose memories stay for corrections, and frames whose logits do. */
  readonly trail: { readonly memories: number; readonly logits: number };
  readonly tidying: Tidying;
  readonly observe?: ((view: BankView) => void) | undefined;
}

/** A model at work on one clip. Walks know nothing of one another; corrections know the last walk over their frame. */
export class NeuralSession implements EngineSession {
  readonly #parts: SessionParts;
  readonly #trail: LogitTrail;
  readonly #prompting: Prompting;
  /** The trackers of the last walks of each object, one a direction. */
  readonly #walks = new Map<ObjectId, Map<1 | -1, VideoTracker>>();
  #closed: Promise<void> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#trail = new LogitTrail(parts.trail.logits);
    this.#prompting = new Prompting({
      engine: parts.engine,
      source: parts.source,
      model: parts.model,
      trail: this.#trail,
      fresh: () => this.#tracker(),
      walked: (object, frame) =>
        [...(this.#walks.get(object)?.values() ?? [])].findLast((t) => t.hasWalked(object, frame)),
    });
  }

  async segment(
    frame: FrameIndex,
    objects: readonly ObjectPrompts[],
    signal?: AbortSignal,
  ): Promise<readonly SoftMask[]> {
    this.#check();
    signal?.throwIfAborted();
    return this.#prompting.segment(frame, objects, signal);
  }

  async *propagate(task: Propagation): AsyncGenerator<TrackedFrame> {
    this.#check();
    const { engine, source, model, observe } = this.#parts;
    checkPropagation(task, source);
    const tracker = this.#tracker();
    const step = task.to > task.from ? 1 : -1;
    for (const { object } of task.objects) {
      const walks = this.#walks.get(object) ?? new Map<1 | -1, VideoTracker>();
      const old = walks.get(step);
      if (old?.objects.includes(object)) old.remove(object);
      walks.delete(step);
      this.#walks.set(object, walks.set(step, tracker));
    }
    yield* walk({ engine, source, model, tracker, trail: this.#trail, observe }, task);
  }

  /** Closes the graphs, the runtime and what was kept, on disk too; a second call does nothing. Throws what the first of them refused with. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#walks.clear();
      const { model, inference, memories, storage } = this.#parts;
      const refusals: unknown[] = [];
      for (const part of [model, inference, memories, storage])
        await part.close().catch((error: unknown) => refusals.push(error));
      if (refusals.length) throw refusals[0];
    })();
    return this.#closed;
  }

  #check(): void {
    if (this.#closed) throw new TypeError(`the session of ${this.#parts.engine} is closed`);
  }

  #tracker(): VideoTracker {
    const { model, features, memories, policy, source, trail, tidying, engine } = this.#parts;
    const options = { frames: source.info.frames, policy, trail: trail.memories, tidying, memories, engine };
    return new VideoTracker(model, features, options);
  }
}
