import { regionJ } from '@rotokit/core/evaluation';
import type { Engine } from '@rotokit/core/ports';
import { frameIndex, objectId, sourcePoint } from '@rotokit/core/values';
import { checkScene } from './check-scene.js';

/** What a trained model reaches at least on the made-up scene. */
export const CHECK_IOU = 0.8;

/** One thing that was asked of a model. */
export interface CheckStep {
  /** `a click`, `forwards, frame 3`, `backwards, frame 1`. */
  readonly what: string;
  /** With the truth. */
  readonly iou: number;
  readonly ms: number;
}

/** What a check came to. */
export interface CheckReport {
  readonly works: boolean;
  readonly steps: readonly CheckStep[];
}

/** Has an engine find a ball by a click, and follow it both ways from its true mask. Leaves nothing open. Throws what the engine refuses with. */
export async function checkModel(engine: Engine, signal?: AbortSignal): Promise<CheckReport> {
  const { source, truth, centre } = checkScene();
  const session = await engine.open(source);
  const steps: CheckStep[] = [];
  const object = objectId('ball');
  const last = source.info.frames - 1;
  try {
    let since = performance.now();
    const step = (what: string, iou: number) => {
      steps.push({ what, iou, ms: performance.now() - since });
      since = performance.now();
    };
    const { x, y } = centre(0);
    const prompt = { kind: 'point', at: sourcePoint(x, y), positive: true } as const;
    const [clicked] = await session.segment(frameIndex(0), [{ object, prompts: [prompt] }], signal);
    step('a click', clicked ? regionJ(clicked, truth(0)) : 0);
    for (const [from, to, way] of [
      [0, last, 'forwards'],
      [last, last - 2, 'backwards'],
    ] as const) {
      const walk = {
        from: frameIndex(from),
        to: frameIndex(to),
        overlap: 'exclusive',
        ...(signal && { signal }),
      } as const;
      const objects = [{ object, mask: truth(from), priority: 0 }];
      for await (const { frame, objects: found } of session.propagate({ ...walk, objects }))
        step(`${way}, frame ${frame + 1}`, found[0] ? regionJ(found[0].mask, truth(frame)) : 0);
    }
  } finally {
    await session.close();
    await source.close();
  }
  return { works: steps.every((s) => s.iou >= CHECK_IOU), steps };
}
