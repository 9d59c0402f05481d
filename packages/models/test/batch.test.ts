import type { Tensor, Tensors } from '@rotokit/core/ports';
import { anyWeights, checkGraph, weightsOf } from '@rotokit/graph';
import { openNodeInference } from '@rotokit/ort/node';
import { describe, expect, it } from 'vitest';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { f32, given, i64, load, randomFile } from '../../../tools/src/parity/networks.js';
import { fastGraph, gridOf, PARTS, paperGraph, tokensPerFrame, type VideoModelConfig } from '../src/index.js';

const BATCHED = ['encode', 'attend', 'memorise'] as const;
type Batched = (typeof BATCHED)[number];

/** What is shared by two items, and what each has of its own. */
function inputsOf(c: VideoModelConfig): Record<Batched, { shared: Tensors; own: readonly [Tensors, Tensors] }> {
  const [n, h, side] = [gridOf(c) ** 2, c.hidden, c.imageSize];
  const both = (of: (i: number) => Tensors) => [of(0), of(1)] as const;
  const times = [i64(c.memory.slots - 1, 1, 0), i64(c.memory.slots - 1, 2, 1)];
  return {
    encode: { shared: {}, own: both((i) => ({ image: given(`image.${i}`, 1, 3, side, side) })) },
    attend: {
      shared: { oriented: given('oriented', n, h) },
      own: both((i) => ({
        memory: given(`memory.${i}`, 3, tokensPerFrame(c), c.memory.channels),
        memory_times: times[i]!,
        pointers: given(`pointers.${i}`, 5, h),
        pointer_times: given(`times.${i}`, 5),
      })),
    },
    memorise: {
      shared: { features: given('features', n, h), prompted: f32(Float32Array.of(0), [1]) },
      own: both((i) => ({
        mask: given(`mask.${i}`, 1, 1, 40, 40),
        object_score: f32(Float32Array.of(i ? -3 : 3), [1]),
      })),
    },
  };
}

function joined([a, b]: readonly [Tensors, Tensors]): Tensors {
  const of = ({ type, shape, data }: Tensor, other: Tensor): Tensor => {
    const all = new (data.constructor as new (length: number) => Float32Array)(2 * data.length);
    all.set(data as Float32Array);
    all.set(other.data as Float32Array, data.length);
    return { type, shape: [2 * shape[0]!, ...shape.slice(1)], data: all } as Tensor;
  };
  return Object.fromEntries(Object.entries(a).map(([name, t]) => [name, of(t, b[name]!)]));
}

const farthest = (a: Float32Array, b: Float32Array) => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

describe('a batch of two', () => {
  it.each(['mini-edgetam', 'mini-sam2.1-hiera-tiny', 'mini-sam2.1-hiera-large'])(
    'comes to what two runs come to: %s',
    async (name) => {
      const config = CONFIGS[name]!;
      const file = await randomFile(config);
      const ort = await openNodeInference({ threads: 1 });
      try {
        for (const [part, { shared, own }] of Object.entries(inputsOf(config))) {
          const open = (batch: number) =>
            load(ort, fastGraph(part as Batched, config, weightsOf(file.header), { batch }), file);
          const [one, two] = [await open(1), await open(2)];
          const together = await two.run({ ...shared, ...joined(own) });
          for (const [i, inputs] of own.entries())
            for (const [output, { data }] of Object.entries(await one.run({ ...shared, ...inputs }))) {
              const all = together[output]!.data as Float32Array;
              const part = all.subarray(i * data.length, (i + 1) * data.length);
              // Memories of SAM 2.1 are rounded to bfloat16, where a last bit may fall to the other side.
              const rounded = output === 'memory' && config.memory.rounds;
              expect(farthest(part, data as Float32Array), `${output} of ${i}`).toBeLessThan(rounded ? 0.05 : 1e-4);
            }
          await Promise.all([one.close(), two.close()]);
        }
      } finally {
        await ort.close();
        await file.remove();
      }
    },
  );

  it('obeys the specification, and is refused where a graph takes one', () => {
    const [config] = Object.values(CONFIGS) as [VideoModelConfig];
    for (const part of BATCHED) checkGraph(paperGraph(part, config, anyWeights, 4));
    const others = PARTS.filter((p) => !BATCHED.includes(p as Batched));
    for (const part of others) expect(() => fastGraph(part, config, anyWeights, { batch: 2 })).toThrow(/1 at a time/);
    for (const batch of [0, 1.5])
      expect(() => fastGraph('encode', config, anyWeights, { batch })).toThrow(/1 or more at a time/);
  });
});
