import { discMask, discsSource } from '@rotokit/core/contracts/engine';
import type { Past, Tensor } from '@rotokit/core/ports';
import {
  emptyMask,
  type FrameIndex,
  frameIndex,
  maskFromPlane,
  maskToPlane,
  objectId,
  sourcePoint,
} from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { logitsOfMask, maskOfLogits } from '../src/picture/masks.js';
import { scriptedEngine } from './support/scripted-inference.js';

const RED = objectId('red');
const click = (x: number, y: number) => ({ kind: 'point', at: sourcePoint(x, y), positive: true }) as const;

/** What a project knows: settled frames, and every frame but those of `gaps` tracked. */
function pastOf(settled: number[], gaps: readonly number[] = []): Past {
  const mask = async (_: unknown, frame: FrameIndex) => (gaps.includes(frame) ? undefined : discMask(RED, frame));
  return { anchors: () => settled.map((f) => frameIndex(f)), mask, tracked: mask };
}

/** A session over a past, and what its graphs were asked with. */
async function opened(past?: Past, more: object = {}) {
  const recalled: { rows: number[]; pointers: number }[] = [];
  const decoded: { first: number; given: number; middle: number }[] = [];
  const { engine, opened } = scriptedEngine(
    {
      onRun(part, inputs) {
        const data = (name: string) => (inputs[name] as Tensor<'float32'>).data;
        if (part === 'attend')
          recalled.push({
            rows: [...(inputs.memory_times as Tensor<'int64'>).data].map(Number),
            pointers: inputs.pointers!.shape[0]!,
          });
        if (part === 'decode')
          decoded.push({ first: data('first')[0]!, given: data('mask_given')[0]!, middle: data('mask_prompt')[0]! });
      },
    },
    more,
  );
  const session = await engine.open(discsSource(), past);
  const ask = (frame: number, ...prompts: ReturnType<typeof click>[]) =>
    session.segment(frameIndex(frame), [{ object: RED, prompts }]);
  return { session, ask, recalled, decoded, runs: opened[0]!.runs };
}

describe('a correction of what an earlier session tracked', () => {
  it('is answered with memories made from stored masks: settled frames, and those tracked on the way from the one before', async () => {
    const { session, ask, recalled, decoded, runs } = await opened(pastOf([0, 7]), { trail: { rebuilt: 6 } });
    await ask(5, click(60, 60));
    // 0 and 7 in the row of prompted frames, 1 to 4 as those of a walk forwards; the pointers of 0 and 1 to 4.
    expect(recalled).toEqual([{ rows: [6, 6, 3, 2, 1, 0], pointers: 5 }]);
    expect(decoded.at(-1)).toMatchObject({ first: 0, given: 1, middle: -10 });
    expect([runs.encode, runs.memorise]).toEqual([7, 7]);
    await ask(5, click(60, 60), click(20, 20));
    expect([runs.encode, runs.memorise]).toEqual([7, 8]);
    expect(decoded.at(-1)).toMatchObject({ first: 0, given: 1 });
    await session.close();
  });

  it('is a settled frame when another one is corrected, and what is known on both sides decides the direction', async () => {
    const settled = [0];
    const { session, ask, recalled } = await opened(pastOf(settled), { trail: { rebuilt: 2 } });
    await ask(6, click(60, 60));
    expect(recalled.at(-1)).toEqual({ rows: [6, 1, 0], pointers: 3 });
    settled.push(6);
    await ask(5, click(60, 60));
    expect(recalled.at(-1)).toEqual({ rows: [6, 6, 1, 0], pointers: 3 });
    await ask(7, click(60, 60));
    // From 6, with nothing between; 0 is not the nearest.
    expect(recalled.at(-1)).toEqual({ rows: [6], pointers: 1 });
    settled.splice(0, 1);
    await ask(3, click(60, 60));
    // Backwards from 6: 5 and 4.
    expect(recalled.at(-1)).toEqual({ rows: [6, 1, 0], pointers: 3 });
    await session.close();
  });

  it('uses prompts alone where nothing was tracked, nothing is settled elsewhere, or nothing is known', async () => {
    for (const past of [pastOf([0, 5], [5]), pastOf([5]), pastOf([]), undefined]) {
      const { session, ask, recalled, decoded } = await opened(past);
      await ask(5, click(60, 60));
      expect([recalled.length, decoded.length, decoded[0]!.first, decoded[0]!.given]).toEqual([0, 1, 1, 0]);
      await session.close();
    }
  });

  it('prefers what this session tracked, as long as that is remembered', async () => {
    const { session, ask, recalled } = await opened(pastOf([0]), { trail: { memories: 0 } });
    const objects = [{ object: RED, mask: discMask(RED, 0), priority: 1 }];
    const walk = { from: frameIndex(0), to: frameIndex(7), objects, overlap: 'allowed' } as const;
    for await (const _ of session.propagate(walk));
    recalled.length = 0;
    await ask(7, click(60, 60));
    expect(recalled.at(-1)!.rows).toEqual([6, 4, 3, 2, 1, 0]);
    await session.close();
  });

  it('releases what it remembered when it is cancelled, and can be asked again', async () => {
    const abort = new AbortController();
    const source = discsSource();
    const { engine } = scriptedEngine({
      onRun: (part) => part === 'memorise' && abort.abort(new Error('enough')),
    });
    const session = await engine.open(source, pastOf([0]));
    const asked = [{ object: RED, prompts: [click(60, 60)] }];
    await expect(session.segment(frameIndex(5), asked, abort.signal)).rejects.toThrow('enough');
    expect(await session.segment(frameIndex(5), asked)).toHaveLength(1);
    await session.close();
  });
});

describe('logits of a stored mask', () => {
  it('give that mask again', () => {
    const [side, size] = [16, { width: 160, height: 96 }];
    const smooth = Float32Array.from({ length: side * side }, (_, i) => {
      return 12 - 3 * Math.hypot((i % side) - 8.3, Math.floor(i / side) - 6.1);
    });
    const mask = maskOfLogits(smooth, side, size);
    const back = maskOfLogits(logitsOfMask(mask, side), side, size);
    let [both, either] = [0, 0];
    const [first, second] = [maskToPlane(mask), maskToPlane(back)];
    for (let i = 0; i < first.length; i++) {
      const [a, b] = [first[i]! > 32767, second[i]! > 32767];
      if (a && b) both++;
      if (a || b) either++;
    }
    expect(both / either).toBeGreaterThan(0.95);
    expect(new Set(logitsOfMask(emptyMask(size), side))).toEqual(new Set([-10]));
    const full = maskFromPlane(size, new Uint16Array(160 * 96).fill(65535));
    expect(new Set(logitsOfMask(full, side))).toEqual(new Set([10]));
  });
});
