import { type WeightIndex, WeightsError } from './errors.js';

/** Where one tensor lies in the file. */
export interface TensorEntry {
  /** `f32`, `f16`, `bf16`, `i64`, `bool`, or the file's own name for another type. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte in the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** The table of contents of a .safetensors file. */
export interface WeightsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes in front of the first tensor. */
  readonly headerBytes: number;
}

/** The longest header that the format allows, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000;

const NAMES: Readonly<Record<string, string>> = { F32: 'f32', F16: 'f16', BF16: 'bf16', I64: 'i64', BOOL: 'bool' };
/** Bits of an element: the types of the format's reference implementation. */
const BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
};

const fail = (
  code: ConstructorParameters<typeof WeightsError>[0],
  tensor: string,
  expected: string,
  found: unknown,
): never => {
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? String(found));
  throw new WeightsError(code, { tensor, expected, found: text.length > 120 ? `${text.slice(0, 117)}...` : text });
};
const HEADER = '(header)';

/** The bytes of the JSON header, from the first 8 bytes of the file. Throws `WeightsError` where no file can have it. */
export function headerLength(prefix: Uint8Array, fileBytes: number): number {
  if (fileBytes < 8 || prefix.length < 8) fail('WEIGHTS_TRUNCATED', HEADER, 'at least 8 bytes', `${fileBytes} bytes`);
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES))
    fail('WEIGHTS_HEADER', HEADER, `a header of 2 to ${MAX_HEADER_BYTES} bytes`, `one of ${length} bytes`);
  if (8n + length > BigInt(fileBytes))
    fail('WEIGHTS_TRUNCATED', HEADER, `${8n + length} bytes with the header`, `${fileBytes} bytes`);
  return Number(length);
}

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;

function entryOf(tensor: string, raw: unknown, start: number, fileBytes: number): TensorEntry {
  if (!isRecord(raw)) return fail('WEIGHTS_HEADER', tensor, 'dtype, shape and data_offsets', raw);
  const { dtype, shape, data_offsets: range } = raw;
  if (typeof dtype !== 'string' || !Object.hasOwn(BITS, dtype))
    return fail('WEIGHTS_DTYPE', tensor, 'a known dtype', dtype);
  if (!Array.isArray(shape) || !shape.every(isCount))
    return fail('WEIGHTS_HEADER', tensor, 'a shape of whole numbers', shape);
  if (!Array.isArray(range) || range.length !== 2 || !range.every(isCount) || range[0] > range[1])
    return fail('WEIGHTS_HEADER', tensor, 'two rising data_offsets', range);
  const [from, to] = range as [number, number];
  const bytes = (shape.reduce((a: number, b: number) => a * b, 1) * BITS[dtype]!) / 8;
  if (bytes !== to - from)
    fail('WEIGHTS_BOUNDS', tensor, `${bytes} bytes for ${dtype} [${shape.join(', ')}]`, `${to - from} bytes`);
  if (start + to > fileBytes)
    fail('WEIGHTS_TRUNCATED', tensor, `bytes ${start + from} to ${start + to}`, `a file of ${fileBytes} bytes`);
  return { dtype: NAMES[dtype] ?? dtype, shape: [...shape], offset: start + from, length: to - from };
}

/** Tensors lie back to back: no two share a byte, and no byte belongs to none. */
function checkTiling(tensors: ReadonlyMap<string, TensorEntry>, start: number, fileBytes: number) {
  let [end, before] = [start, HEADER];
  const places = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  for (const [tensor, { offset, length }] of places) {
    if (offset < end) fail('WEIGHTS_OVERLAP', tensor, `a start at byte ${end}, behind ${before}`, `byte ${offset}`);
    if (offset > end) fail('WEIGHTS_BOUNDS', tensor, `a start at byte ${end}, behind ${before}`, `byte ${offset}`);
    [end, before] = [offset + length, tensor];
  }
  if (end !== fileBytes) fail('WEIGHTS_BOUNDS', HEADER, `a file of ${end} bytes`, `${fileBytes} bytes`);
}

/**
 * Reads the header of a .safetensors file. `json` are the bytes behind the first 8, as many as `headerLength` said.
 * Throws `WeightsError` on everything that the format forbids: unknown types, shapes that do not match their bytes, tensors
 * that overlap, leave gaps or lie outside the file.
 */
export function readHeader(json: Uint8Array, fileBytes: number): WeightsHeader {
  const start = 8 + json.length;
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (e) {
    return fail('WEIGHTS_HEADER', HEADER, 'JSON', e instanceof Error ? e.message : 'none');
  }
  if (!isRecord(parsed)) return fail('WEIGHTS_HEADER', HEADER, 'a JSON object', parsed);
  const { __metadata__: metadata = {}, ...rest } = parsed;
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === 'string'))
    return fail('WEIGHTS_HEADER', '__metadata__', 'texts by name', metadata);
  const tensors = new Map(Object.entries(rest).map(([name, raw]) => [name, entryOf(name, raw, start, fileBytes)]));
  checkTiling(tensors, start, fileBytes);
  return { tensors, metadata: metadata as Record<string, string>, headerBytes: start };
}

/** The index that a builder asks, over a header. */
export const weightsOf =
  (header: WeightsHeader): WeightIndex =>
  (tensor) =>
    header.tensors.get(tensor);
