/**
 * SAM 2.1 and EdgeTAM as graphs over their official weights. A configuration, a part and a header of weights give a graph;
 * a runtime runs it; what to do with the candidates is the tracker's business, helped by the plain rules of the reference.
 */
export {
  gridOf,
  type HieraConfig,
  type PerceiverConfig,
  type RepVitConfig,
  tokensPerFrame,
  type VideoModelConfig,
} from './config.js';
export { EDGETAM } from './edgetam.js';
export { type FastOptions, fastGraph, PARTS, type Part, paperGraph } from './graphs.js';
export { MINIATURE } from './miniature.js';
export { randomTensor, randomWeights, weightShapes } from './random.js';
export {
  ABSENT_LOGIT,
  type Choice,
  type DecodedCandidates,
  isAmbiguous,
  sam2Choice,
  stability,
  timeRow,
} from './rules.js';
export { SAM2_BASE_PLUS, SAM2_LARGE, SAM2_SMALL, SAM2_TINY } from './sam2.js';
