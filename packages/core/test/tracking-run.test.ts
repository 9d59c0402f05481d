import { type EngineScript, movedMask, scriptedEngine } from '@rotokit/core/fakes';
import { memoryScratch } from '@rotokit/core/resources';
import { track } from '@rotokit/core/tracking';
import { emptyMask, isRotokitError, MASK_HALF, maskAt, sameMask } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { at, DOG, disc, framesOfObject, greyClip, HERO, Shot, SIZE } from './support/shot.js';

/** The hero walks to the right by a pixel a frame. */
const moving: EngineScript = { motion: (object) => ({ x: object === HERO ? 1 : 0, y: 0 }) };
const heroAt = (frame: number) => disc(20 + frame, 30, 8);

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('carrying out a plan', () => {
  it('follows the object both ways from any frame, and never delivers the anchor', async () => {
    const shot = new Shot(12).anchor(HERO, 5, heroAt(5));
    const delivered = await shot.run(scriptedEngine(moving));
    expect(framesOfObject(delivered, HERO)).toEqual([4, 3, 2, 1, 0, 6, 7, 8, 9, 10, 11]);
    for (const f of delivered) expect(sameMask(f.mask, heroAt(f.frame))).toBe(true);
  });

  it('delivers a frame between two anchors once both walks have reached it, from the far end back', async () => {
    const engine = scriptedEngine(moving);
    const delivered = await new Shot(10).anchor(HERO, 0, heroAt(0)).anchor(HERO, 9, heroAt(9)).run(engine);
    expect(framesOfObject(delivered, HERO)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(engine.walks.map((w) => [w.from, w.to, w.delivered])).toEqual([
      [0, 8, 8],
      [9, 1, 8],
    ]);
    for (const f of delivered) expect(sameMask(f.mask, heroAt(f.frame))).toBe(true);
  });

  it('does only the rest after an interruption, and what it does is what an uninterrupted run does', async () => {
    const build = () =>
      new Shot(20)
        .anchor(HERO, 2, heroAt(2))
        .anchor(HERO, 14, heroAt(16))
        .anchor(DOG, 14, disc(60, 40, 9));
    const whole = build();
    const uncut = await whole.run(scriptedEngine(moving));
    for (let stop = 0; stop <= uncut.length; stop += 3) {
      const shot = build();
      const first = await shot.run(scriptedEngine(moving), { stopAfter: stop });
      const second = await shot.run(scriptedEngine(moving));
      expect(second).toHaveLength(uncut.length - first.length);
      expect(shot.results()).toEqual(whole.results());
    }
  });

  it('walks no farther than the missing frames need', async () => {
    const shot = new Shot(30).anchor(HERO, 0, heroAt(0)).anchor(HERO, 29, heroAt(29));
    await shot.run(scriptedEngine(moving));
    for (const frame of [10, 11]) shot.done.delete(`${HERO}/${frame}`);
    const engine = scriptedEngine(moving);
    expect(framesOfObject(await shot.run(engine), HERO)).toEqual([11, 10]);
    expect(engine.walks.map((w) => [w.from, w.to])).toEqual([
      [0, 11],
      [29, 10],
    ]);
  });

  it('ends within one frame when it is cancelled, with the reason, and everything is released', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const asked: number[] = [];
    const engine = scriptedEngine({
      ...moving,
      beforeFrame: (frame) => {
        asked.push(frame);
        if (frame === 7) abort.abort(reason);
      },
    });
    const shot = new Shot(20).anchor(HERO, 0, heroAt(0));
    expect(await outcome(shot.run(engine, { options: { signal: abort.signal } }))).toBe(reason);
    expect(asked.at(-1)).toBe(7);
    expect([...shot.done.values()].map((f) => f.frame)).toEqual([1, 2, 3, 4, 5, 6]);
    expect([engine.walking, engine.sessions]).toEqual([0, 0]);
    expect(await outcome(shot.run(engine, { options: { signal: abort.signal } }))).toBe(reason);
    expect(asked.at(-1)).toBe(7);
  });

  it('releases engine and scratch when the loop is left, also while the first of two walks waits', async () => {
    const engine = scriptedEngine(moving);
    const scratch = memoryScratch();
    let held = 0;
    let cleared = 0;
    const counted = {
      put: (key: string, bytes: Uint8Array) => {
        held++;
        return scratch.put(key, bytes);
      },
      take: (key: string) => {
        held--;
        return scratch.take(key);
      },
      clear: () => {
        held = 0;
        cleared++;
        return scratch.clear();
      },
    };
    const shot = new Shot(10).anchor(HERO, 0, heroAt(0)).anchor(HERO, 9, heroAt(9));
    await shot.run(engine, { stopAfter: 2, options: { scratch: counted } });
    expect([held, cleared, engine.walking]).toEqual([0, 1, 0]);
  });

  it('tells of every frame an engine walks, as many as the plan says', async () => {
    const shot = new Shot(16).anchor(HERO, 3, heroAt(3)).anchor(HERO, 12, heroAt(12)).anchor(DOG, 3, heroAt(40));
    const engine = scriptedEngine(moving);
    let walked = 0;
    const expected = shot.plan(engine).walked;
    await shot.run(engine, { options: { onWalked: () => walked++ } });
    expect(walked).toBe(expected);
  });

  it('passes on what an engine refuses, and keeps the frames that were finished', async () => {
    const failure = (frame: number) => (frame === 6 ? new Error('the graphics card is gone') : undefined);
    const shot = new Shot(20).anchor(HERO, 0, heroAt(0));
    const error = await outcome(shot.run(scriptedEngine({ ...moving, failure })));
    expect(isRotokitError(error) && [error.code, error.facts]).toEqual([
      'ENGINE_FAILED',
      { engine: 'scripted', frame: 'index 6', object: 'all', reason: 'the graphics card is gone' },
    ]);
    expect(shot.done.size).toBe(5);
    expect(await shot.run(scriptedEngine(moving))).toHaveLength(14);
  });

  it('catches an engine that skips a frame, ends early or forgets an object', async () => {
    const shot = new Shot(6).anchor(HERO, 0, heroAt(0)).anchor(DOG, 0, disc(60, 40, 9));
    const session = await scriptedEngine(moving).open(greyClip(6));
    const plan = shot.plan(scriptedEngine(moving));
    const cases = [
      [(n: number) => n !== 2, /frame index 3 instead of 2/],
      [(n: number) => n < 4, /ended before frame index 5/],
    ] as const;
    for (const [keep, message] of cases) {
      const bent = {
        ...session,
        async *propagate(p: Parameters<typeof session.propagate>[0]) {
          for await (const f of session.propagate(p)) if (keep(f.frame)) yield f;
        },
      };
      await expect(all(track(bent, plan, shot.options()))).rejects.toThrow(message);
    }
    const forgetful = {
      ...session,
      async *propagate(p: Parameters<typeof session.propagate>[0]) {
        for await (const f of session.propagate(p)) yield { ...f, objects: f.objects.slice(1) };
      },
    };
    await expect(all(track(forgetful, plan, shot.options()))).rejects.toThrow(/delivered the objects hero/);
  });

  it('holds one walk in no more memory than it was given', async () => {
    const shot = new Shot(40).anchor(HERO, 0, heroAt(0)).anchor(HERO, 39, heroAt(39));
    const error = await outcome(shot.run(scriptedEngine(moving), { options: { scratch: memoryScratch(600) } }));
    expect(isRotokitError(error) && error.code).toBe('MEMORY_LIMIT');
    expect(await shot.run(scriptedEngine(moving), { options: { scratch: memoryScratch(6000) } })).toHaveLength(38);
  });

  it('takes the more certain direction where the two disagree, rather than an empty blend', async () => {
    // From the left a remnant stays behind the post at x = 30, from the right another one before it.
    const engine = scriptedEngine({
      answer: ({ step, frame }, moved) => (frame === 5 ? disc(step > 0 ? 30 : 52, 30, 6) : moved),
      signals: ({ step, frame }) => ({ score: frame === 5 && step > 0 ? 0.3 : 0.95 }),
    });
    const shot = new Shot(11).anchor(HERO, 0, disc(40, 30, 9)).anchor(HERO, 10, disc(40, 30, 9));
    await shot.run(engine);
    const five = shot.done.get(`${HERO}/5`);
    expect(five && sameMask(five.mask, disc(52, 30, 6))).toBe(true);
    expect(five?.confidence.value).toBeLessThan(0.5);
    expect(five?.confidence.doubts.map((d) => d.reason)).toContain('direction-disagreement');
  });

  it('keeps objects apart that only meet after blending', async () => {
    const engine = scriptedEngine({
      answer: ({ object, step }, moved) => (object === HERO ? movedMask(moved, step > 0 ? 0 : 5, 0) : moved),
    });
    const shot = new Shot(8);
    for (const frame of [0, 7]) shot.anchor(HERO, frame, disc(30, 30, 10)).anchor(DOG, frame, disc(53, 30, 12, 3));
    shot.priorities.set(HERO, 2);
    await shot.run(engine);
    for (let frame = 1; frame < 7; frame++) {
      const [a, b] = [HERO, DOG].map((o) => shot.done.get(`${o}/${frame}`)?.mask ?? emptyMask(SIZE));
      let [most, both] = [0, 0];
      for (let y = 0; y < SIZE.height; y++)
        for (let x = 0; x < SIZE.width; x++) {
          const [p, q] = [maskAt(a, x, y), maskAt(b, x, y)];
          most = Math.max(most, p + q);
          if (p >= MASK_HALF && q >= MASK_HALF) both++;
        }
      expect([most, both]).toEqual([65535, 0]);
    }
  });

  it('doubts two objects that change places, and only from there on', async () => {
    const place = (object: string) => (object === HERO ? disc(30, 30, 10) : disc(64, 30, 10));
    const engine = scriptedEngine({
      answer: ({ object, frame }) => place(frame < 6 ? object : object === HERO ? DOG : HERO),
    });
    const shot = new Shot(12).anchor(HERO, 0, place(HERO)).anchor(DOG, 0, place(DOG));
    await shot.run(engine);
    for (const object of [HERO, DOG]) {
      const at = (frame: number) => shot.done.get(`${object}/${frame}`)?.confidence;
      expect(at(5)).toEqual({ value: 1, doubts: [] });
      expect(at(6)?.doubts[0]?.reason).toBe('possible-swap');
      expect(at(6)?.value).toBeLessThan(0.5);
      expect(at(8)?.doubts[0]?.reason).toBe('drift');
    }
  });

  it('gives the same masks whatever the order in which objects were named', async () => {
    const shots = [
      [HERO, DOG],
      [DOG, HERO],
    ].map((order) => {
      const shot = new Shot(12);
      for (const object of order) shot.anchor(object, 4, object === HERO ? heroAt(4) : disc(45, 32, 10, 4));
      return shot;
    });
    for (const shot of shots) await shot.run(scriptedEngine(moving));
    expect(shots[1].results()).toEqual(shots[0].results());
    expect(at(shots[0].done.size)).toBe(22);
  });
});
