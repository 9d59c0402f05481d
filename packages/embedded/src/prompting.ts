import type { FrameSource } from '@rotokit/core/ports';
import {
  boxOf,
  type Frame,
  type FrameIndex,
  isRotokitError,
  type ObjectId,
  type ObjectPrompts,
  type Prompt,
  RotokitError,
  type SoftMask,
  samePrompt,
} from '@rotokit/core/values';
import type { Bench } from './evidence/bench.js';
import { type FrameView, FrameViews } from './evidence/frame-view.js';
import type { FlowService } from './flow/types.js';
import {
  type ClickNetwork,
  createPrompter,
  type FirstMask,
  isShown,
  type Prompter,
  type PromptScene,
  promptsOnGrid,
  type ShownPrompt,
} from './prompts/index.js';
import { cutNative } from './propagation/native-cut.js';

/** Prompted frames whose scenes are kept, so that going back and forth between two does nothing twice. */
const FRAMES_KEPT = 2;

/** A frame that was prompted: what no prompt changes, and the answers so far by object. */
interface PromptedFrame {
  readonly view: FrameView;
  readonly scene: PromptScene;
  readonly answers: Map<ObjectId, { readonly prompts: readonly ShownPrompt[]; readonly answer: FirstMask }>;
}

/** First masks from prompts: keeps the scenes of the frames at work and the answers that corrections build on. */
export class Prompting {
  readonly #source: FrameSource;
  readonly #bench: Bench;
  readonly #flow: FlowService;
  readonly #views: FrameViews;
  readonly #prompter: Prompter;
  readonly #frames = new Map<FrameIndex, PromptedFrame>();

  constructor(source: FrameSource, bench: Bench, flow: FlowService, network?: ClickNetwork) {
    this.#source = source;
    this.#bench = bench;
    this.#flow = flow;
    this.#views = new FrameViews(bench.grids, bench.kernels);
    this.#prompter = createPrompter({ arithmetic: bench.kernels, ...(network ? { network } : {}) });
  }

  /**
   * The object that prompts on a frame mean. Prompts are taken in their order, each correcting the answer to those
   * before it; a mask with nothing after it is the answer. @throws RotokitError ENGINE_PROMPT_UNSUPPORTED.
   */
  async segment(index: FrameIndex, objects: readonly ObjectPrompts[], signal?: AbortSignal): Promise<SoftMask[]> {
    const shown = objects.map(shownOf);
    const masks: SoftMask[] = [];
    for (const [i, prompts] of shown.entries()) {
      const last = prompts.at(-1);
      if (last?.kind === 'mask') masks.push(last.mask);
      else {
        const frame = this.#frames.get(index) ?? (await this.#prepare(index, signal));
        signal?.throwIfAborted();
        masks.push(this.#cut(frame, this.#answer(frame, objects[i].object, prompts)));
      }
    }
    return masks;
  }

  #answer(frame: PromptedFrame, object: ObjectId, prompts: readonly ShownPrompt[]): FirstMask {
    const { native, working } = this.#bench.grids;
    const grid = promptsOnGrid(prompts, native, working);
    const kept = frame.answers.get(object);
    const known = kept && isPrefix(kept.prompts, prompts) ? kept : null;
    let answer = known?.answer;
    for (let n = (known?.prompts.length ?? 0) + 1; n <= prompts.length; n++) {
      const before = answer?.mask.includes(1) ? answer.probability : undefined;
      answer = this.#prompter.segment(frame.scene, grid.slice(0, n), before);
    }
    answer ??= this.#prompter.segment(frame.scene, []);
    frame.answers.set(object, { prompts, answer });
    return answer;
  }

  #cut(frame: PromptedFrame, answer: FirstMask): SoftMask {
    const { half } = this.#bench.grids;
    const region = boxOf(half);
    const band = new Uint8Array(half.width * half.height).fill(1);
    return cutNative(this.#bench, frame.view.native, {
      ...{ region, width: half.width, height: half.height, band },
      ...{ inside: answer.mask, probability: answer.probability },
    });
  }

  async #prepare(index: FrameIndex, signal: AbortSignal | undefined): Promise<PromptedFrame> {
    const [shown, beside] = await Promise.all([this.#source.read(index), this.#readBeside(index)]);
    signal?.throwIfAborted();
    const view = this.#views.view(shown);
    const { half } = this.#bench.grids;
    const flow = beside && this.#flow.forward(view.working, this.#views.working(beside));
    const still = this.#prompter.still({ width: half.width, height: half.height, lab: view.lab });
    const scene = this.#prompter.scene(still, await flow);
    signal?.throwIfAborted();
    const frame: PromptedFrame = { view, scene, answers: new Map() };
    for (const old of this.#frames.keys()) {
      if (this.#frames.size < FRAMES_KEPT) break;
      this.#frames.delete(old);
    }
    this.#frames.set(index, frame);
    return frame;
  }

  /** The next frame, or else the one before, which shows how things move; `null` where neither can be read. */
  async #readBeside(index: FrameIndex): Promise<Frame<'rgb8'> | null> {
    for (const beside of [index + 1, index - 1]) {
      if (beside < 0 || beside >= this.#source.info.frames) continue;
      try {
        return await this.#source.read(beside as FrameIndex);
      } catch (error) {
        if (!isRotokitError(error) || !error.code.startsWith('MEDIA_')) throw error;
      }
    }
    return null;
  }
}

function shownOf(o: ObjectPrompts): ShownPrompt[] {
  return o.prompts.map((p) => {
    if (isShown(p)) return p;
    const alternative = 'a click, a box, a brush stroke or a mask';
    throw new RotokitError('ENGINE_PROMPT_UNSUPPORTED', { engine: 'embedded', kind: p.kind, alternative });
  });
}

const isPrefix = (a: readonly Prompt[], b: readonly Prompt[]): boolean =>
  a.length <= b.length && a.every((p, i) => samePrompt(p, b[i]));
