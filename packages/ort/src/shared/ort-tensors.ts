import type { ElementType, Tensor, TensorSlot } from '@rotokit/core/ports';
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common';

const TYPES: readonly string[] = ['float32', 'float16', 'int64', 'int32', 'uint8', 'bool'] satisfies ElementType[];

/** What a session declares of its inputs or outputs, in the words of the port. Throws for types that the port leaves out. */
export function slotsOf(metadata: readonly InferenceSession.ValueMetadata[]): TensorSlot[] {
  return metadata.map((m) => {
    if (!m.isTensor || !TYPES.includes(m.type)) throw new Error(`${m.name} is ${m.isTensor ? m.type : 'no tensor'}`);
    return { name: m.name, type: m.type as ElementType, shape: m.shape };
  });
}

/** A tensor of the port as ONNX Runtime takes it, over the same memory. */
export function toOrt(make: TensorConstructor, { type, shape, data }: Tensor): OrtTensor {
  return new make(type, data as never, shape);
}

/** A result of ONNX Runtime as the port gives it, over the same memory. Half floats are their bits whatever the platform's array for them. */
export function fromOrt(tensor: OrtTensor): Tensor {
  const { data } = tensor;
  const type = tensor.type as ElementType;
  if (type !== 'float16' || data instanceof Uint16Array) return { type, shape: tensor.dims, data: data as never };
  const { buffer, byteOffset, length } = data as unknown as Uint16Array;
  return { type, shape: tensor.dims, data: new Uint16Array(buffer, byteOffset, length) };
}
