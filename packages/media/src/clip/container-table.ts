import { stat } from 'node:fs/promises';
import { EncodedPacketSink, FilePathSource, Input, Logging, LogLevel, MP4, QTFF } from 'mediabunny';
import type { VideoStream } from '../native/video-stream.js';
import { type FrameTable, frameTable, MOST_FRAMES } from './frame-table.js';

// It tells the console which codecs a browser lacks; here libav decodes them.
Logging.level = LogLevel.Silent;

/**
 * Reads only the tables of an MP4 or QuickTime file: a few kilobytes of a two-gigabyte movie. (Matroska has no such table; there
 * mediabunny would read the whole file too, and it does not return from some damaged ones.) The times of mediabunny and libav differ by
 * a constant (edit lists), so the first shown frame gives the offset, and `head`, the first packets as libav sees
 * them, proves it. Undefined when the tables are absent, damaged or do not agree: then the packets must be read.
 */
export async function tableFromContainer(
  path: string,
  stream: VideoStream,
  head: FrameTable,
): Promise<FrameTable | undefined> {
  if (!stream.format.iformat?.name?.includes('mp4')) return undefined;
  const input = new Input({ source: new FilePathSource(path), formats: [MP4, QTFF] });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) return undefined;
    // A damaged table may claim billions of packets, and walking it would never end.
    const times = await shownTimes(new EncodedPacketSink(track), Math.min((await stat(path)).size, MOST_FRAMES));
    if (!times) return undefined;
    const start = times.shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const { num, den } = stream.stream.timeBase;
    const toTicks = (seconds: number) => head.pts[0] + BigInt(Math.round(((seconds - start) * den) / num));
    const keys = times.keys.map((t) => ({ pts: toTicks(t) }));
    const table = frameTable('container', times.shown.map(toTicks), keys);
    return agrees(table, head) ? table : undefined;
  } catch {
    return undefined;
  } finally {
    input.dispose();
  }
}

async function shownTimes(sink: EncodedPacketSink, room: number) {
  const shown: number[] = [];
  const keys: number[] = [];
  const options = { metadataOnly: true };
  for (let p = await sink.getFirstPacket(options); p; p = await sink.getNextPacket(p, options)) {
    if (room-- <= 0) return undefined;
    if (p.timestamp >= -1e-9) shown.push(p.timestamp); // negative: hidden by the edit list
    if (p.type === 'key') keys.push(p.timestamp);
  }
  return { shown, keys };
}

function agrees(table: FrameTable, head: FrameTable): boolean {
  const times = new Set(table.pts);
  const keys = new Set(table.keys.map((k) => k.pts));
  return head.pts.every((t) => times.has(t)) && head.keys.every((k) => keys.has(k.pts));
}
