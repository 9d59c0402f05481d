import { open } from 'node:fs/promises';

/** Far above any real header (that of SAM 3 has about 250 kB). */
const LONGEST_HEADER = 64 * 1024 * 1024;

/**
 * Says why a file cannot be a whole `.safetensors` file, or undefined when its header describes exactly the bytes that are there. This catches a page of text saved under the
 * name of a model, and a file cut short by a source that announces no digest.
 */
export async function whyNotSafetensors(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const prefix = Buffer.alloc(8);
    if ((await file.read(prefix, 0, 8, 0)).bytesRead < 8) return 'it is too short';
    const length = Number(prefix.readBigUInt64LE());
    if (length > LONGEST_HEADER || 8 + length > size) return 'it does not begin with a header';
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, 8);
    const end = endOf(header.toString('utf8'));
    if (end === undefined) return 'its header cannot be read';
    return 8 + length + end === size ? undefined : `its header describes ${8 + length + end} bytes, it has ${size}`;
  } finally {
    await file.close();
  }
}

/** Where the last tensor of a header ends; undefined when the header is no header. */
function endOf(header: string): number | undefined {
  try {
    const { __metadata__: _, ...tensors } = JSON.parse(header) as Record<string, { data_offsets: [number, number] }>;
    const end = Math.max(0, ...Object.values(tensors).map((t) => t.data_offsets[1]));
    return Number.isSafeInteger(end) ? end : undefined;
  } catch {
    return undefined;
  }
}
