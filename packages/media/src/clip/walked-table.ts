import { AV_PKT_FLAG_DISCARD, ticksOfFrame, ticksOfPacket } from '../native/libav.js';
import { isKeyPacket, type KeyPacket, keyPacketOf, type StreamOptions, VideoStream } from '../native/video-stream.js';
import { type FrameTable, frameTable, MOST_FRAMES } from './frame-table.js';

/** A table of packets, and whether the first one is a key: without it the first frames cannot be decoded. */
export interface PacketTable extends FrameTable {
  readonly startsWithKey: boolean;
}

/** Reads packets from where the stream stands. Exact for any container, but reads the whole file. */
export async function tableFromPackets(stream: VideoStream, limit = MOST_FRAMES): Promise<PacketTable> {
  const pts: bigint[] = [];
  const keys: KeyPacket[] = [];
  let startsWithKey: boolean | undefined;
  while (pts.length < limit && (await stream.readPacket())) {
    const p = stream.packet;
    startsWithKey ??= isKeyPacket(p);
    if (isKeyPacket(p)) keys.push(keyPacketOf(p));
    if (!(p.flags & AV_PKT_FLAG_DISCARD)) pts.push(ticksOfPacket(p)); // an edit list hides the discarded ones
    p.unref();
  }
  return { ...frameTable('packets', pts, keys), startsWithKey: startsWithKey ?? false };
}

/** Decodes everything once: for streams whose packets are not one shown picture each. */
export async function tableFromDecoding(path: string, options: StreamOptions): Promise<FrameTable> {
  const stream = await VideoStream.open(path, options);
  try {
    const pts: bigint[] = [];
    const keys: KeyPacket[] = [];
    const onPacket = (p: VideoStream['packet']) => void (isKeyPacket(p) && keys.push(keyPacketOf(p)));
    while (pts.length < MOST_FRAMES && (await stream.readFrame(onPacket))) pts.push(ticksOfFrame(stream.frame));
    return frameTable('decoding', pts, keys);
  } finally {
    await stream.close();
  }
}
