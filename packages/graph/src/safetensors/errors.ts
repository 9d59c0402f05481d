import type { DataType } from '../tensor/type.js';

/** What can be wrong with a weights file. The last three are of checkpoints of torch; `WEIGHTS_UNSAFE`: it wants to run code. */
export type WeightsErrorCode =
  | 'WEIGHTS_TRUNCATED'
  | 'WEIGHTS_HEADER'
  | 'WEIGHTS_OVERLAP'
  | 'WEIGHTS_BOUNDS'
  | 'WEIGHTS_TENSOR_MISSING'
  | 'WEIGHTS_SHAPE'
  | 'WEIGHTS_DTYPE'
  | 'WEIGHTS_ZIP'
  | 'WEIGHTS_PICKLE'
  | 'WEIGHTS_UNSAFE';

/** What was looked for and what was there. `tensor` is a name of the file, or `(header)`. */
export interface WeightsFacts {
  readonly tensor: string;
  readonly expected: string;
  readonly found: string;
}

/** A weights file that cannot serve. The message names tensor, expected and found; branch on `code`. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
  readonly code: WeightsErrorCode;
  readonly facts: WeightsFacts;

  constructor(code: WeightsErrorCode, facts: WeightsFacts) {
    super(`${facts.tensor}: expected ${facts.expected}, found ${facts.found}`);
    this.code = code;
    this.facts = facts;
  }
}

/** Ends the reading of a file; what was found is cut to a line. */
export function refuse(code: WeightsErrorCode, tensor: string, expected: string, found: string): never {
  throw new WeightsError(code, { tensor, expected, found: found.length > 120 ? `${found.slice(0, 117)}...` : found });
}

/** What an index of weights tells of one tensor. `dtype` is the file's own name where it is no element type of ours. */
export interface WeightInfo {
  readonly dtype: DataType | (string & {});
  readonly shape: readonly number[];
}

/** Answers what there is under a name; `shape` is what the model expects. */
export type WeightIndex = (tensor: string, shape: readonly number[]) => WeightInfo | undefined;

/** An index that has every tensor in the expected shape as f32: for printing and counting graphs without a file. */
export const anyWeights: WeightIndex = (_, shape) => ({ dtype: 'f32', shape });
