import { type EngineScript, movedMask, scriptedEngine } from '@rotokit/core/fakes';
import { encodeMask, type ObjectId, type SoftMask } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { DOG, disc, HERO, randomFrom, Shot } from './support/shot.js';

const FRAMES = 30;
const OBJECTS = [HERO, DOG, 'cat' as ObjectId];

/** An engine that drifts, loses things and contradicts itself between directions, always in the same way. */
const unreliable = (seed: number): EngineScript => {
  const noise = (frame: number, of: ObjectId, salt: number) =>
    randomFrom(seed * 7919 + frame * 131 + of.charCodeAt(0) * 17 + salt)();
  return {
    motion: (object, frame) => ({
      x: noise(frame, object, 1) < 0.5 ? 1 : 0,
      y: noise(frame, object, 2) < 0.3 ? -1 : 0,
    }),
    answer: ({ object, frame, step, steps }, moved) =>
      noise(frame, object, 3) < 0.08 ? movedMask(moved, 90, 0) : movedMask(moved, 0, Math.floor((step * steps) / 6)),
    signals: ({ object, frame, step }) => ({ score: 0.4 + 0.6 * noise(frame, object, 4 + step) }),
  };
};

const bytes = (mask: SoftMask) => Buffer.from(encodeMask(mask)).toString('base64');
const randomMask = (random: () => number) =>
  disc(15 + 60 * random(), 15 + 30 * random(), 5 + 8 * random(), 4 * random());

/** Changes one anchor: sets it, moves it to another mask or removes it. Says which object and frame. */
function editOnce(shot: Shot, random: () => number) {
  const object = OBJECTS[Math.floor(random() * OBJECTS.length)];
  const anchors = shot.anchors.get(object) ?? new Map<number, SoftMask>();
  const frame = Math.floor(random() * FRAMES);
  if (anchors.has(frame) && anchors.size > 1 && random() < 0.5) anchors.delete(frame);
  else shot.anchor(object, frame, randomMask(random));
  return { object, frame };
}

/** The frames of an object up to the anchors next to a frame, that frame left out. */
function neighbourhood(shot: Shot, object: ObjectId, frame: number): Set<number> {
  const anchors = [...(shot.anchors.get(object)?.keys() ?? [])].filter((f) => f !== frame);
  const left = Math.max(-1, ...anchors.filter((f) => f < frame));
  const right = Math.min(FRAMES, ...anchors.filter((f) => f > frame));
  const near = new Set<number>();
  for (let f = left + 1; f < right; f++) near.add(f);
  return near;
}

describe('20 rounds of editing and re-tracking', () => {
  it.each([1, 2, 3, 4])(
    'leave every anchor bit for bit and recompute the neighbouring spans only, seed %i',
    async (seed) => {
      const random = randomFrom(seed);
      const script = unreliable(seed);
      const shot = new Shot(FRAMES);
      for (const object of OBJECTS) shot.anchor(object, Math.floor(random() * FRAMES), randomMask(random));
      await shot.run(scriptedEngine(script));
      for (let round = 0; round < 20; round++) {
        const { object, frame } = editOnce(shot, random);
        const near = neighbourhood(shot, object, frame);
        const kept = [...shot.anchors].map(([o, anchors]) => [...anchors].map(([f, m]) => [o, f, bytes(m)]));
        const before = shot.results();
        const isAnchor = shot.anchors.get(object)?.has(frame) ?? false;

        const delivered = await shot.run(scriptedEngine(script));

        expect([...shot.anchors].map(([o, anchors]) => [...anchors].map(([f, m]) => [o, f, bytes(m)]))).toEqual(kept);
        const got = delivered.map((f) => `${f.object}/${f.frame}`).sort();
        const due = [...near].filter((f) => f !== frame || !isAnchor).map((f) => `${object}/${f}`);
        expect(got).toEqual(due.sort());
        const after = shot.results();
        for (const [key, text] of before) if (!due.includes(key)) expect(after.get(key) === text, key).toBe(true);
        expect(shot.plan(scriptedEngine(script)).stale).toEqual([]);
      }
    },
  );

  it('come to the same spans as one run over the final anchors, where objects do not share walks', async () => {
    const random = randomFrom(11);
    const script = unreliable(11);
    const edited = new Shot(FRAMES).anchor(HERO, 4, randomMask(random));
    for (let round = 0; round < 20; round++) {
      const anchors = edited.anchors.get(HERO) as Map<number, SoftMask>;
      const frame = Math.floor(random() * FRAMES);
      if (anchors.has(frame) && anchors.size > 1) anchors.delete(frame);
      else edited.anchor(HERO, frame, randomMask(random));
      await edited.run(scriptedEngine(script));
    }
    const fresh = new Shot(FRAMES);
    for (const [frame, mask] of edited.anchors.get(HERO) as Map<number, SoftMask>) {
      fresh.anchor(HERO, frame, mask);
      edited.done.delete(`${HERO}/${frame}`);
    }
    await fresh.run(scriptedEngine(script));
    expect(edited.results()).toEqual(fresh.results());
  });
});

describe('interruptions at random moments', () => {
  it.each([21, 22, 23])(
    'deliver every frame exactly once in the end, with the bytes of an uninterrupted run, seed %i',
    async (seed) => {
      const random = randomFrom(seed);
      const script = unreliable(seed);
      const build = () => {
        const again = randomFrom(seed + 100);
        const shot = new Shot(FRAMES);
        for (const object of OBJECTS)
          for (const frame of [3, 17, 17 + Math.floor(2 * again())]) shot.anchor(object, frame, randomMask(again));
        return shot;
      };
      const whole = build();
      const all = await whole.run(scriptedEngine(script));
      const shot = build();
      const delivered = new Map<string, number>();
      for (let run = 0; run < 100 && shot.plan(scriptedEngine(script)).frames > 0; run++) {
        const abort = new AbortController();
        let left = Math.floor(random() * 60);
        const engine = scriptedEngine({ ...script, beforeFrame: () => (left-- > 0 ? undefined : abort.abort()) });
        const before = new Set(shot.done.keys());
        await shot.run(engine, { options: { signal: abort.signal } }).catch((error) => {
          if (!abort.signal.aborted) throw error;
        });
        for (const key of shot.done.keys()) if (!before.has(key)) delivered.set(key, (delivered.get(key) ?? 0) + 1);
        expect(engine.walking).toBe(0);
      }
      expect([...delivered.values()].every((n) => n === 1)).toBe(true);
      expect(delivered.size).toBe(all.length);
      expect(shot.results()).toEqual(whole.results());
    },
  );
});
