import type { FrameSource } from '@rotokit/core/ports';
import {
  emptyMask,
  type FrameIndex,
  type ObjectId,
  type ObjectPrompts,
  type Prompt,
  type SoftMask,
  samePrompt,
  sameSize,
} from '@rotokit/core/values';
import { blaming } from './blame.js';
import type { VideoModel } from './model/video-model.js';
import { encoderInput } from './picture/input.js';
import { maskOfLogits, modelMask } from './picture/masks.js';
import { clicksOf, type ModelClick, ordered, prompting } from './picture/prompts.js';
import { resample } from './picture/resample.js';
import type { Said, VideoTracker } from './tracking/tracker.js';

/** Prompted frames whose answers are kept, so that one more click costs one decoding. */
const FRAMES_KEPT = 8;

/** What prompting works with. */
export interface PromptingTools {
  readonly engine: string;
  readonly source: FrameSource;
  readonly model: VideoModel;
  /** A tracker without memory, for frames that no walk came over. */
  fresh(): VideoTracker;
  /** What the last walk that came over a frame of an object knows. */
  walked(object: ObjectId, frame: FrameIndex, signal?: AbortSignal): Promise<WalkedFrame | undefined>;
}

/** A frame that a walk came over. */
export interface WalkedFrame {
  /** Follows the object, and remembers frames near this one. */
  readonly tracker: VideoTracker;
  /** What was tracked there, where that is still known. */
  readonly logits: Float32Array | undefined;
}

/** The answers to the prompts of one object on one frame, each to all prompts up to it. */
interface Answered {
  readonly prompts: readonly Prompt[];
  readonly logits: readonly Float32Array[];
}

/**
 * Masks from prompts. Each prompt corrects the answer to those before it: its clicks come with theirs, and their answer is the mask prompt. On a frame that a
 * walk came over, the object's memory is used, the first prompt corrects what was tracked there, and the frame counts as a prompted one for
 * corrections that follow.
 */
export class Prompting {
  readonly #tools: PromptingTools;
  readonly #answers = new Map<FrameIndex, Map<ObjectId, Answered>>();

  constructor(tools: PromptingTools) {
    this.#tools = tools;
  }

  /** @throws RotokitError ENGINE_PROMPT_UNSUPPORTED, ENGINE_FAILED; RangeError for a mask of another size. */
  async segment(frame: FrameIndex, objects: readonly ObjectPrompts[], signal?: AbortSignal): Promise<SoftMask[]> {
    const { size } = this.#tools.source.info;
    const asked = objects.map((o) => ({ object: o.object, prompts: prompting(o) }));
    // Refused before anything is computed.
    for (const { object, prompts } of asked) for (const p of prompts) this.#clicks(object, p);
    const masks: SoftMask[] = [];
    for (const { object, prompts } of asked) {
      signal?.throwIfAborted();
      const [only] = prompts;
      if (!only) masks.push(emptyMask(size));
      else if (prompts.length === 1 && only.kind === 'mask') masks.push(only.mask);
      else {
        const place = { engine: this.#tools.engine, frame, object, signal };
        masks.push(await blaming(place, () => this.#answer(frame, object, prompts, signal)));
      }
    }
    return masks;
  }

  #clicks(object: ObjectId, prompt: Prompt): ModelClick[] {
    const { engine, source, model } = this.#tools;
    const { size } = source.info;
    if (prompt.kind !== 'mask') return clicksOf(prompt, engine, size, model.config.imageSize);
    if (!sameSize(prompt.mask.size, size))
      throw new RangeError(
        `the mask of ${object} has ${prompt.mask.size.width}x${prompt.mask.size.height}, the clip ${size.width}x${size.height}`,
      );
    return [];
  }

  async #answer(
    frame: FrameIndex,
    object: ObjectId,
    prompts: readonly Prompt[],
    signal?: AbortSignal,
  ): Promise<SoftMask> {
    const { source, model } = this.#tools;
    const walked = await this.#tools.walked(object, frame, signal);
    const tracker = walked?.tracker ?? this.#tools.fresh();
    if (!walked) tracker.add(object);
    const known = this.#known(frame, object, prompts);
    const logits = [...known];
    const picture = async () => encoderInput((await source.read(frame)).picture, model.config.imageSize);
    const task = { frame, step: 1, picture, signal } as const;
    let pending: Awaited<ReturnType<VideoTracker['ask']>> | undefined;
    for (let n = known.length + 1; n <= prompts.length; n++) {
      signal?.throwIfAborted();
      const before = logits.at(-1) ?? walked?.logits;
      const last = prompts[n - 1]!;
      if (last.kind === 'mask') {
        logits.push(this.#givenLogits(last.mask));
        continue;
      }
      const clicks = ordered(prompts.slice(0, n).flatMap((p) => this.#clicks(object, p)));
      const said: Said = { kind: 'clicks', clicks, ...(before && { before }) };
      pending = await tracker.ask(object, said, task);
      logits.push(pending.logits);
    }
    signal?.throwIfAborted();
    if (walked && pending) await tracker.settle(pending);
    this.#keep(frame, object, { prompts, logits });
    return maskOfLogits(logits.at(-1)!, model.side, source.info.size);
  }

  #givenLogits(mask: SoftMask): Float32Array {
    const { side, config } = this.#tools.model;
    return resample(modelMask(mask, config.imageSize), config.imageSize, [side, side]).map((v) => 20 * v - 10);
  }

  /** The answers that stand: those to prompts which are still the first ones. */
  #known(frame: FrameIndex, object: ObjectId, prompts: readonly Prompt[]): readonly Float32Array[] {
    const kept = this.#answers.get(frame)?.get(object);
    if (!kept) return [];
    let n = 0;
    while (n < kept.prompts.length && n < prompts.length && samePrompt(kept.prompts[n]!, prompts[n]!)) n++;
    return kept.logits.slice(0, n);
  }

  #keep(frame: FrameIndex, object: ObjectId, answered: Answered): void {
    const objects = this.#answers.get(frame) ?? new Map<ObjectId, Answered>();
    this.#answers.delete(frame);
    this.#answers.set(frame, objects.set(object, answered));
    for (const old of this.#answers.keys()) {
      if (this.#answers.size <= FRAMES_KEPT) break;
      this.#answers.delete(old);
    }
  }
}
