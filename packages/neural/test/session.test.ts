import { discMask, discsSource } from '@rotokit/core/contracts/engine';
import type { EngineSession, Propagation, Tensor } from '@rotokit/core/ports';
import { FeatureCache } from '@rotokit/core/resources';
import { planTracking, track } from '@rotokit/core/tracking';
import {
  frameIndex,
  isRotokitError,
  MASK_HALF,
  maskArea,
  maskAt,
  type ObjectId,
  objectId,
  sourcePoint,
} from '@rotokit/core/values';
import { gridOf } from '@rotokit/models';
import { describe, expect, it } from 'vitest';
import { type BankView, recentFeatures } from '../src/index.js';
import { SCRIPTED, scriptedEngine } from './support/scripted-inference.js';

const [RED, BLUE] = [objectId('red'), objectId('blue')];
const SIDE = 4 * gridOf(SCRIPTED);

const walkOf = (from: number, to: number, more: Partial<Propagation> = {}): Propagation => ({
  from: frameIndex(from),
  to: frameIndex(to),
  objects: [RED, BLUE].map((object, i) => ({ object, mask: discMask(object, from), priority: 2 - i })),
  overlap: 'allowed',
  ...more,
});

const click = (x: number, y: number, positive = true) => ({ kind: 'point', at: sourcePoint(x, y), positive }) as const;

const collect = async <T>(items: AsyncIterable<T>) => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a session', () => {
  it('is closed with everything it opened however it ended, a hundred times', async () => {
    const endings: ((session: EngineSession) => Promise<unknown>)[] = [
      (s) => collect(s.propagate(walkOf(0, 2))),
      async (s) => {
        for await (const _ of s.propagate(walkOf(0, 7))) break;
      },
      async (s) => {
        const abort = new AbortController();
        for await (const _ of s.propagate(walkOf(7, 0, { signal: abort.signal }))) abort.abort(new Error('enough'));
      },
      (s) => collect(s.propagate(walkOf(6, 9))),
      (s) => s.segment(frameIndex(1), [{ object: RED, prompts: [click(20, 20)] }]),
      async () => undefined,
    ];
    const fails = {
      fail: (part: string, call: number) => (part === 'attend' && call > 0 ? new Error('lost device') : undefined),
    };
    const runs = [scriptedEngine(), scriptedEngine(fails), scriptedEngine({ refuse: 'memorise' })];
    const source = discsSource();
    for (let i = 0; i < 100; i++) {
      const { engine } = runs[i % runs.length]!;
      const session = await engine.open(source).catch(() => undefined);
      if (!session) continue;
      await failure(endings[i % endings.length]!(session));
      await session.close();
      await session.close();
    }
    const opened = runs.flatMap((r) => r.opened);
    expect(opened).toHaveLength(100);
    expect(opened.filter((o) => o.networks > 0 || !o.closed)).toEqual([]);
    expect(source.walking).toBe(0);
    expect(source.closed).toBe(false);
  });

  it('says which object failed on which frame, and can be asked again', async () => {
    let broken = true;
    const { engine } = scriptedEngine({
      fail: (part, call) => (broken && part === 'attend' && call === 3 ? new Error('out of memory') : undefined),
    });
    const session = await engine.open(discsSource());
    const seen: number[] = [];
    const error = await failure(
      (async () => {
        for await (const { frame } of session.propagate(walkOf(0, 5))) seen.push(frame);
      })(),
    );
    expect(seen).toEqual([1]);
    expect(isRotokitError(error) && error.code).toBe('ENGINE_FAILED');
    expect((error as Error).message).toMatch(/scripted failed on frame index 2, object blue: out of memory/);
    broken = false;
    expect(await collect(session.propagate(walkOf(0, 5)))).toHaveLength(5);
    await session.close();
    await expect(session.segment(frameIndex(0), [])).rejects.toThrow(/closed/);
    await expect(collect(session.propagate(walkOf(0, 1)))).rejects.toThrow(/closed/);
  });

  it('refuses what makes no sense before anything is computed', async () => {
    const { engine, opened } = scriptedEngine();
    const session = await engine.open(discsSource());
    const red = { object: RED, mask: discMask(RED, 0), priority: 1 };
    await expect(collect(session.propagate(walkOf(0, 1, { objects: [red, red] })))).rejects.toThrow(/red occurs twice/);
    const small = { ...red, mask: { ...red.mask, size: { width: 8, height: 8 } } };
    await expect(collect(session.propagate(walkOf(0, 1, { objects: [small] })))).rejects.toThrow(
      /red has 8x8.*160x120/,
    );
    await expect(collect(session.propagate(walkOf(0, 1, { to: 1.5 as never })))).rejects.toThrow(/propagation\.to/);
    await expect(
      session.segment(frameIndex(0), [{ object: RED, prompts: [click(3, 3), { kind: 'text', text: 'a disc' }] }]),
    ).rejects.toThrow(/text/);
    expect(Object.values(opened[0]!.runs).every((n) => n === 0)).toBe(true);
    expect(await collect(session.propagate(walkOf(0, 2, { objects: [] })))).toHaveLength(2);
    await session.close();
  });

  it('ends within the run that is under way when it is cancelled, and every frame it gave stays', async () => {
    const abort = new AbortController();
    let after = 0;
    const { engine } = scriptedEngine({
      onRun(part) {
        if (abort.signal.aborted) after++;
        if (part === 'attend' && !abort.signal.aborted) setImmediate(() => abort.abort(new Error('enough')));
      },
    });
    const session = await engine.open(discsSource());
    const error = await failure(collect(session.propagate(walkOf(0, 7, { signal: abort.signal }))));
    expect((error as Error).message).toBe('enough');
    expect(after).toBeLessThanOrEqual(1);
    await session.close();
  });
});

describe('prompts', () => {
  it('encode a frame once, and decode once for each new prompt', async () => {
    const { engine, opened } = scriptedEngine();
    const session = await engine.open(discsSource());
    const [a, b, c] = [
      click(40, 50),
      click(80, 60, false),
      { kind: 'box', from: sourcePoint(10, 10), to: sourcePoint(90, 90) } as const,
    ];
    const ask = (...prompts: readonly (typeof a | typeof c)[]) =>
      session.segment(frameIndex(2), [{ object: RED, prompts }]);
    await ask(a);
    const { runs } = opened[0]!;
    expect([runs.encode, runs.decode]).toEqual([1, 1]);
    await ask(a, b);
    expect([runs.encode, runs.decode]).toEqual([1, 2]);
    await ask(a, b, c);
    await ask(a, b, c);
    expect([runs.encode, runs.decode]).toEqual([1, 3]);
    await ask(b);
    expect([runs.encode, runs.decode, runs.memorise]).toEqual([1, 4, 0]);
    await session.close();
  });

  it('reach the decoder in its own pixels: corners first, strokes as clicks along them, the answer before as a mask', async () => {
    const asked: { points: number[]; labels: bigint[]; given: number; first: number }[] = [];
    const { engine } = scriptedEngine({
      onRun(part, inputs) {
        if (part !== 'decode') return;
        const data = (name: string) => [...(inputs[name] as Tensor<'float32'>).data];
        const labels = [...(inputs.labels as Tensor<'int64'>).data];
        asked.push({ points: data('points'), labels, given: data('mask_given')[0]!, first: data('first')[0]! });
      },
    });
    const session = await engine.open(discsSource());
    const path = [sourcePoint(20, 30), sourcePoint(60, 30)];
    await session.segment(frameIndex(0), [
      {
        object: RED,
        prompts: [
          click(80, 60),
          { kind: 'brush', path, radius: 5, positive: false },
          { kind: 'box', from: sourcePoint(0, 0), to: sourcePoint(160, 120) },
        ],
      },
    ]);
    expect(asked.map((a) => [a.labels, a.given, a.first])).toEqual([
      [[1n], 0, 1],
      [[1n, 0n, 0n, 0n], 1, 1],
      [[2n, 3n, 1n, 0n, 0n, 0n], 1, 1],
    ]);
    expect(asked[2]!.points).toEqual([-0.5, -0.5, 63.5, 63.5, 31.5, 31.5, 7.5, 15.5, 15.5, 15.5, 23.5, 15.5]);
    await session.close();
  });

  it('on a frame that a walk came over use its memory and what was tracked there, and become prompted frames of it', async () => {
    const asked: { first: number; given: number; mask: number }[] = [];
    const remembered: number[] = [];
    const { engine, opened } = scriptedEngine({
      logits: (call) => new Float32Array(SIDE * SIDE).fill(call % 2 ? 3.1 : -40),
      onRun(part, inputs) {
        const data = (name: string) => (inputs[name] as Tensor<'float32'>).data;
        if (part === 'decode')
          asked.push({ first: data('first')[0]!, given: data('mask_given')[0]!, mask: data('mask_prompt')[0]! });
        if (part === 'attend') remembered.push(inputs.memory!.shape[0]!);
      },
    });
    const session = await engine.open(discsSource());
    const red = [{ object: RED, mask: discMask(RED, 0), priority: 1 }];
    await collect(session.propagate(walkOf(0, 6, { objects: red })));
    asked.length = remembered.length = 0;
    const memories = opened[0]!.runs.memorise;
    await session.segment(frameIndex(4), [{ object: RED, prompts: [click(60, 60)] }]);
    // The walk's prompted frame and the three tracked frames before; logits in quarters.
    expect(remembered).toEqual([4]);
    expect(asked).toEqual([{ first: 0, given: 1, mask: -32 }]);
    expect(opened[0]!.runs.memorise).toBe(memories + 1);
    await session.segment(frameIndex(6), [{ object: RED, prompts: [click(60, 60)] }]);
    // Two prompted frames now, and 1, 2, 3 and 5.
    expect(remembered.at(-1)).toBe(6);
    await session.segment(frameIndex(7), [{ object: RED, prompts: [click(60, 60)] }]);
    await session.segment(frameIndex(4), [{ object: BLUE, prompts: [click(60, 60)] }]);
    expect(asked.slice(-2).map((a) => [a.first, a.given])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    await session.close();
  });

  it('begin with a mask where one is given, and correct it', async () => {
    const given: number[] = [];
    const { engine } = scriptedEngine({
      onRun: (part, inputs) =>
        part === 'decode' && given.push((inputs.mask_prompt as Tensor<'float32'>).data[SIDE * 8 + 4]!),
    });
    const session = await engine.open(discsSource());
    const [mask] = await session.segment(frameIndex(0), [
      { object: RED, prompts: [click(1, 1), { kind: 'mask', mask: discMask(RED, 0) }, click(60, 60)] },
    ]);
    expect(given[0]).toBeGreaterThan(9);
    expect(maskArea(mask!)).toBe(160 * 120);
    expect(await session.segment(frameIndex(0), [{ object: RED, prompts: [] }])).toMatchObject([
      { values: { length: 0 } },
    ]);
    await session.close();
  });
});

/** Logits of a square around a cell. */
const square = (cx: number, cy: number, reach = 3) =>
  Float32Array.from({ length: SIDE * SIDE }, (_, i) =>
    Math.abs((i % SIDE) - cx) <= reach && Math.abs(Math.floor(i / SIDE) - cy) <= reach ? 8 : -8,
  );

describe('a walk', () => {
  it('holds no more memories on a long walk than on a short one', async () => {
    const views: BankView[] = [];
    const { engine } = scriptedEngine({}, { observe: (view) => views.push(view), trail: { memories: 2, logits: 3 } });
    const session = await engine.open(discsSource());
    await collect(session.propagate(walkOf(0, 7)));
    expect(views).toHaveLength(14);
    expect(Math.max(...views.map((v) => v.frames.length))).toBe(7);
    expect(views.at(-1)).toMatchObject({ object: 'blue', frame: 7, step: 1, policy: 'sam2' });
    expect(views.at(-1)!.frames.map((f) => [f.frame, f.why, f.row])).toEqual([
      [0, 'prompted', 'prompted'],
      ...[1, 2, 3, 4, 5, 6].map((f) => [f, 'recent', 6 - f]),
    ]);
    expect(JSON.parse(JSON.stringify(views))).toEqual(views);
    await session.close();
  });

  it('says when an object is hidden and seen again', async () => {
    const { engine } = scriptedEngine({ objectScore: (call) => (call === 2 || call === 3 ? -2 : 3) });
    const session = await engine.open(discsSource());
    const red = [{ object: RED, mask: discMask(RED, 0), priority: 1 }];
    const walked = await collect(session.propagate(walkOf(0, 5, { objects: red })));
    const signals = walked.map((f) => f.objects[0]!.signals);
    expect(signals.map((s) => s.state)).toEqual(['tracked', 'searching', 'searching', 'found', 'tracked']);
    expect(signals[1]).toEqual({ score: 0, state: 'searching' });
    expect(maskArea(walked[1]!.objects[0]!.mask)).toBe(0);
    expect(signals[0]!.score).toBeCloseTo(0.9 / (1 + Math.exp(-3)), 6);
    await session.close();
  });

  it('puts masks where the logits are, soft at the edge', async () => {
    const { engine } = scriptedEngine({ logits: () => square(8, 4, 1) });
    const session = await engine.open(discsSource());
    const [{ objects }] = await collect(session.propagate(walkOf(0, 1)));
    const { mask } = objects[0]!;
    // Cells are 10 by 7.5 pixels: 7 to 9 across are pixels 70 to 99, 3 to 5 down are 22.5 to 45.
    expect(maskAt(mask, 85, 33)).toBe(65535);
    expect(maskAt(mask, 60, 33)).toBe(0);
    expect([maskAt(mask, 69, 33) < MASK_HALF, maskAt(mask, 70, 33) >= MASK_HALF]).toEqual([true, true]);
    expect([maskAt(mask, 99, 33) >= MASK_HALF, maskAt(mask, 100, 33) < MASK_HALF]).toEqual([true, true]);
    expect(maskAt(mask, 70, 33)).toBeLessThan(65535);
    await session.close();
  });

  it('has an identity that swaps put on the review queue', async () => {
    // Two decoder calls start the walk; then blue and red take turns, and from frame 4 on each lies where the other was.
    const place = (call: number): [number, number] => {
      const [frame, red] = [Math.floor(call / 2), call % 2 === 1];
      const onTheLeft = red !== frame >= 4;
      return onTheLeft ? [4, 7] : [11, 8];
    };
    const { engine } = scriptedEngine({ logits: (call) => square(...place(call), 1) });
    const source = discsSource();
    const session = await engine.open(source);
    const plan = planTracking({
      range: { start: frameIndex(0), end: frameIndex(8) },
      objects: [RED, BLUE].map((object) => ({
        object,
        priority: 0,
        anchors: [{ frame: frameIndex(0), digest: object }],
      })),
      engine,
      overlap: 'allowed',
      tracked: () => undefined,
    });
    const anchorMask = (object: ObjectId) => discMask(object, 0);
    const reasons = new Map<string, readonly string[]>();
    for await (const f of track(session, plan, { anchorMask }))
      reasons.set(
        `${f.object}/${f.frame}`,
        f.confidence.doubts.map((d) => d.reason),
      );
    expect(reasons.get('red/4')).toContain('possible-swap');
    expect(reasons.get('blue/4')).toContain('possible-swap');
    expect(reasons.get('red/3')).not.toContain('possible-swap');
    await session.close();
  });
});

describe('the feature cache', () => {
  it('computes once for callers at the same time, keeps what was asked for last, and forgets a failure', async () => {
    const cache = recentFeatures(100);
    let computed = 0;
    const get = (key: string, bytes = 40) => cache.getOrCompute(key, bytes, async () => ++computed);
    expect(await Promise.all([get('a'), get('a')])).toEqual([1, 1]);
    await get('b');
    expect(await get('a')).toBe(1);
    await get('c');
    expect([await get('a'), await get('b')]).toEqual([1, 4]);
    expect([await get('huge', 1000), await get('huge', 1000)]).toEqual([5, 6]);
    await expect(cache.getOrCompute('x', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.getOrCompute('x', 1, async () => 'yes')).toBe('yes');
  });

  it("may be the core's own, shared by sessions that never see one another's features", async () => {
    const cache = new FeatureCache({ bytes: 1e7 });
    const { engine, opened } = scriptedEngine({}, { cache });
    const prompts = [click(40, 50)];
    for (let i = 0; i < 2; i++) {
      const session = await engine.open(discsSource());
      await session.segment(frameIndex(2), [{ object: RED, prompts }]);
      await session.segment(frameIndex(2), [{ object: BLUE, prompts }]);
      await session.close();
    }
    expect(opened.map((o) => o.runs.encode)).toEqual([1, 1]);
    expect(cache.statistics).toMatchObject({ hits: 2, misses: 2, entries: 2 });
  });
});
