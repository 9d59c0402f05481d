import { open } from 'node:fs/promises';

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2): its type and where its content lies. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The boxes side by side in a part of a buffer. Ends at the first one that does not fit. */
export function* boxesIn(b: Buffer, start: number, end: number): Generator<Box> {
  for (let at = start; at + 8 <= end; ) {
    const box = boxAt(b, at, end);
    if (!box) return;
    yield box;
    at = box.end;
  }
}

/** The first box of a type inside another, followed along a path: `mdia`, `minf`, `stbl`. */
export function boxIn(b: Buffer, within: Box, ...path: readonly string[]): Box | undefined {
  let box: Box | undefined = within;
  for (const type of path) box = box && [...boxesIn(b, box.start, box.end)].find((c) => c.type === type);
  return box;
}

function boxAt(b: Buffer, at: number, end: number): Box | undefined {
  const short = b.readUInt32BE(at);
  const head = short === 1 ? 16 : 8;
  if (at + head > end) return undefined;
  const size = short === 1 ? Number(b.readBigUInt64BE(at + 8)) : short === 0 ? end - at : short;
  if (size < head || at + size > end) return undefined;
  return { type: b.toString('latin1', at + 4, at + 8), start: at + head, end: at + size };
}

/** More than the tables of a day of video take; a larger box is not read. */
const LARGEST = 256 * 2 ** 20;

/** The content of the first top-level box of a type; undefined where there is none of a sensible size. */
export async function readTopBox(path: string, type: string): Promise<Buffer | undefined> {
  const file = await open(path);
  try {
    const { size: length } = await file.stat();
    const head = Buffer.alloc(16);
    for (let at = 0, n = 0; at + 8 <= length && n < 10_000; n++) {
      const { bytesRead } = await file.read(head, 0, 16, at);
      const short = head.readUInt32BE(0);
      if (bytesRead < 8 || (short === 1 && bytesRead < 16)) return undefined;
      const skip = short === 1 ? 16 : 8;
      const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? length - at : short;
      if (size < skip || at + size > length) return undefined;
      if (head.toString('latin1', 4, 8) === type) {
        if (size > LARGEST) return undefined;
        const content = Buffer.alloc(size - skip);
        await file.read(content, 0, content.length, at + skip);
        return content;
      }
      at += size;
    }
    return undefined;
  } finally {
    await file.close();
  }
}
