import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, EngineSession, FrameSource, Past, Propagation, TrackedFrame } from '@rotokit/core/ports';
import { type FrameIndex, frameIndex, type ObjectId, type SoftMask } from '@rotokit/core/values';
import { contactSheet, encodePng, objectColour, type Tile } from '@rotokit/formats';
import type { BankView } from '@rotokit/neural';

/**
 * An engine that puts its memory bank into a folder: `bank.jsonl`, one line an object a frame, and `OBJECT.png` at the end of each walk, the remembered
 * frames with their masks, why they are held and with what estimated IoU. Frames are shown numbers.
 */
export function withBankViews(make: (observe: (view: BankView) => void) => Engine, folder: string): Engine {
  const views = new Map<string, BankView>();
  const lines: BankView[] = [];
  const engine = make((view) => {
    views.set(view.object, view);
    lines.push(view);
  });
  return {
    ...engine,
    async open(source: FrameSource, past?: Past): Promise<EngineSession> {
      await mkdir(folder, { recursive: true });
      const session = await engine.open(source, past);
      return {
        segment: (frame, objects, signal) => session.segment(frame, objects, signal),
        propagate: (task) => watched(session, task, { source, folder, views, lines }),
        close: () => session.close(),
      };
    },
  };
}

interface Watch {
  readonly source: FrameSource;
  readonly folder: string;
  readonly views: Map<string, BankView>;
  /** Not written yet. */
  readonly lines: BankView[];
}

async function* watched(session: EngineSession, task: Propagation, watch: Watch): AsyncGenerator<TrackedFrame> {
  const masks = new Map<ObjectId, Map<number, SoftMask>>();
  for (const { object, mask } of task.objects) masks.set(object, new Map([[task.from, mask]]));
  watch.views.clear();
  try {
    for await (const tracked of session.propagate(task)) {
      for (const { object, mask } of tracked.objects) {
        const known = masks.get(object) as Map<number, SoftMask>;
        known.set(tracked.frame, mask);
        const held = new Set(watch.views.get(object)?.frames.map((f) => f.frame));
        for (const frame of known.keys()) if (frame !== tracked.frame && !held.has(frame)) known.delete(frame);
      }
      await writeLines(watch);
      yield tracked;
    }
  } finally {
    await writeLines(watch);
    for (const [object, view] of watch.views) await writePicture(watch, view, masks.get(object as ObjectId));
  }
}

async function writeLines({ source, folder, lines }: Watch): Promise<void> {
  const shown = (frame: number) => frame + source.info.first;
  const texts = lines.splice(0).map((view) => {
    const frames = view.frames.map((f) => ({ ...f, frame: shown(f.frame) }));
    return `${JSON.stringify({ ...view, frame: shown(view.frame), frames, pointers: view.pointers.map(shown) })}\n`;
  });
  if (texts.length) await appendFile(join(folder, 'bank.jsonl'), texts.join(''));
}

async function writePicture(
  { source, folder }: Watch,
  view: BankView,
  masks: ReadonlyMap<number, SoftMask> | undefined,
): Promise<void> {
  const first = source.info.first;
  const tiles: Tile[] = [];
  for (const { frame, why, row, iou } of view.frames) {
    const { picture } = await source.read(frameIndex(frame) as FrameIndex);
    const mask = masks?.get(frame);
    tiles.push({
      picture,
      layers: mask ? [{ mask, colour: objectColour(0) }] : [],
      label: `${frame + first} ${why}${typeof row === 'number' ? ` ${row}` : ''}`,
      confidence: iou,
    });
  }
  if (!tiles.length) return;
  const title = `${view.object}, frame ${view.frame + first}, ${view.policy}`;
  const { width, height, samples } = contactSheet(tiles, { title });
  const png = encodePng({ kind: 'pixels', width, height, channels: 3, samples });
  await writeFile(join(folder, `${view.object}.png`), png);
}
