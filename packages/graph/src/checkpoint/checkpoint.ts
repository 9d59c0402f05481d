import { refuse } from '../safetensors/errors.js';
import { isKind, type Pickled, type PickledObject, type PickleRules, readPickle } from './pickle.js';
import { type ReadAt, readZip, type StoredEntry } from './zip.js';

/** What a tensor of a checkpoint is made of: safetensors' name and bytes of an element. */
export interface StoredType {
  readonly dtype: string;
  readonly bytes: number;
}

/** The numbers that several tensors may look at: a run of bytes of the file. */
export interface TensorStorage extends StoredType {
  readonly place: StoredEntry;
}

/** A view of a storage; offset and strides count elements. */
export interface CheckpointTensor {
  readonly storage: TensorStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The tensors of a checkpoint under their names, in the order of the file. */
export type Checkpoint = ReadonlyMap<string, CheckpointTensor>;

/** Storages of torch by class. Complex and quantised ones are no weights of ours. */
const STORAGES: Readonly<Record<string, StoredType>> = {
  FloatStorage: { dtype: 'F32', bytes: 4 },
  HalfStorage: { dtype: 'F16', bytes: 2 },
  BFloat16Storage: { dtype: 'BF16', bytes: 2 },
  DoubleStorage: { dtype: 'F64', bytes: 8 },
  LongStorage: { dtype: 'I64', bytes: 8 },
  IntStorage: { dtype: 'I32', bytes: 4 },
  ShortStorage: { dtype: 'I16', bytes: 2 },
  CharStorage: { dtype: 'I8', bytes: 1 },
  ByteStorage: { dtype: 'U8', bytes: 1 },
  BoolStorage: { dtype: 'BOOL', bytes: 1 },
};

/** The pickle of the largest model has less than 1 MB. */
const MOST_PICKLE_BYTES = 32 * 1024 * 1024;
const MOST_DIMENSIONS = 16;
/** Keys under which checkpoints keep their weights, in the order they are looked for. */
const NESTS = ['model', 'state_dict', 'model_state_dict', 'ema', 'module'];

const STATE = '(checkpoint)';
const isCount = (x: Pickled | undefined): x is number => Number.isSafeInteger(x) && (x as number) >= 0;

class Tensor {
  readonly view: CheckpointTensor;
  constructor(view: CheckpointTensor) {
    this.view = view;
  }
}
class Storage {
  readonly storage: TensorStorage;
  constructor(storage: TensorStorage) {
    this.storage = storage;
  }
}

const object = (value: Tensor | Storage): PickledObject => ({ kind: 'object', value });
const damaged = (expected: string, found: string): never => refuse('WEIGHTS_PICKLE', STATE, expected, found);

/** What torch.save names in files of weights. */
const REBUILD = 'torch._utils _rebuild_tensor_v2';
const PARAMETER = 'torch._utils _rebuild_parameter';
const ORDERED = 'collections OrderedDict';

/** Sizes of a tensor: a tuple of whole numbers. */
function counts(value: Pickled | undefined, what: string): readonly number[] {
  const items = value !== undefined && isKind(value, 'tuple') ? value.items : undefined;
  if (!items || items.length > MOST_DIMENSIONS || !items.every(isCount))
    return damaged(`${what} of up to ${MOST_DIMENSIONS} whole numbers`, 'something else');
  return items;
}

/** The view that `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, ...)` describes, inside its storage. */
function rebuilt(args: readonly Pickled[]): Pickled {
  const [of, offset, size, stride] = args;
  const held = of !== undefined && isKind(of, 'object') ? of.value : undefined;
  if (!(held instanceof Storage) || !isCount(offset)) return damaged('a storage and an offset', 'something else');
  const [shape, strides] = [counts(size, 'a shape'), counts(stride, 'strides')];
  if (shape.length !== strides.length) damaged('as many strides as dimensions', `${strides.length}`);
  const { storage } = held;
  const elements = storage.place.length / storage.bytes;
  const last = shape.includes(0) ? -1 : shape.reduce((at, n, i) => at + (n - 1) * strides[i]!, offset);
  if (last >= elements) refuse('WEIGHTS_BOUNDS', STATE, `${elements} elements`, `a tensor that ends at ${last}`);
  // Axes of stride 0 repeat what is there: a few bytes could ask for any amount of memory.
  if (shape.reduce((a, b) => a * b, 1) > elements)
    refuse('WEIGHTS_BOUNDS', STATE, `a tensor of up to ${elements} elements`, `the shape [${shape.join(', ')}]`);
  return object(new Tensor({ storage, offset, shape, strides }));
}

function rulesOver(data: (key: string) => StoredEntry | undefined): PickleRules {
  return {
    allows: (name) =>
      name === REBUILD || name === PARAMETER || name === ORDERED || Object.hasOwn(STORAGES, storageName(name)),
    call(name, args) {
      if (name === REBUILD) return rebuilt(args);
      // Its entries follow one by one. A list of them as an argument could be handed over any number of times.
      if (name === ORDERED && args.length === 0) return new Map();
      const [value] = args;
      if (name === PARAMETER && value !== undefined && isKind(value, 'object') && value.value instanceof Tensor)
        return value;
      return damaged('a tensor or a dictionary', `a call of ${name.replace(' ', '.')}`);
    },
    persistent(reference) {
      const items = isKind(reference, 'tuple') ? reference.items : [];
      const [what, type, key, , count] = items;
      const stored = type !== undefined && isKind(type, 'global') ? STORAGES[storageName(type.name)] : undefined;
      if (what !== 'storage' || !stored || typeof key !== 'string' || !isCount(count))
        return damaged('a reference to a storage', 'something else');
      const place = data(key);
      if (!place) return refuse('WEIGHTS_TENSOR_MISSING', `data/${key}`, 'an entry of the file', 'none');
      if (place.length < count * stored.bytes)
        refuse('WEIGHTS_BOUNDS', `data/${key}`, `${count * stored.bytes} bytes`, `${place.length}`);
      return object(new Storage({ ...stored, place: { ...place, length: count * stored.bytes } }));
    },
  };
}

const storageName = (name: string): string => (name.startsWith('torch ') ? name.slice(6) : '');

/** Whether a file begins as torch.save begins its files since 1.6: as a zip file. */
export const isCheckpoint = (first: Uint8Array): boolean =>
  first[0] === 0x50 && first[1] === 0x4b && first[2] === 3 && first[3] === 4;

/**
 * What tensors a file of `torch.save` holds and where their numbers lie: a dictionary of tensors, or one under `model`, `state_dict`, `model_state_dict`, `ema` or `module`; other
 * entries are read past. Only names of torch's own storages and of dictionaries may occur in it: nothing of the file is run.
 * @throws WeightsError WEIGHTS_UNSAFE where it wants to run code; WEIGHTS_ZIP, WEIGHTS_PICKLE, WEIGHTS_BOUNDS, WEIGHTS_TRUNCATED, WEIGHTS_TENSOR_MISSING.
 */
export async function readCheckpoint(read: ReadAt, size: number): Promise<Checkpoint> {
  if (!isCheckpoint(await read(0, 4)))
    refuse('WEIGHTS_ZIP', STATE, 'a file of torch.save since version 1.6', 'something else');
  const entries = await readZip(read, size);
  const name = [...entries.keys()].find((n) => /^[^/]+\/data\.pkl$/.test(n));
  if (!name) return refuse('WEIGHTS_ZIP', STATE, 'an entry data.pkl', 'none');
  const folder = name.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(await read(order.offset, Math.min(order.length, 16))) !== 'little')
    refuse('WEIGHTS_ZIP', STATE, 'little-endian numbers', 'others');
  const { offset, length } = entries.get(name)!;
  if (length > MOST_PICKLE_BYTES)
    refuse('WEIGHTS_PICKLE', STATE, `up to ${MOST_PICKLE_BYTES} bytes of names`, `${length}`);
  const rules = rulesOver((key) => entries.get(`${folder}data/${key}`));
  return tensorsIn(readPickle(await read(offset, length), rules));
}

function tensorsIn(root: Pickled): Checkpoint {
  for (const level of levels(root)) {
    const tensors = new Map<string, CheckpointTensor>();
    for (const [name, value] of level)
      if (typeof name === 'string' && isKind(value, 'object') && value.value instanceof Tensor)
        tensors.set(name, value.value.view);
    if (tensors.size) return tensors;
  }
  return refuse('WEIGHTS_TENSOR_MISSING', STATE, `tensors, or a dictionary of them under ${NESTS.join(', ')}`, 'none');
}

function* levels(root: Pickled): Generator<Map<Pickled, Pickled>> {
  if (!(root instanceof Map)) return;
  yield root;
  for (const key of NESTS) {
    const nested = root.get(key);
    if (nested instanceof Map) yield nested;
  }
}
