import { scriptedSource } from '@rotokit/core/fakes';
import type { Tensor, Tensors } from '@rotokit/core/ports';
import { frameIndex, maskFromPlane, objectId, SRGB, size, sourcePoint } from '@rotokit/core/values';
import { gridOf } from '@rotokit/models';
import { describe, expect, it } from 'vitest';
import { seeded } from './support/facts.js';
import { type Call, OriginalPredictor } from './support/original-predictor.js';
import { SCRIPTED, scriptedEngine } from './support/scripted-inference.js';

const SIZE = size(16, 16);
const RED = objectId('red');
const FULL = maskFromPlane(SIZE, new Uint16Array(256).fill(65535));
const SIDE = 4 * gridOf(SCRIPTED);

/** What a graph was given, in the words of the second telling. */
function callOf(part: string, inputs: Tensors): Call | undefined {
  const data = (name: string) => [...(inputs[name] as Tensor<'float32'>).data];
  const rows = (name: string) => {
    const { data, shape } = inputs[name] as Tensor<'float32'>;
    const width = data.length / shape[0]!;
    return Array.from({ length: shape[0]! }, (_, i) => {
      const row = data.subarray(i * width, (i + 1) * width);
      expect(new Set(row).size).toBe(1);
      return row[0]!;
    });
  };
  if (part === 'attend')
    return {
      part,
      memories: rows('memory'),
      rows: [...(inputs.memory_times as Tensor<'int64'>).data].map(Number),
      pointers: rows('pointers'),
      times: data('pointer_times'),
    };
  if (part === 'decode') {
    const given = data('mask_given')[0] === 1;
    const labels = [...(inputs.labels as Tensor<'int64'>).data].filter((l) => l >= 0);
    const mask = given ? { mask: data('mask_prompt')[0]! } : {};
    return { part, clicks: labels.length, first: data('first')[0] === 1, ...mask };
  }
  if (part === 'memorise')
    return { part, prompted: data('prompted')[0] === 1, seen: data('object_score')[0]! > 0, mask: data('mask')[0]! };
  return undefined;
}

describe('what the graphs are given', () => {
  it('is what the original predictor gives them, through walks both ways and corrections, in 40 random sequences', async () => {
    let corrections = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      const pick = (n: number) => Math.floor(random() * n);
      const frames = [24, 24, 9][pick(3)]!;
      const scores = Array.from({ length: 400 }, () => random() - 0.2);
      // In quarters, as the trail keeps them.
      const answers = {
        logit: (call: number) => 0.25 + 0.25 * ((call * 37) % 120),
        score: (call: number) => scores[call]!,
      };
      const told = new OriginalPredictor(frames, answers);
      const given: Call[] = [];
      const { engine } = scriptedEngine({
        stamped: true,
        logits: (call) => new Float32Array(SIDE * SIDE).fill(answers.logit(call)),
        objectScore: answers.score,
        onRun(part, inputs) {
          const call = callOf(part, inputs);
          if (call) given.push(call);
        },
      });
      const picture = () => ({ format: 'rgb8' as const, ...SIZE, samples: new Uint8Array(768), colour: SRGB });
      const session = await engine.open(scriptedSource({ frames, picture }));
      const clicks = (n: number) =>
        Array.from({ length: n }, (_, i) => ({ kind: 'point', at: sourcePoint(1 + i, 8), positive: true }) as const);
      const said = new Map<number, number>();
      for (const backwards of [false, true].slice(pick(2))) {
        const [from, to] = backwards ? [frames - 1, frames - 2 - pick(8)] : [0, 1 + pick(Math.min(15, frames - 1))];
        const step = backwards ? -1 : 1;
        told.begin(from);
        const objects = [{ object: RED, mask: FULL, priority: 1 }];
        const walk = { from: frameIndex(from), to: frameIndex(to), objects, overlap: 'allowed' } as const;
        for await (const { frame } of session.propagate(walk)) told.track(frame, backwards);
        for (let n = pick(5); n > 0; n--) {
          const frame = from + step * (1 + pick(Math.abs(to - from)));
          if (said.has(frame) && random() < 0.5) continue;
          said.set(frame, Math.min(8, (said.get(frame) ?? 0) + 1 + pick(2)));
          const prompts = clicks(said.get(frame)!);
          await session.segment(frameIndex(frame), [{ object: RED, prompts }]);
          told.correct(frame, prompts.length);
          corrections++;
        }
      }
      await session.close();
      expect(given, `sequence ${seed}`).toEqual(told.calls);
    }
    expect(corrections).toBeGreaterThan(60);
  });
});
