import { objectId } from '@rotokit/core/values';
import { gridOf, PARTS, type Part } from '@rotokit/models';
import { describe, expect, it } from 'vitest';
import {
  candidatesOf,
  FeatureStore,
  recentFeatures,
  sam2Policy,
  tightBox,
  VideoModel,
  VideoTracker,
} from '../src/index.js';
import { encoderInput } from '../src/picture/input.js';
import { modelMask } from '../src/picture/masks.js';
import { strokeClicks } from '../src/picture/prompts.js';
import { resample } from '../src/picture/resample.js';
import { seeded } from './support/facts.js';
import { SCRIPTED, scriptedInference } from './support/scripted-inference.js';

async function tracker() {
  const inference = scriptedInference();
  const name = (p: Part) => new TextEncoder().encode(`${SCRIPTED.name}/${p}`);
  const networks = await Promise.all(PARTS.map(async (p) => [p, await inference.load(name(p), [])] as const));
  const model = new VideoModel(SCRIPTED, Object.fromEntries(networks) as never);
  const features = new FeatureStore(model, recentFeatures(1e6), 'test');
  return { inference, tracker: new VideoTracker(model, features, { frames: 50, policy: sam2Policy() }) };
}

const picture = () => new Float32Array(3 * 64 * 64);
const clicked = { kind: 'clicks', clicks: [[3, 3, 1]] } as const;
const [A, B] = [objectId('a'), objectId('b')];

describe('a tracker', () => {
  it('keeps objects apart by id, added on any frame and removed again', async () => {
    const { tracker: t } = await tracker();
    t.add(A);
    await t.prompt(A, clicked, { frame: 0, step: 1, picture });
    expect((await t.track({ frame: 1, step: 1, picture })).map((a) => a.object)).toEqual([A]);
    t.add(B);
    // Nothing was said about it yet.
    expect((await t.track({ frame: 2, step: 1, picture })).map((a) => a.object)).toEqual([A]);
    await t.prompt(B, clicked, { frame: 2, step: 1, picture });
    const both = await t.track({ frame: 3, step: 1, picture });
    expect(both.map((a) => a.object)).toEqual([A, B]);
    expect(t.view(B)!.frames.map((f) => f.frame)).toEqual([2]);
    expect(() => t.add(B)).toThrow(/b is being followed already/);
    t.remove(A);
    expect(t.objects).toEqual([B]);
    expect(() => t.view(A)).toThrow(/a is not being followed/);
    expect((await t.track({ frame: 4, step: 1, picture })).map((a) => a.object)).toEqual([B]);
  });

  it('encodes a picture once for all objects, and gives the answer of a prompted frame as it stands', async () => {
    const { tracker: t, inference } = await tracker();
    for (const o of [A, B]) {
      t.add(o);
      await t.prompt(o, clicked, { frame: 5, step: 1, picture });
    }
    await t.track({ frame: 6, step: 1, picture });
    const { encode, orient, attend, decode } = inference.runs;
    expect({ encode, orient, attend, decode }).toEqual({ encode: 2, orient: 1, attend: 2, decode: 4 });
    const standing = await t.track({ frame: 5, step: -1, picture });
    expect(standing.map((a) => a.facts.prompted)).toEqual([true, true]);
    expect(inference.runs.decode).toBe(4);
    t.takeBack(A, 5);
    expect((await t.track({ frame: 5, step: -1, picture })).map((a) => a.object)).toEqual([B]);
  });
});

describe('candidates', () => {
  const side = 4 * gridOf(SCRIPTED);

  it('have the tightest box that looking at every enlarged pixel finds', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      const threshold = seed % 4 ? 1.9 : 0.6;
      const logits = Float32Array.from({ length: side * side }, () => 2 * random() - threshold);
      let [x0, y0, x1, y1] = [99, 99, -1, -1];
      for (let y = 0; y < 4 * side; y++)
        for (let x = 0; x < 4 * side; x++) {
          const [u, v] = [x, y].map((i) => Math.min(side - 1, Math.max(0, (i + 0.5) / 4 - 0.5))) as [number, number];
          const [a, b] = [Math.floor(u), Math.floor(v)];
          const at = (i: number, k: number) => logits[Math.min(side - 1, k) * side + Math.min(side - 1, i)]!;
          const upper = at(a, b) * (1 - u + a) + at(a + 1, b) * (u - a);
          const lower = at(a, b + 1) * (1 - u + a) + at(a + 1, b + 1) * (u - a);
          if (upper * (1 - v + b) + lower * (v - b) > 0)
            [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
        }
      expect(tightBox(logits, side)).toEqual(x1 < 0 ? undefined : { x0, y0, x1, y1 });
    }
    expect(tightBox(new Float32Array(side * side).fill(-1), side)).toBeUndefined();
  });

  it('are apart from what others see beside them', () => {
    const masks = new Float32Array(4 * side * side).fill(-1);
    const put = (k: number, x0: number, x1: number) => {
      for (let y = 4; y < 8; y++) for (let x = x0; x < x1; x++) masks[(k * side + y) * side + x] = 1;
    };
    put(1, 2, 6);
    put(2, 2, 6);
    const decoded = (m: Float32Array) => ({
      ...{ masks: m, ious: Float32Array.of(0, 0.9, 0.1, 0.1), objectScore: 3 },
      ...{ pointers: new Float32Array(4), absentPointer: new Float32Array(1) },
    });
    expect(candidatesOf(decoded(masks), side, true).apart(1)).toBe(1);
    put(3, 10, 12);
    // Its box of 4 by 4 cells in one of 10 by 4.
    const facts = candidatesOf(decoded(masks), side, true);
    expect([facts.apart(1), facts.area(1), facts.box(0)]).toEqual([0.4, 16, undefined]);
  });
});

describe('pictures', () => {
  it('are shrunk with every pixel counted, and enlarged edge to edge', () => {
    const ramp = Float32Array.from({ length: 64 }, (_, i) => i);
    expect([...resample(ramp, 64, [4, 1])].map(Math.round)).toEqual([9, 24, 40, 54]);
    expect([...resample(Float32Array.of(0, 10), 2, [4, 1])]).toEqual([0, 2.5, 7.5, 10]);
    const dot = new Float32Array(9 * 9);
    dot[4 * 9 + 4] = 81;
    expect(resample(dot, 9, [3, 3]).reduce((a, b) => a + b, 0)).toBeGreaterThan(7);
    expect([...resample(Float32Array.of(5), 1, [2, 2])]).toEqual([5, 5, 5, 5]);
  });

  it('are normalised as the models were trained', () => {
    const samples = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => [255, 0, 128][i % 3]!);
    const colour = { primaries: 1, transfer: 13, matrix: 0, range: 'full' } as const;
    const out = encoderInput({ format: 'rgb8', width: 5, height: 3, samples, colour }, 8);
    const plane = (c: number) => [...new Set([...out.subarray(c * 64, (c + 1) * 64)].map((v) => v.toFixed(4)))];
    const expected = [(1 - 0.485) / 0.229, -0.456 / 0.224, (128 / 255 - 0.406) / 0.225];
    expect([plane(0), plane(1), plane(2)]).toEqual(expected.map((v) => [v.toFixed(4)]));
  });

  it('give masks that are cut at half, of odd sizes too', () => {
    const size = { width: 7, height: 3 };
    const values = Uint16Array.from({ length: 21 }, (_, i) => (i % 7 < 3 ? 65535 : 0));
    const mask = modelMask({ size, window: { x0: 0, y0: 0, x1: 7, y1: 3 }, values }, 14);
    expect([...mask.subarray(0, 14)]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('a stroke', () => {
  it('is clicks along it', () => {
    const p = (x: number, y = 0) => ({ x, y });
    expect(strokeClicks([p(3, 4)], 5)).toEqual([p(3, 4)]);
    expect(strokeClicks([p(0), p(10)], 5)).toEqual([p(5)]);
    expect(strokeClicks([p(0), p(25), p(50)], 5)).toEqual([p(0), p(25), p(50)]);
    expect(strokeClicks([p(0), p(0), p(400)], 5)).toHaveLength(5);
  });
});
