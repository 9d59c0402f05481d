import { AV_FRAME_FLAG_INTERLACED } from '../native/libav.js';
import type { StreamOptions, VideoStream } from '../native/video-stream.js';
import { tableFromContainer } from './container-table.js';
import type { FrameTable } from './frame-table.js';
import { tableFromDecoding, tableFromPackets } from './walked-table.js';

/** Whether the table's last frame is really in the file: reads the last group of pictures, decodes nothing. */
async function reachesEnd(stream: VideoStream, table: FrameTable): Promise<boolean> {
  try {
    await stream.seek(table.keys.at(-1), table.pts[0]);
    return (await tableFromPackets(stream)).pts.includes(table.pts[table.pts.length - 1]);
  } catch {
    return false;
  }
}

/**
 * The pictures of a clip, by the cheapest way that can be trusted for it. Packets are not pictures where the first
 * frame is interlaced (fields), where two packets share a time (hidden frames), and where no key comes first.
 * @throws Error when no picture can be read.
 */
export async function buildFrameTable(path: string, stream: VideoStream, options: StreamOptions): Promise<FrameTable> {
  const head = await tableFromPackets(stream, 20); // more than the deepest reordering, 16
  if (!head.pts.length) throw new Error('it has no readable video packet');
  const rewind = () => stream.seek(undefined, head.pts[0]);
  await rewind();
  const fields = (await stream.readFrame()) && stream.frame.hasFlags(AV_FRAME_FLAG_INTERLACED);
  if (!fields && head.startsWithKey) {
    let table: FrameTable | undefined = await tableFromContainer(path, stream, head);
    if (!table || !(await reachesEnd(stream, table))) {
      await rewind();
      table = await tableFromPackets(stream);
    }
    if (table.pts.length && new Set(table.pts).size === table.pts.length) return table;
  }
  return tableFromDecoding(path, options);
}
