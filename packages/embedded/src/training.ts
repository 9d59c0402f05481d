/** What the drivers that gather training data need beside the engine itself. Not for users: may change at any time. */
export { createFlowService } from './flow/flow-service.js';
export type { FlowFrame, FlowService } from './flow/types.js';
export { loadFusionNetwork } from './fusion/network.js';
export { halvePlane, halveRgb, labelComponents, labFromRgb, squaredDistance } from './primitives/index.js';
export {
  CLICK_MAP,
  CLICK_MAP_COUNT,
  type ClickNetwork,
  type ClickRound,
  createPrompter,
  type FirstMask,
  type GridPoint,
  type GridPrompt,
  type Prompter,
  type PromptScene,
} from './prompts/index.js';
export { networkFuser } from './propagation/network-fuser.js';
