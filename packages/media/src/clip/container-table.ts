import type { VideoStream } from '../native/video-stream.js';
import { type FrameTable, frameTable, MOST_FRAMES } from './frame-table.js';
import { type Box, boxesIn, boxIn, readTopBox } from './iso-boxes.js';

/**
 * Reads only the sample tables of an MP4 or QuickTime file: a few kilobytes of a two-gigabyte movie. Its times and libav's
 * differ by a constant (edit lists), so the first shown frame gives the offset, and `head`, the first packets as libav
 * sees them, proves it. Every loop is bounded by the bytes of its box: no damaged count can make it long.
 * Undefined when the tables are absent, damaged, spread over fragments, cut up by an edit list, or do not agree: then
 * the packets must be read.
 */
export async function tableFromContainer(
  path: string,
  stream: VideoStream,
  head: FrameTable,
): Promise<FrameTable | undefined> {
  if (!stream.format.iformat?.name?.includes('mp4')) return undefined;
  const moov = await readTopBox(path, 'moov');
  if (!moov) return undefined;
  const children = [...boxesIn(moov, 0, moov.length)];
  if (children.some((c) => c.type === 'mvex')) return undefined;
  const track = children.find((c) => c.type === 'trak' && trackId(moov, c) === stream.stream.id);
  const samples = track && readSamples(moov, track, stream.stream.timeBase.den);
  if (!samples?.shown.length) return undefined;
  const start = samples.shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const toTicks = (t: number) => head.pts[0] + BigInt(t - start);
  const keys = samples.keys.map((t) => ({ pts: toTicks(t) }));
  const table = frameTable('container', samples.shown.map(toTicks), keys);
  return agrees(table, head) ? table : undefined;
}

function trackId(b: Buffer, trak: Box): number | undefined {
  const tkhd = boxIn(b, trak, 'tkhd');
  if (!tkhd || tkhd.end - tkhd.start < 24) return undefined;
  return b.readUInt32BE(tkhd.start + (b[tkhd.start] === 1 ? 20 : 12));
}

/** Rows of a full box: version and flags, a count, then rows of `width` bytes; undefined when the count does not fit. */
function rowsOf(
  b: Buffer,
  box: Box | undefined,
  width: number,
): { count: number; at: (row: number) => number } | undefined {
  if (!box || box.end - box.start < 8) return undefined;
  const count = b.readUInt32BE(box.start + 4);
  if (count * width > box.end - box.start - 8) return undefined;
  return { count, at: (row) => box.start + 8 + row * width };
}

/** Presentation times in media ticks: of the shown samples, and of those that decoding can start from. */
function readSamples(b: Buffer, trak: Box, ticksPerSecond: number) {
  const mdhd = boxIn(b, trak, 'mdia', 'mdhd');
  const stbl = boxIn(b, trak, 'mdia', 'minf', 'stbl');
  if (!mdhd || !stbl || mdhd.end - mdhd.start < 24) return undefined;
  if (b.readUInt32BE(mdhd.start + (b[mdhd.start] === 1 ? 20 : 12)) !== ticksPerSecond) return undefined;
  const hiddenBefore = firstShown(b, trak);
  const times = hiddenBefore === undefined ? undefined : presentationTimes(b, stbl);
  if (!times || hiddenBefore === undefined) return undefined;
  const stss = boxIn(b, stbl, 'stss');
  const keyRows = rowsOf(b, stss, 4);
  if (stss && !keyRows) return undefined;
  const keys = keyRows
    ? Array.from({ length: keyRows.count }, (_, i) => times[b.readUInt32BE(keyRows.at(i)) - 1]).filter(Number.isFinite)
    : times;
  return { shown: times.filter((t) => t >= hiddenBefore), keys };
}

/** Where the edit list begins in the media: 0 without one, undefined for lists with more than one part. */
function firstShown(b: Buffer, trak: Box): number | undefined {
  const elst = boxIn(b, trak, 'edts', 'elst');
  if (!elst) return 0;
  const wide = b[elst.start] === 1;
  const rows = rowsOf(b, elst, wide ? 20 : 12);
  if (!rows || rows.count > 16) return undefined;
  const starts: number[] = [];
  for (let i = 0; i < rows.count; i++) {
    const at = rows.at(i);
    const time = wide ? Number(b.readBigInt64BE(at + 8)) : b.readInt32BE(at + 4);
    if (time >= 0) starts.push(time); // -1 is an empty edit: a delay
  }
  return starts.length === 1 ? starts[0] : starts.length ? undefined : 0;
}

/** Times of all samples: decoding times (`stts`) and their offsets (`ctts`), as many as `stsz` has sizes. */
function presentationTimes(b: Buffer, stbl: Box): number[] | undefined {
  const stsz = boxIn(b, stbl, 'stsz');
  const stts = rowsOf(b, boxIn(b, stbl, 'stts'), 8);
  if (!stsz || !stts || stsz.end - stsz.start < 12) return undefined;
  const count = b.readUInt32BE(stsz.start + 8);
  const listed = b.readUInt32BE(stsz.start + 4) === 0;
  if (count > MOST_FRAMES || (listed && count * 4 > stsz.end - stsz.start - 12)) return undefined;
  const times: number[] = [];
  for (let i = 0, t = 0; i < stts.count && times.length < count; i++) {
    const [run, delta] = [b.readUInt32BE(stts.at(i)), b.readUInt32BE(stts.at(i) + 4)];
    for (let n = 0; n < run && times.length < count; n++, t += delta) times.push(t);
  }
  const box = boxIn(b, stbl, 'ctts');
  const ctts = rowsOf(b, box, 8);
  if (times.length !== count || (box && !ctts)) return undefined;
  for (let i = 0, k = 0; ctts && i < ctts.count && k < count; i++) {
    const [run, offset] = [b.readUInt32BE(ctts.at(i)), b.readInt32BE(ctts.at(i) + 4)];
    for (let n = 0; n < run && k < count; n++) times[k++] += offset;
  }
  return times.every(Number.isSafeInteger) ? times : undefined;
}

function agrees(table: FrameTable, head: FrameTable): boolean {
  const times = new Set(table.pts);
  const keys = new Set(table.keys.map((k) => k.pts));
  return head.pts.every((t) => times.has(t)) && head.keys.every((k) => keys.has(k.pts));
}
