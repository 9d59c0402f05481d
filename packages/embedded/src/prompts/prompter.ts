import * as primitives from '../primitives/index.js';
import { halvePlane } from '../primitives/index.js';
import type { PromptArithmetic } from './arithmetic.js';
import { confirmed, correct, worthCorrecting } from './correct.js';
import { CLICK_MAP_COUNT, sceneEvidence } from './evidence.js';
import type { GridPrompt } from './grid-prompts.js';
import { type HardLabels, hardLabels, quarterLabels } from './labels.js';
import { type FirstMask, refine } from './refine.js';
import {
  type PromptFlow,
  type PromptPicture,
  type PromptScene,
  promptScene,
  type StillScene,
  stillScene,
} from './scene.js';
import { type ClickNetwork, type ClickRound, trainedLogOdds } from './trained.js';
import { untrainedLogOdds } from './untrained.js';

/** What a prompter is made of. */
export interface PrompterOptions {
  /** The hot functions; plain TypeScript unless given. */
  readonly arithmetic?: PromptArithmetic;
  /** The click network, over the maps of `CLICK_MAP`; without one the untrained way is taken. */
  readonly network?: ClickNetwork;
  /** For training: sees the maps of every round of the network. */
  readonly observe?: (round: ClickRound) => void;
}

/** Turns prompts into masks. Keeps nothing between calls; any number of clips and objects may share one. */
export interface Prompter {
  /** What a frame shows without its motion. @throws RangeError for grids under 8x8 or planes that do not fit. */
  still(picture: PromptPicture): StillScene;
  /** Everything about a frame that no prompt changes. */
  scene(still: StillScene, flow: PromptFlow): PromptScene;
  /**
   * The object that the prompts mean. `previous` (0..1 on the half grid) is the answer so far, which they correct.
   * Without any positive prompt, box, mask or previous answer there is no object: the mask is empty.
   */
  segment(scene: PromptScene, prompts: readonly GridPrompt[], previous?: Float32Array): FirstMask;
}

/** The answer so far and what was said since: a mask prompt takes the place of everything before it. */
function sinceMask(prompts: readonly GridPrompt[], previous: Float32Array | undefined) {
  const at = prompts.findLastIndex((p) => p.kind === 'mask');
  const mask = prompts[at];
  return mask?.kind === 'mask'
    ? { said: prompts.slice(at + 1), soFar: mask.plane }
    : { said: prompts, soFar: previous };
}

/** An answer smaller than this many times the clicks that asked for it has found nothing. */
const LEAST_ANSWER = 8;

/** Whether an answer holds little but the labels themselves: the network saw no object there. */
function hardlyMoreThanSaid(mask: Uint8Array, labels: HardLabels): boolean {
  let [inside, said] = [0, 0];
  for (let k = 0; k < mask.length; k++) {
    inside += mask[k];
    if (labels.said[k] === 1) said++;
  }
  return inside < LEAST_ANSWER * said;
}

/** Makes a prompter. @throws RangeError for a network over other maps. */
export function createPrompter(o: PrompterOptions = {}): Prompter {
  const { network, observe } = o;
  const arithmetic = o.arithmetic ?? primitives;
  if (network && network.inputs !== CLICK_MAP_COUNT)
    throw new RangeError(`network.inputs must be ${CLICK_MAP_COUNT}, got ${network.inputs}`);
  return {
    still: (picture) => stillScene(picture, arithmetic),
    scene(still, flow) {
      const scene = promptScene(still, flow, arithmetic);
      return network ? { ...scene, evidence: sceneEvidence(scene) } : scene;
    },
    segment(scene, prompts, previous) {
      const { width, height } = scene.half;
      const { said, soFar } = sinceMask(prompts, previous);
      if (soFar && soFar.length !== width * height)
        throw new RangeError(`previous must hold ${width * height} values, got ${soFar.length}`);
      const labels = hardLabels(said, width, height);
      const before = worthCorrecting(soFar, labels);
      if (!labels.hasPositive && !labels.box && !before)
        return { probability: new Float32Array(width * height), mask: new Uint8Array(width * height) };
      const settled = before && confirmed(before, labels);
      if (settled) return settled;
      const quarter = quarterLabels(labels);
      const soft = before ? halvePlane(before, width, height) : null;
      const untrained = (): FirstMask =>
        refine(scene, untrainedLogOdds(scene, quarter, soft, arithmetic), labels, arithmetic);
      let answer: FirstMask;
      if (network) {
        const logOdds = trainedLogOdds(scene, quarter, soft, network, arithmetic, observe);
        answer = refine(scene, logOdds, labels, arithmetic);
        if (!before && !labels.box && hardlyMoreThanSaid(answer.mask, labels)) answer = untrained();
      } else answer = untrained();
      return before ? correct(before, answer, labels) : answer;
    },
  };
}
