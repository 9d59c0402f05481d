import { type PromptArithmetic, sigmoid } from './arithmetic.js';
import { addEstimate, promptEvidence } from './evidence.js';
import type { HardLabels } from './labels.js';
import type { PromptScene } from './scene.js';

/** A network over planes of any size; what `FusionNetwork` is. */
export interface ClickNetwork {
  readonly inputs: number;
  /** Log-odds, width * height, from `inputs` planes. */
  run(maps: Float32Array, width: number, height: number): Float32Array;
}

/** The maps of one round on the quarter grid, as the network sees them. Valid during the call only. */
export interface ClickRound {
  readonly maps: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A first answer looks twice: the second time with the colours and motion of what it found. */
const FIRST_ROUNDS = 2;

/**
 * Log-odds of the object on the quarter grid by the trained network. `before` (0..1, quarter grid) is the answer that the
 * prompts correct, if there is one. `observe` sees the maps of every round, for gathering training data.
 */
export function trainedLogOdds(
  scene: PromptScene,
  labels: HardLabels,
  before: Float32Array | null,
  network: ClickNetwork,
  arithmetic: PromptArithmetic,
  observe?: (round: ClickRound) => void,
): Float32Array {
  const { width, height } = scene;
  const evidence = promptEvidence(scene, labels, arithmetic);
  let estimate = before;
  let logOdds: Float32Array = new Float32Array(width * height);
  const rounds = before ? 1 : FIRST_ROUNDS;
  for (let round = 0; round < rounds; round++) {
    addEstimate(evidence, scene, estimate, before !== null, arithmetic);
    observe?.({ maps: evidence.maps, width, height });
    logOdds = network.run(evidence.maps, width, height);
    if (round < rounds - 1) estimate = logOdds.map(sigmoid);
  }
  return logOdds;
}
