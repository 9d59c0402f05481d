import type { EngineSession, FrameSource, Inference, Past, Propagation, TrackedFrame } from '@rotokit/core/ports';
import type { FrameIndex, ObjectId, ObjectPrompts, SoftMask } from '@rotokit/core/values';
import type { MemoryPolicy } from './memory/policy.js';
import type { BankView } from './memory/view.js';
import type { FeatureStore } from './model/features.js';
import type { VideoModel } from './model/video-model.js';
import { Prompting, type WalkedFrame } from './prompting.js';
import { rebuilt } from './rebuild.js';
import { LogitTrail } from './tracking/logit-trail.js';
import type { KeptMemories } from './tracking/memories.js';
import type { Tidying } from './tracking/tidy.js';
import { VideoTracker } from './tracking/tracker.js';
import { checkPropagation, walk } from './walk.js';

/** How much of its walks a session keeps for corrections. */
export interface CorrectionTrail {
  /** Tracked frames whose memories stay beyond what the policy holds. */
  readonly memories: number;
  /** Tracked frames whose logits stay. */
  readonly logits: number;
  /** Tracked frames that are remembered anew from stored masks where the walk over them is not remembered. */
  readonly rebuilt: number;
}

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
  readonly trail: CorrectionTrail;
  /** What is known of the objects from before. */
  readonly past: Past | undefined;
  readonly tidying: Tidying;
  readonly observe?: ((view: BankView) => void) | undefined;
  /** See `NeuralOptions.ahead`. */
  readonly ahead?: number | undefined;
}

/** A model at work on one clip. Walks know nothing of one another; corrections know the last walk over their frame. */
export class NeuralSession implements EngineSession {
  readonly #parts: SessionParts;
  readonly #trail: LogitTrail;
  readonly #prompting: Prompting;
  /** The trackers of the last walks of each object, one a direction. */
  readonly #walks = new Map<ObjectId, Map<1 | -1, VideoTracker>>();
  /** What was remembered anew from stored masks: the last frame of each object. */
  readonly #rebuilt = new Map<ObjectId, WalkedFrame & { readonly frame: FrameIndex }>();
  #closed: Promise<void> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#trail = new LogitTrail(parts.trail.logits);
    this.#prompting = new Prompting({
      engine: parts.engine,
      source: parts.source,
      model: parts.model,
      fresh: () => this.#tracker(),
      walked: (object, frame, signal) => this.#walked(object, frame, signal),
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
    const { engine, source, model, observe, ahead } = this.#parts;
    checkPropagation(task, source);
    const tracker = this.#tracker();
    const step = task.to > task.from ? 1 : -1;
    for (const { object } of task.objects) {
      const walks = this.#walks.get(object) ?? new Map<1 | -1, VideoTracker>();
      const old = walks.get(step);
      if (old?.objects.includes(object)) old.remove(object);
      walks.delete(step);
      this.#walks.set(object, walks.set(step, tracker));
      this.#forgetRebuilt(object);
    }
    yield* walk({ engine, source, model, tracker, trail: this.#trail, observe, ahead }, task);
  }

  /** Closes the graphs, the runtime and what was kept, on disk too; a second call does nothing. Throws what the first of them refused with. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#walks.clear();
      this.#rebuilt.clear();
      const { model, inference, memories, storage } = this.#parts;
      const refusals: unknown[] = [];
      for (const part of [model, inference, memories, storage])
        await part.close().catch((error: unknown) => refusals.push(error));
      if (refusals.length) throw refusals[0];
    })();
    return this.#closed;
  }

  /** By the last walk of this session that still remembers frames before it; else remembered anew from what is known from before. */
  async #walked(object: ObjectId, frame: FrameIndex, signal?: AbortSignal): Promise<WalkedFrame | undefined> {
    const { past, source, model, trail } = this.#parts;
    const own = [...(this.#walks.get(object)?.values() ?? [])].findLast((t) => t.hasWalked(object, frame));
    const logits = this.#trail.get(object, frame);
    if (own?.remembersBefore(object, frame) || !past) return own && { tracker: own, logits };
    const before = this.#rebuilt.get(object);
    if (before?.frame === frame) return before;
    const fresh = () => this.#tracker();
    const again = await rebuilt({ past, source, model, fresh, frames: trail.rebuilt }, object, frame, signal);
    if (!again) return own && { tracker: own, logits };
    this.#forgetRebuilt(object);
    const walked = { frame, tracker: again.tracker, logits: logits ?? again.logits };
    this.#rebuilt.set(object, walked);
    return walked;
  }

  #forgetRebuilt(object: ObjectId): void {
    this.#rebuilt.get(object)?.tracker.remove(object);
    this.#rebuilt.delete(object);
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
