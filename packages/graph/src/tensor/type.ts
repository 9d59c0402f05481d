import { type Shape, shapeText } from './dim.js';

/** Element types: IEEE floats of 32 and 16 bits, bfloat16, 64-bit integers and truth values. */
export type DataType = 'f32' | 'f16' | 'bf16' | 'i64' | 'bool';

/** What is known of a tensor before anything runs. */
export interface TensorType {
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** A type as people write it: `f32[frames, 4096, 64]`. */
export const typeText = ({ dtype, shape }: TensorType): string => `${dtype}${shapeText(shape)}`;
