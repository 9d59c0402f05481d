import type { ObjectId } from '@rotokit/core/values';
import { ABSENT_LOGIT, isAmbiguous } from '@rotokit/models';
import { blaming } from '../blame.js';
import type { FrameFacts } from '../memory/bank.js';
import type { MemoryPolicy, Verdict } from '../memory/policy.js';
import { type BankView, viewOf } from '../memory/view.js';
import { type FeatureStore, FrameFeatures, type PictureOf } from '../model/features.js';
import type { Decoded, PictureFeatures, VideoModel } from '../model/video-model.js';
import { resample } from '../picture/resample.js';
import { candidatesOf } from './candidates.js';
import { KeptMemories } from './memories.js';
import { type FollowedObject, ObjectTable } from './objects.js';
import { overlapping } from './overlapping.js';
import { MOST_POINTERS, pointersFor, recalledTensors } from './recall.js';
import { TIDYING, type Tidying, tidied } from './tidy.js';

/** What a person said about an object on a frame, in the model's own terms. */
export type Said =
  | {
      readonly kind: 'clicks';
      /** x, y in pixels of the input counted from pixel centres; 1 inside, 0 outside, 2 and 3 corners of a box. */
      readonly clicks: readonly (readonly [x: number, y: number, label: number])[];
      /** Logits of the answer that the clicks correct. */
      readonly before?: Float32Array;
    }
  /** 0 and 1, [size, size]. */
  | { readonly kind: 'mask'; readonly mask: Float32Array };

/**
 * How a correction of a tracked frame counts. `original`: as in the predictor of the SAM 2 repository: the frame becomes a prompted one and the
 * tracked logits are the clicks' mask prompt. `transformers`: as transformers 5.18 does it, for comparing: neither, and one prompt hardens
 * the memories of all objects of its frame.
 */
export type Behaviour = 'original' | 'transformers';

/** How a tracker works. */
export interface TrackerOptions {
  /** Frames of the clip: fewer than 16 limit the pointers. */
  readonly frames: number;
  readonly policy: MemoryPolicy;
  readonly behaviour?: Behaviour;
  /** Tracked frames that stay remembered beyond those that the policy needs, for corrections on them. */
  readonly trail?: number;
  /** Who is to blame when a graph fails. */
  readonly engine?: string;
  /** Small holes and islands: as the original's product does unless given, none with `transformers` behaviour, which does nothing of the kind. */
  readonly tidying?: Tidying;
  /** Where memories are kept; in memory and without loss unless given. The caller's to close. */
  readonly memories?: KeptMemories;
}

/** The answer for one object on one frame. */
export interface Answer {
  readonly object: ObjectId;
  readonly frame: number;
  /** Logits of the chosen mask, [side, side] of the model; -1024 everywhere where the object is hidden. */
  readonly logits: Float32Array;
  readonly facts: FrameFacts;
}

/** An answer before it is remembered. */
export interface Pending extends Answer {
  readonly pointer: Float32Array;
  readonly features: PictureFeatures;
  /** What the memory is made of: logits of any side. */
  readonly remember: Float32Array;
  readonly step: 1 | -1;
}

/** One frame of a walk. */
export interface FrameTask {
  readonly frame: number;
  readonly step: 1 | -1;
  /** Makes the picture, or the frame as `prepare` gave it. */
  readonly picture: PictureOf | FrameFeatures;
  readonly signal?: AbortSignal | undefined;
}

/** Logits beyond this do not count more in a mask prompt. */
const MOST_LOGIT = 32;

/** Follows objects with one model: banks, policies, choices; no clip, no files. What SAM 2's predictor does, in steps. */
export class VideoTracker {
  readonly #model: VideoModel;
  readonly #features: FeatureStore;
  readonly #options: Required<TrackerOptions>;
  readonly #table: ObjectTable;

  constructor(model: VideoModel, features: FeatureStore, options: TrackerOptions) {
    this.#model = model;
    this.#features = features;
    const tidying = options.behaviour === 'transformers' ? { holes: 0, islands: 0 } : TIDYING;
    const memories = options.memories ?? new KeptMemories(model.config);
    this.#options = { behaviour: 'original', trail: 0, engine: 'neural', tidying, memories, ...options };
    this.#table = new ObjectTable(options.policy, this.#options.memories);
  }

  /** The objects that are followed, in the order in which they were added. */
  get objects(): readonly ObjectId[] {
    return this.#table.all.map((o) => o.id);
  }

  /** Begins to follow an object, on any frame; it needs a prompt before the first walk. @throws RangeError when it is there. */
  add(object: ObjectId): void {
    this.#table.add(object);
  }

  /** Ends it and forgets all of it. @throws RangeError when it is not there. */
  remove(object: ObjectId): void {
    this.#table.remove(object);
  }

  /** Takes back what was said on a frame. */
  takeBack(object: ObjectId, frame: number): void {
    const followed = this.#table.get(object);
    followed.bank.takeBack(frame);
    followed.logits.delete(frame);
  }

  /** Whether a walk came over a frame of an object. */
  hasWalked(object: ObjectId, frame: number): boolean {
    return this.#table.has(object) && this.#table.get(object).walked.has(frame);
  }

  /** Whether the frame that a walk comes to before this one is remembered: if not, the walk's memory of these frames was let go of. */
  remembersBefore(object: ObjectId, frame: number): boolean {
    const { bank, walked } = this.#table.get(object);
    return bank.at(frame - (walked.get(frame) ?? 1))?.memory !== undefined;
  }

  /**
   * Remembers a frame that an earlier walk came over, from its mask alone: `mask` as 0 and 1, [size, size], for the pointer, `logits` [side, side] for the
   * memory. With neither it is only known that a walk was there.
   */
  async recollect(
    object: ObjectId,
    task: FrameTask,
    seen?: { readonly mask: Float32Array; readonly logits: Float32Array },
  ): Promise<void> {
    const followed = this.#table.get(object);
    followed.walked.set(task.frame, task.step);
    if (!seen) return;
    const features = await this.#prepared(task).features();
    task.signal?.throwIfAborted();
    const pending = await this.#fromMask(followed, seen.mask, features, task);
    await this.settle({ ...pending, remember: seen.logits, facts: { ...pending.facts, prompted: false } });
  }

  /** A frame that will be tracked, so that its features can be made ready before its turn: see `FrameFeatures.begin`. */
  prepare(frame: number, picture: PictureOf): FrameFeatures {
    return this.#features.frame(frame, picture);
  }

  /** The bank of an object as it was looked at last; undefined before the first walk. @throws RangeError for an unknown object. */
  view(object: ObjectId): BankView | undefined {
    return this.#table.get(object).view;
  }

  /** Answers what was said about an object on a frame, and remembers nothing. Memory is used where a walk has been before. */
  async ask(object: ObjectId, said: Said, task: FrameTask): Promise<Pending> {
    const followed = this.#table.get(object);
    followed.restart();
    const step = followed.walked.get(task.frame) ?? 1;
    return this.#look(followed, said, { ...task, step });
  }

  /** Remembers an answer. */
  async settle(pending: Pending, hard = pending.facts.prompted): Promise<Answer> {
    const { facts, frame, logits, pointer, object, step } = pending;
    const followed = this.#table.get(object);
    const memory = await this.#model.memorise(pending.features.features, pending.remember, hard, facts.objectScore);
    followed.bank.add({ ...facts, pointer, memory: await this.#options.memories.keep(memory) });
    if (facts.prompted) followed.logits.set(frame, logits);
    else this.#forget(followed, frame, step);
    return { object, frame, logits, facts };
  }

  /** Asks and remembers: the frame is a prompted one from now on. */
  async prompt(object: ObjectId, said: Said, task: FrameTask): Promise<Answer> {
    return this.settle(await this.ask(object, said, task));
  }

  /**
   * One frame of a walk: every object that was prompted somewhere. On a frame that was prompted its answer stands. With `transformers` behaviour, `said` are
   * prompts that come with the frame.
   */
  async track(given: FrameTask, said: ReadonlyMap<ObjectId, Said> = new Map()): Promise<readonly Answer[]> {
    const together = this.#options.behaviour === 'transformers' && !this.#model.config.memory.perceiver;
    const { frame, signal } = given;
    const task = { ...given, picture: this.#prepared(given) };
    const { engine } = this.#options;
    const asked = this.#table.all.filter((o) => said.has(o.id) || o.logits.has(frame) || o.bank.prompted.length > 0);
    const answers = await overlapping(asked, signal, async (followed): Promise<Answer | Pending> => {
      const words = said.get(followed.id);
      if (!words && followed.logits.has(frame)) return this.#standing(followed, frame);
      const look = () => (words ? this.ask(followed.id, words, task) : this.#look(followed, undefined, task));
      return blaming({ engine, frame, object: followed.id, signal }, look);
    });
    const hard = together && said.size > 0;
    return overlapping(answers, signal, async (answer): Promise<Answer> => {
      if (!('remember' in answer)) return answer;
      const place = { engine, frame, object: answer.object, signal };
      return blaming(place, () => this.settle(answer, hard || said.has(answer.object)));
    });
  }

  #prepared({ frame, picture }: FrameTask): FrameFeatures {
    return picture instanceof FrameFeatures ? picture : this.prepare(frame, picture);
  }

  #standing(followed: FollowedObject, frame: number): Answer {
    const { pointer: _, memory: __, ...facts } = followed.bank.at(frame)!;
    return { object: followed.id, frame, logits: followed.logits.get(frame)!, facts };
  }

  async #look(followed: FollowedObject, said: Said | undefined, task: FrameTask): Promise<Pending> {
    const { frame, step, signal } = task;
    const prepared = this.#prepared(task);
    const features = await prepared.features();
    signal?.throwIfAborted();
    if (said?.kind === 'mask') return this.#fromMask(followed, said.mask, features, task);
    const first = said !== undefined && !followed.walked.has(frame);
    const seen = first ? features.features : await this.#attend(followed, prepared, task);
    signal?.throwIfAborted();
    const clicks = said?.clicks ?? [];
    const decoded = await this.#model.decode({
      ...features,
      features: seen,
      clicks,
      first,
      ...(said?.before && { mask: said.before.map((v) => Math.min(MOST_LOGIT, Math.max(-MOST_LOGIT, v))) }),
    });
    const verdict = followed.follower(step).choose(candidatesOf(decoded, this.#model.side, isAmbiguous(clicks.length)));
    if (!first) followed.walked.set(frame, step);
    // A correction stays a tracked frame in transformers.
    const prompted = said !== undefined && (first || this.#options.behaviour === 'original');
    const remember = chosenLogits(decoded, verdict, this.#model.side);
    const logits = tidied(remember, this.#model.side, this.#options.tidying);
    return {
      ...{ object: followed.id, frame, step, logits, features, remember },
      pointer: chosenPointer(decoded, verdict, this.#model.config.hidden),
      facts: factsOf(frame, decoded, verdict, prompted),
    };
  }

  async #attend(followed: FollowedObject, prepared: FrameFeatures, { frame, step }: FrameTask) {
    const frames = followed.follower(step).recall(followed.bank, frame, step);
    const most = Math.min(this.#options.frames, MOST_POINTERS);
    const pointers = pointersFor(followed, frame, step, most);
    followed.view = {
      ...{ object: followed.id, frame, step, policy: this.#options.policy.name },
      frames: viewOf(followed.bank, frames),
      pointers: pointers.map((p) => p.frame),
    };
    const oriented = await prepared.oriented();
    const recall = { frames, pointers, config: this.#model.config, most };
    return this.#model.attend(oriented, await recalledTensors(followed, this.#options.memories, recall));
  }

  /** A mask that a person gave is the answer; the decoder is asked for the pointer alone. */
  async #fromMask(
    followed: FollowedObject,
    mask: Float32Array,
    features: PictureFeatures,
    { frame, step }: FrameTask,
  ): Promise<Pending> {
    const { side, config } = this.#model;
    const { imageSize } = config;
    const given = await this.#model.maskPrompt(mask);
    const decoded = await this.#model.decode({ ...features, clicks: [], mask: given, first: false });
    const choice = candidatesOf(decoded, side, this.#options.behaviour === 'transformers').standard();
    const inside = mask.some((v) => v > 0);
    const verdict: Verdict = { ...choice, present: choice.present && inside };
    const facts: FrameFacts = { frame, prompted: true, iou: 1, objectScore: inside ? 10 : -10, present: inside };
    return {
      ...{ object: followed.id, frame, step, features, facts },
      logits: resample(mask, imageSize, [side, side]).map((v) => 20 * v - 10),
      remember: mask.map((v) => 20 * v - 10),
      pointer: chosenPointer(decoded, verdict, config.hidden),
    };
  }

  #forget(followed: FollowedObject, frame: number, step: 1 | -1): void {
    const { trail } = this.#options;
    if (trail === Number.POSITIVE_INFINITY) return;
    const needed = followed.follower(step).keeps(followed.bank, frame, step);
    const near = (f: number, reach: number) => step * (frame - f) >= 0 && step * (frame - f) < reach;
    followed.bank.letGo(
      (f) => needed.has(f) || near(f, trail),
      (f) => near(f, Math.max(MOST_POINTERS, trail)),
    );
  }
}

function factsOf(frame: number, decoded: Decoded, verdict: Verdict, prompted: boolean): FrameFacts {
  const { motion, kept } = verdict;
  return {
    ...{
      frame,
      prompted,
      iou: decoded.ious[verdict.mask]!,
      objectScore: decoded.objectScore,
      present: verdict.present,
    },
    ...(motion === undefined ? {} : { motion }),
    ...(kept ? { kept } : {}),
  };
}

function chosenLogits({ masks }: Decoded, { mask, present }: Verdict, side: number): Float32Array {
  const n = side * side;
  return present ? masks.slice(mask * n, (mask + 1) * n) : new Float32Array(n).fill(ABSENT_LOGIT);
}

const chosenPointer = (decoded: Decoded, { pointer, present }: Verdict, width: number): Float32Array =>
  present ? decoded.pointers.slice(pointer * width, (pointer + 1) * width) : decoded.absentPointer;
