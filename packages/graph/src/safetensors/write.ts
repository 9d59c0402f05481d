/** A tensor to be written as float32. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A tensor as a header tells of it: the file's name of its type, and its bytes. */
export interface DeclaredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** The 8 bytes and the JSON in front of tensors that follow back to back in the order of the map. */
export function fileHeader(
  tensors: ReadonlyMap<string, DeclaredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let offset = 0;
  const entries = [...tensors].map(([name, { dtype, shape, bytes }]) => {
    const from = offset;
    offset += bytes;
    return [name, { dtype, shape, data_offsets: [from, offset] }] as const;
  });
  const notes = Object.keys(metadata).length ? [['__metadata__', metadata] as const] : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...notes, ...entries])));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  return bytes;
}

/** The same in front of float32 tensors. */
export const headerBytes = (shapes: ReadonlyMap<string, readonly number[]>): Uint8Array =>
  fileHeader(
    new Map(
      [...shapes].map(([name, shape]) => [name, { dtype: 'F32', shape, bytes: 4 * shape.reduce((a, b) => a * b, 1) }]),
    ),
  );

/** A whole .safetensors file of float32 tensors: small models of tests and recorded values. */
export function writeSafetensors(tensors: ReadonlyMap<string, TensorValues>): Uint8Array {
  const header = headerBytes(new Map([...tensors].map(([name, t]) => [name, t.shape])));
  const total = [...tensors.values()].reduce((sum, t) => sum + t.data.byteLength, header.length);
  const bytes = new Uint8Array(total);
  bytes.set(header);
  let at = header.length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
