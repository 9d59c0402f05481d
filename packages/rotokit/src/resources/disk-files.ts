import { createHash } from 'node:crypto';

const MAGIC = 'RKC1';
const HEAD = 4 + 32 + 4;

const digest = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The name of a key's file: 64 hex digits, whatever the key. */
export const fileOf = (key: string): string => digest(Buffer.from(key)).toString('hex');

/** A file's bytes: `RKC1`, the sha256 of all that follows it, the key's length (uint32, little-endian), the key, the payload. */
export function sealed(key: string, payload: Uint8Array): Buffer {
  const name = Buffer.from(key);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(name.length);
  return Buffer.concat([Buffer.from(MAGIC), digest(length, name, payload), length, name, payload]);
}

/** The payload of a file that is whole and the key's own; undefined for anything else. */
export function unsealed(key: string, file: Buffer): Uint8Array | undefined {
  if (file.length < HEAD || file.toString('latin1', 0, 4) !== MAGIC) return undefined;
  if (!digest(file.subarray(36)).equals(file.subarray(4, 36))) return undefined;
  const start = HEAD + file.readUInt32LE(36);
  return file.toString('utf8', HEAD, start) === key ? file.subarray(start) : undefined;
}
