// What the bench measures, from the sources: kernels are no public doors of their packages.
export { FlowKernel } from '../packages/embedded/src/flow/flow-kernel.js';
export { loadFusionNetwork } from '../packages/embedded/src/fusion/network.js';
export { loadPlainFusionNetwork } from '../packages/embedded/src/fusion/plain-network.js';
export { fusionWeightCount } from '../packages/embedded/src/fusion/weights.js';
export { flowWasm } from '../packages/embedded/src/kernels/generated/flow-wasm.js';
export { plainKernels, wasmKernels } from '../packages/embedded/src/kernels/kernels.js';
export { compileKernel } from '../packages/embedded/src/kernels/linear-memory.js';
export { evenSamples, halveRgb } from '../packages/embedded/src/primitives/index.js';
