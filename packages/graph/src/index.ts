/**
 * A tensor graph that stays readable: few operations with one executable specification, symbolic lengths, named
 * intermediates, rewrites as small tables, and a writer to ONNX whose weights stay in their .safetensors file.
 *
 * In the order of use: read a header, build a graph over it, rewrite, write.
 */
export {
  type Checkpoint,
  type CheckpointTensor,
  isCheckpoint,
  readCheckpoint,
  type StoredType,
  type TensorStorage,
} from './checkpoint/checkpoint.js';
export { safetensorsOf } from './checkpoint/convert.js';
export type { ReadAt, StoredEntry } from './checkpoint/zip.js';
export { toOnnx, type WeightsPlace } from './onnx/write.js';
export { attentionInPieces, type PieceLimits } from './rewrite/in-pieces.js';
export { type Rewriting, type Rule, rewrite } from './rewrite/rewrite.js';
export { EIGHT_BIT, FUSIONS } from './rewrite/rules.js';
export {
  anyWeights,
  type WeightIndex,
  type WeightInfo,
  WeightsError,
  type WeightsErrorCode,
  type WeightsFacts,
} from './safetensors/errors.js';
export {
  headerLength,
  MAX_HEADER_BYTES,
  readHeader,
  type TensorEntry,
  type WeightsHeader,
  weightsOf,
} from './safetensors/header.js';
export { floatValues } from './safetensors/values.js';
export {
  type DeclaredTensor,
  fileHeader,
  headerBytes,
  type TensorValues,
  writeSafetensors,
} from './safetensors/write.js';
export type { Attributes } from './tensor/attributes.js';
export { GraphBuilder } from './tensor/builder.js';
export { checkGraph } from './tensor/check.js';
export { type GraphSize, graphFlops, graphSize } from './tensor/count.js';
export { canonical, type Dim, elements, over, plus, type Shape, sameShape, shapeText, times } from './tensor/dim.js';
export { GraphError } from './tensor/errors.js';
export { type ConstantData, type Graph, type Node, nodesOf, withTaps } from './tensor/node.js';
export { COMBINATIONS, MAPS, OPS, type Op, type OpSpec, REDUCTIONS } from './tensor/ops.js';
export { graphHash, printGraph } from './tensor/print.js';
export { type DataType, type TensorType, typeText } from './tensor/type.js';
