import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ReadAt, readCheckpoint, safetensorsOf } from '@rotokit/graph';

/** Keys of the metadata under which a converted file says what it was made from. */
export const SOURCE_KEY = 'rotokit.checkpoint';

/** Reads at a place; less comes only at the end of the file. */
const reader =
  (file: FileHandle, signal: AbortSignal): ReadAt =>
  async (offset, length) => {
    signal.throwIfAborted();
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (!bytesRead) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  };

/** Bytes that are read at once for the digest. */
const CHUNK = 4 * 1024 * 1024;

async function digestOf(read: ReadAt, size: number): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < size; at += CHUNK) hash.update(await read(at, Math.min(CHUNK, size - at)));
  return hash.digest('hex');
}

/**
 * A checkpoint of torch (`.pt`) as the bytes of a `.safetensors` file: the same tensors under the same names, with the name and sha256 of the checkpoint in the
 * metadata. Memory stays at a few megabytes. @throws WeightsError.
 */
export async function* convertCheckpoint(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = reader(file, signal);
    const checkpoint = await readCheckpoint(read, size);
    const sha256 = await digestOf(read, size);
    yield* safetensorsOf(checkpoint, read, { [SOURCE_KEY]: basename(path), [`${SOURCE_KEY}.sha256`]: sha256 });
  } finally {
    await file.close();
  }
}
