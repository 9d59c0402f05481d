/**
 * From prompts to a first mask, on any frame. Everything happens on the half grid of the working picture (and on a grid
 * of half its size, the quarter grid, as far as possible); the last cut at native size is the caller's.
 *
 *     const prompter = createPrompter();                               // or { network, arithmetic: wasmKernels }
 *     const still = prompter.still({ width, height, lab });            // half grid; while the flow is being computed
 *     const scene = prompter.scene(still, flow);                       // once a frame, keep it while prompting
 *     const grid = promptsOnGrid(prompts, sourceSize, workingSize);    // source pixels -> half grid
 *     const first = prompter.segment(scene, grid);                     // { probability, mask }, half grid
 *     const next = prompter.segment(scene, more, first.probability);   // a correction: keeps what was right
 *
 * Equal calls give equal answers: nothing is remembered between them. `more` holds all prompts of the frame again, the
 * new ones at the end. A mask prompt is the answer so far: it takes the place of `previous` and of everything said
 * before it. Planes are fresh on every call and belong to the caller.
 */
export type { PromptArithmetic } from './arithmetic.js';
export { CLICK_MAP, CLICK_MAP_COUNT } from './evidence.js';
export {
  type GridPoint,
  type GridPrompt,
  isShown,
  maskOnGrid,
  promptsOnGrid,
  type ShownPrompt,
} from './grid-prompts.js';
export { createPrompter, type Prompter, type PrompterOptions } from './prompter.js';
export type { FirstMask } from './refine.js';
export type { PromptFlow, PromptPicture, PromptScene, StillScene } from './scene.js';
export type { ClickNetwork, ClickRound } from './trained.js';
