/**
 * Which parts of which files an ONNX model uses, and the same model with other file names. Reads and writes only the fields that external data lives in
 * (onnx.proto: ModelProto.graph 7, GraphProto.initializer 5, TensorProto.name 8, external_data 13 as pairs of key 1 and value 2); the rest is copied as it is.
 */

/** A run of bytes that an initializer takes from a file. */
export interface ExternalPart {
  readonly tensor: string;
  readonly location: string;
  readonly offset: number;
  /** Undefined: to the end of the file. */
  readonly length: number | undefined;
}

interface Field {
  readonly id: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number;
  /** From the tag to the end. */
  readonly whole: Uint8Array;
  /** What a length-delimited field holds. */
  readonly payload: Uint8Array;
}

const text = new TextDecoder();
const utf8 = new TextEncoder();

/** Reads one varint. Throws an `Error` where the bytes end inside it or it does not fit 53 bits. */
function varint(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [value, at + i + 1];
  }
  throw new Error('it is not an ONNX model');
}

/** The end of a value that starts at `at`. Values of varints are skipped, not read: some need all 64 bits. */
function endOf(bytes: Uint8Array, wire: number, at: number): readonly [start: number, end: number] {
  if (wire === 1 || wire === 5) return [at, at + (wire === 1 ? 8 : 4)];
  if (wire === 2) {
    const [length, start] = varint(bytes, at);
    return [start, start + length];
  }
  if (wire !== 0) throw new Error('it is not an ONNX model');
  let end = at;
  while (bytes[end]! >= 128) end++;
  return [at, end + 1];
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const [tag, value] = varint(bytes, at);
    const [id, wire] = [Math.floor(tag / 8), tag % 8];
    const [start, end] = endOf(bytes, wire, value);
    if (end > bytes.length || id === 0) throw new Error('it is not an ONNX model');
    yield { id, wire, whole: bytes.subarray(at, end), payload: bytes.subarray(start, end) };
    at = end;
  }
}

const isMessage = (f: Field, id: number) => f.id === id && f.wire === 2;

const payloads = (bytes: Uint8Array, id: number) =>
  [...fieldsOf(bytes)].filter((f) => isMessage(f, id)).map((f) => f.payload);

const stringOf = (bytes: Uint8Array, id: number) => text.decode(payloads(bytes, id).at(-1) ?? new Uint8Array(0));

/** Every part of a file that the model's initializers name. Throws an `Error` when the bytes are no ONNX model. */
export function externalParts(model: Uint8Array): ExternalPart[] {
  const parts: ExternalPart[] = [];
  for (const graph of payloads(model, 7)) {
    for (const tensor of payloads(graph, 5)) {
      const pairs = payloads(tensor, 13).map((p) => [stringOf(p, 1), stringOf(p, 2)] as const);
      if (!pairs.length) continue;
      const facts = new Map(pairs);
      const length = facts.get('length');
      parts.push({
        tensor: stringOf(tensor, 8),
        location: facts.get('location') ?? '',
        offset: Number(facts.get('offset') ?? 0),
        length: length === undefined ? undefined : Number(length),
      });
    }
  }
  return parts;
}

/** What the model calls its graph (GraphProto.name 2), for messages; `(unnamed)` where it has no name. */
export const graphName = (model: Uint8Array): string =>
  payloads(model, 7)
    .map((graph) => stringOf(graph, 2))
    .find((name) => name) ?? '(unnamed)';

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
};

const varintBytes = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varintBytes(Math.floor(n / 128))]);

const fieldBytes = (id: number, payload: Uint8Array) =>
  join([new Uint8Array([id * 8 + 2, ...varintBytes(payload.length)]), payload]);

/** `bytes` with every length-delimited field `id` replaced by what `change` makes of its payload. */
const withField = (bytes: Uint8Array, id: number, change: (payload: Uint8Array) => Uint8Array): Uint8Array =>
  join([...fieldsOf(bytes)].map((f) => (isMessage(f, id) ? fieldBytes(id, change(f.payload)) : f.whole)));

/** The model with each external file called as `rename` says. Weights and everything else stay as they are. */
export function withLocations(model: Uint8Array, rename: (location: string) => string): Uint8Array {
  const renamed = (pair: Uint8Array) =>
    stringOf(pair, 1) === 'location' ? withField(pair, 2, (v) => utf8.encode(rename(text.decode(v)))) : pair;
  return withField(model, 7, (graph) =>
    withField(graph, 5, (tensor) => (payloads(tensor, 13).length ? withField(tensor, 13, renamed) : tensor)),
  );
}
