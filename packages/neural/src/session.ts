import type { EngineSession, FrameSource, Inference, Propagation, TrackedFrame } from '@rotokit/core/ports';
import type { FrameIndex, ObjectId, ObjectPrompts, SoftMask } from '@rotokit/core/values';
import type { MemoryPolicy } from './memory/policy.js';
import type { BankView } from './memory/view.js';
import type { FeatureStore } from './model/features.js';
import type { VideoModel } from './model/video-model.js';
import { Prompting } from './prompting.js';
import { LogitTrail } from './tracking/logit-trail.js';
import type { Tidying } from './tracking/tidy.js';
import { VideoTracker } from './tracking/tracker.js';
import { checkPropagation, walk } from './walk.js';

/** What a session is made of. It closes model and runtime. */
export interface SessionParts {
  readonly engine: string;
  readonly source: FrameSource;
  readonly inference: Inference;
  readonly model: VideoModel;
  readonly features: FeatureStore;
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
      walks.delete(step);
      this.#walks.set(object, walks.set(step, tracker));
    }
    yield* walk({ engine, source, model, tracker, trail: this.#trail, observe }, task);
  }

  /** Closes the graphs and the runtime; a second call does nothing. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#walks.clear();
      try {
        await this.#parts.model.close();
      } finally {
        await this.#parts.inference.close();
      }
    })();
    return this.#closed;
  }

  #check(): void {
    if (this.#closed) throw new TypeError(`the session of ${this.#parts.engine} is closed`);
  }

  #tracker(): VideoTracker {
    const { model, features, policy, source, trail, tidying, engine } = this.#parts;
    const options = { frames: source.info.frames, policy, trail: trail.memories, tidying, engine };
    return new VideoTracker(model, features, options);
  }
}
