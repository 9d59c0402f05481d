import { refuse } from '../safetensors/errors.js';
import { fileHeader } from '../safetensors/write.js';
import type { Checkpoint, CheckpointTensor } from './checkpoint.js';
import type { ReadAt } from './zip.js';

/** Bytes that are read at once. */
const CHUNK = 4 * 1024 * 1024;
/** The largest tensor whose numbers do not lie in order: it is put in order in memory. */
const MOST_IN_MEMORY = 512 * 1024 * 1024;

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Whether the elements lie one behind the other in row-major order; strides of axes of one element say nothing. */
function isContiguous({ shape, strides }: CheckpointTensor): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

/**
 * The same tensors as a `.safetensors` file, piece by piece, under the same names, in the same order and types; views become tensors of their own. Memory stays at a
 * few megabytes but for tensors whose elements do not lie in order, which are gathered one at a time.
 * @throws WeightsError WEIGHTS_BOUNDS where such a tensor is over 512 MB, WEIGHTS_TRUNCATED where the file ends too early.
 */
export async function* safetensorsOf(
  checkpoint: Checkpoint,
  read: ReadAt,
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  yield fileHeader(
    new Map([...checkpoint].map(([name, t]) => [name, { dtype: t.storage.dtype, shape: t.shape, bytes: bytesOf(t) }])),
    metadata,
  );
  for (const [name, tensor] of checkpoint) {
    if (count(tensor.shape) === 0) continue;
    if (isContiguous(tensor)) yield* straight(name, tensor, read);
    else yield await gathered(name, tensor, read);
  }
}

const bytesOf = ({ shape, storage }: CheckpointTensor) => count(shape) * storage.bytes;

async function* straight(name: string, tensor: CheckpointTensor, read: ReadAt): AsyncGenerator<Uint8Array> {
  const { storage, offset } = tensor;
  const start = storage.place.offset + offset * storage.bytes;
  const total = bytesOf(tensor);
  for (let done = 0; done < total; done += CHUNK) yield part(name, read, start + done, Math.min(CHUNK, total - done));
}

async function part(name: string, read: ReadAt, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await read(offset, length);
  if (bytes.length !== length) refuse('WEIGHTS_TRUNCATED', name, `${length} bytes`, `${bytes.length}`);
  return bytes;
}

/** One tensor, put in row-major order. */
async function gathered(name: string, tensor: CheckpointTensor, read: ReadAt): Promise<Uint8Array> {
  const { storage, offset, shape, strides } = tensor;
  const { bytes } = storage;
  const span = 1 + shape.reduce((at, n, i) => at + (n - 1) * strides[i]!, 0);
  if ((span + count(shape)) * bytes > MOST_IN_MEMORY)
    refuse('WEIGHTS_BOUNDS', name, `up to ${MOST_IN_MEMORY} bytes out of order`, `${(span + count(shape)) * bytes}`);
  const from = await part(name, read, storage.place.offset + offset * bytes, span * bytes);
  const to = new Uint8Array(count(shape) * bytes);
  const index = shape.map(() => 0);
  for (let at = 0, source = 0; at < to.length; at += bytes) {
    for (let b = 0; b < bytes; b++) to[at + b] = from[source * bytes + b]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return to;
}
