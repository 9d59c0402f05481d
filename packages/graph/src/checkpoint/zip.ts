import { refuse } from '../safetensors/errors.js';

/** Reads bytes of a file; fewer than asked for come only at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** Where the bytes of a stored entry lie in the file. */
export interface StoredEntry {
  readonly offset: number;
  readonly length: number;
}

const [END, END64, LOCATOR64, CENTRAL, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];
/** The end record with the longest comment that there can be. */
const LONGEST_END = 22 + 65535;
/** A checkpoint has some hundreds of entries of 100 bytes; more than this is none. */
const MOST_DIRECTORY_BYTES = 4 * 1024 * 1024;

const FILE = '(zip)';
const view = (b: Uint8Array) => new DataView(b.buffer, b.byteOffset, b.byteLength);

async function exactly(read: ReadAt, offset: number, length: number, size: number, what: string): Promise<Uint8Array> {
  if (offset < 0 || offset + length > size)
    refuse('WEIGHTS_TRUNCATED', FILE, `${what} at byte ${offset}`, `a file of ${size} bytes`);
  const bytes = await read(offset, length);
  if (bytes.length !== length) refuse('WEIGHTS_TRUNCATED', FILE, `${length} bytes of ${what}`, `${bytes.length} bytes`);
  return bytes;
}

/** A 64-bit number of a record; past 2^53 nothing can lie. */
const long = (v: DataView, at: number): number => {
  const value = v.getBigUint64(at, true);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
};

interface Directory {
  readonly offset: number;
  readonly length: number;
  readonly entries: number;
}

/** The end record, or its 64-bit twin where sizes do not fit 32 bits (APPNOTE.TXT 6.3.10, 4.3.14 to 4.3.16). */
async function directoryOf(read: ReadAt, size: number): Promise<Directory> {
  const from = Math.max(0, size - LONGEST_END);
  const tail = await exactly(read, from, size - from, size, 'the end');
  const v = view(tail);
  let at = tail.length - 22;
  while (at >= 0 && v.getUint32(at, true) !== END) at--;
  if (at < 0) return refuse('WEIGHTS_ZIP', FILE, 'the end record of a zip file', 'none');
  const short = {
    entries: v.getUint16(at + 10, true),
    length: v.getUint32(at + 12, true),
    offset: v.getUint32(at + 16, true),
  };
  if (at < 20 || v.getUint32(at - 20, true) !== LOCATOR64) return short;
  const record = view(await exactly(read, long(v, at - 20 + 8), 56, size, 'the 64-bit end record'));
  if (record.getUint32(0, true) !== END64) refuse('WEIGHTS_ZIP', FILE, 'a 64-bit end record', 'something else');
  return { entries: long(record, 32), length: long(record, 40), offset: long(record, 48) };
}

/** Sizes and place of an entry whose fields say 0xffffffff: they are in its extra field 1, in this order. */
function widened(v: DataView, extra: { from: number; to: number }, short: readonly number[], name: string): number[] {
  const wide = short.map((n) => n === 0xffffffff);
  if (!wide.includes(true)) return [...short];
  for (let at = extra.from; at + 4 <= extra.to; at += 4 + v.getUint16(at + 2, true)) {
    if (v.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.to, at + 4 + v.getUint16(at + 2, true));
    let next = at + 4;
    return short.map((n, i) => {
      if (!wide[i]) return n;
      if (next + 8 > end) refuse('WEIGHTS_ZIP', name, 'a 64-bit size', 'none');
      next += 8;
      return long(v, next - 8);
    });
  }
  return refuse('WEIGHTS_ZIP', name, 'a 64-bit size', 'none');
}

/**
 * The entries of a zip file that are stored as they are, by name; the bytes are not read. 64-bit records included.
 * @throws WeightsError for what is no zip file, an entry that is compressed, encrypted or named twice, or lies outside the file.
 */
export async function readZip(read: ReadAt, size: number): Promise<ReadonlyMap<string, StoredEntry>> {
  const directory = await directoryOf(read, size);
  if (directory.length > MOST_DIRECTORY_BYTES)
    refuse('WEIGHTS_ZIP', FILE, `a directory of up to ${MOST_DIRECTORY_BYTES} bytes`, `${directory.length} bytes`);
  const bytes = await exactly(read, directory.offset, directory.length, size, 'the directory');
  const v = view(bytes);
  const entries = new Map<string, StoredEntry>();
  for (let at = 0; at < bytes.length; ) {
    if (at + 46 > bytes.length || v.getUint32(at, true) !== CENTRAL)
      refuse('WEIGHTS_ZIP', FILE, `an entry at byte ${at} of the directory`, 'something else');
    const [nameLength, extraLength, comment] = [28, 30, 32].map((o) => v.getUint16(at + o, true)) as [
      number,
      number,
      number,
    ];
    const extra = { from: at + 46 + nameLength, to: at + 46 + nameLength + extraLength };
    if (extra.to + comment > bytes.length)
      refuse('WEIGHTS_ZIP', FILE, 'an entry inside the directory', 'one beyond it');
    const name = new TextDecoder().decode(bytes.subarray(at + 46, extra.from));
    const [flags, method] = [v.getUint16(at + 8, true), v.getUint16(at + 10, true)];
    if (flags & 1 || method !== 0)
      refuse('WEIGHTS_ZIP', name, 'an entry that is stored', flags & 1 ? 'an encrypted one' : `method ${method}`);
    if (entries.has(name)) refuse('WEIGHTS_ZIP', name, 'each name once', 'it twice');
    const short = [v.getUint32(at + 24, true), v.getUint32(at + 20, true), v.getUint32(at + 42, true)];
    const [length, packed, local] = widened(v, extra, short, name) as [number, number, number];
    if (length !== packed) refuse('WEIGHTS_ZIP', name, `${length} stored bytes`, `${packed}`);
    entries.set(name, { offset: await dataOffset(read, local, length, size, name), length });
    at = extra.to + comment;
  }
  if (entries.size !== directory.entries)
    refuse('WEIGHTS_ZIP', FILE, `${directory.entries} entries`, `${entries.size}`);
  return entries;
}

/** The bytes of an entry begin behind its own header, whose extra field may be longer than that of the directory. */
async function dataOffset(read: ReadAt, local: number, length: number, size: number, name: string): Promise<number> {
  const v = view(await exactly(read, local, 30, size, `the header of ${name}`));
  if (v.getUint32(0, true) !== LOCAL) refuse('WEIGHTS_ZIP', name, `a header at byte ${local}`, 'something else');
  const offset = local + 30 + v.getUint16(26, true) + v.getUint16(28, true);
  if (offset + length > size)
    refuse('WEIGHTS_TRUNCATED', name, `bytes ${offset} to ${offset + length}`, `a file of ${size} bytes`);
  return offset;
}
