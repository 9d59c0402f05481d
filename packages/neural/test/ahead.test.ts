import { discMask, discsSource } from '@rotokit/core/contracts/engine';
import { frameIndex, objectId, sourcePoint } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { type NeuralOptions, recentFeatures } from '../src/index.js';
import { scriptedEngine } from './support/scripted-inference.js';

const OBJECTS = ['red', 'blue'].map((name) => {
  const object = objectId(name);
  return { object, mask: discMask(object, 0), priority: 1 };
});
const walk = (to: number) =>
  ({ from: frameIndex(0), to: frameIndex(to), objects: OBJECTS, overlap: 'allowed' }) as const;

const keepsNothing: NonNullable<NeuralOptions['cache']> = {
  getOrCompute: async (_key, _bytes, compute) => compute(new AbortController().signal),
};

/** What is still going on has time to begin what it would begin. */
const quiet = (ms = 150) => new Promise((done) => setTimeout(done, ms));

describe('a walk', () => {
  it.each([0, 1])(
    'encodes each frame once for all objects, also where nothing is kept (%i frames ahead)',
    async (ahead) => {
      const { engine, opened } = scriptedEngine({}, { cache: keepsNothing, ahead });
      const session = await engine.open(discsSource());
      for await (const _ of session.propagate(walk(5)));
      // The frame on which the masks were given is encoded too, but nobody looks at it in the light of memories.
      expect(opened[0]!.runs).toMatchObject({ encode: 6, orient: 5, attend: 10 });
      await session.close();
    },
  );

  it.each([
    [0, 2],
    [1, 3],
    [3, 5],
  ])('with %i frames ahead has encoded %i when its first frame is read, however long that takes', async (ahead, n) => {
    const { engine, opened } = scriptedEngine({}, { ahead });
    const session = await engine.open(discsSource());
    for await (const _ of session.propagate(walk(7))) {
      await quiet();
      expect(opened[0]!.runs.encode).toBe(n);
      break;
    }
    await session.close();
    expect(opened[0]!.runs.encode).toBe(n);
  });

  it('encodes nothing again on frames that were walked before, in either direction and after a correction', async () => {
    const { engine, opened } = scriptedEngine({}, { cache: recentFeatures(1e8) });
    const session = await engine.open(discsSource());
    for await (const _ of session.propagate(walk(7)));
    const { encode, orient } = { ...opened[0]!.runs };
    const prompts = [{ kind: 'point', at: sourcePoint(60, 60), positive: true } as const];
    const answers = await session.segment(
      frameIndex(4),
      OBJECTS.map(({ object }) => ({ object, prompts })),
    );
    const objects = OBJECTS.map(({ object }, i) => ({ object, mask: answers[i]!, priority: 1 }));
    for (const to of [7, 1])
      for await (const _ of session.propagate({
        from: frameIndex(4),
        to: frameIndex(to),
        objects,
        overlap: 'allowed',
      }));
    expect([encode, opened[0]!.runs.encode, orient, opened[0]!.runs.orient]).toEqual([8, 8, 7, 7]);
    await session.close();
  });

  it('begins with no further object once one has failed, and names the first that did', async () => {
    const fail = (part: string) => (part === 'attend' ? new Error('lost device') : undefined);
    const { engine, opened } = scriptedEngine({ fail });
    const session = await engine.open(discsSource());
    const objects = ['a', 'b', 'c', 'd'].map((name) => ({ ...OBJECTS[0]!, object: objectId(name) }));
    const all = (async () => {
      for await (const _ of session.propagate({ ...walk(3), objects }));
    })();
    await expect(all).rejects.toThrow(/frame index 1, object a: lost device/);
    expect(opened[0]!.runs.attend).toBe(2);
    await session.close();
  });

  it('fails on the frame that cannot be encoded, not on the one before', async () => {
    const fail = (part: string, call: number) =>
      part === 'encode' && call === 3 ? new Error('out of memory') : undefined;
    const { engine } = scriptedEngine({ fail });
    const session = await engine.open(discsSource());
    const seen: number[] = [];
    const all = (async () => {
      for await (const { frame } of session.propagate(walk(7))) {
        seen.push(frame);
        await quiet(20);
      }
    })();
    await expect(all).rejects.toThrow(/frame index 3, object red: out of memory/);
    expect(seen).toEqual([1, 2]);
    await session.close();
  });
});
