import type { ElementArrays, ElementType, Tensor, Tensors } from '../ports/index.js';
import { bfloatsFromFloats, floatsFromBfloats, floatsFromHalves, halvesFromFloats } from '../values/index.js';
import type { Codec } from './byte-store.js';

/**
 * How float32 tensors are kept. `float32`: exact. `float16`: half the bytes, 11 bits, to 65504 (larger becomes infinite). `bfloat16`: half
 * the bytes, 8 bits, the whole range. Other element types are kept as they are.
 */
export type Precision = 'float32' | 'float16' | 'bfloat16';

/** Kinds of precision, for options. */
export const PRECISIONS: readonly Precision[] = ['float32', 'float16', 'bfloat16'];

interface Kept {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly as: ElementType | 'bfloat16';
  readonly length: number;
}

const ARRAYS = {
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

const ALIGN = 8;
const aligned = (n: number) => Math.ceil(n / ALIGN) * ALIGN;

/**
 * Named tensors as bytes: the length of a JSON header (uint32, in the byte order of the machine, as everything here: the bytes are for this
 * machine), the header, then each tensor's elements from a multiple of 8. Float32 tensors come back as float32 whatever they were kept in.
 */
export function tensorCodec(precision: Precision): Codec<Tensors> {
  return { encode: (tensors) => encode(tensors, precision), decode };
}

function encode(tensors: Tensors, precision: Precision): Uint8Array {
  const parts = Object.entries(tensors).map(([name, { type, shape, data }]) => {
    const as = type === 'float32' ? precision : type;
    const kept = as === type ? data : narrow(data as Float32Array, as as Precision);
    return { header: { name, type, shape, as, length: kept.length } satisfies Kept, kept };
  });
  const header = new TextEncoder().encode(JSON.stringify(parts.map((p) => p.header)));
  let at = aligned(4 + header.length);
  const bytes = new Uint8Array(parts.reduce((sum, { kept }) => sum + aligned(kept.byteLength), at));
  new Uint32Array(bytes.buffer, 0, 1)[0] = header.length;
  bytes.set(header, 4);
  for (const { kept } of parts) {
    bytes.set(new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength), at);
    at += aligned(kept.byteLength);
  }
  return bytes;
}

const narrow = (values: Float32Array, as: Precision) =>
  as === 'float16' ? halvesFromFloats(values) : bfloatsFromFloats(values);

function decode(given: Uint8Array): Tensors {
  const bytes = given.byteOffset % ALIGN ? new Uint8Array(given) : given; // `slice` of a Buffer would not copy
  const length = new Uint32Array(bytes.buffer, bytes.byteOffset, 1)[0] as number;
  if (4 + length > bytes.length) throw new RangeError(`tensors of ${bytes.length} bytes claim a header of ${length}`);
  const headers = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as readonly Kept[];
  let at = aligned(4 + length);
  const entries = headers.map(({ name, type, shape, as, length: count }): [string, Tensor] => {
    const Elements = ARRAYS[as];
    const data = new Elements(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, count);
    at += aligned(data.byteLength);
    return [name, { type, shape, data: widen(data, type, as) as ElementArrays[ElementType] }];
  });
  return Object.fromEntries(entries);
}

/** A copy of its own, so that nobody holds the whole of the bytes by one tensor. */
function widen(data: InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>, type: ElementType, as: Kept['as']) {
  if (as === type) return data.slice();
  return as === 'float16' ? floatsFromHalves(data as Uint16Array) : floatsFromBfloats(data as Uint16Array);
}

/** Bytes of the elements of named tensors. */
export const bytesOfTensors = (tensors: Tensors): number =>
  Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
