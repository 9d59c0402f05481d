import type { Tensors } from '@rotokit/core/ports';
import { openNodeInference } from '@rotokit/ort/node';
import { expect, it } from 'vitest';
import { anyWeights, attentionInPieces, GraphBuilder, nodesOf, rewrite, toOnnx } from '../src/index.js';

const noise = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) * seed));

/** Attention of 7 queries to any number of keys, 2 heads of 4. */
function attentionGraph() {
  const g = new GraphBuilder(anyWeights);
  const [q, k, v] = [g.input('q', [1, 7, 8]), g.input('k', [1, 'n', 8]), g.input('v', [1, 'n', 8])];
  g.output('y', g.attention(q, k, v, 2));
  return g.build('attention');
}

it('computes attention in pieces of its queries, with the same result', async () => {
  const whole = attentionGraph();
  // Two heads of 4 and 5 keys: 40 operations a query and head, so 2 queries at a time.
  const pieces = rewrite(whole, [attentionInPieces({ operations: 80, keys: 5 })]);
  expect(
    nodesOf(pieces)
      .filter((n) => n.op === 'attention')
      .map((n) => n.type.shape[1]),
  ).toEqual([2, 2, 1, 2]);
  const ort = await openNodeInference({ threads: 1 });
  const inputs: Tensors = {
    q: { type: 'float32', shape: [1, 7, 8], data: noise(56, 1) },
    k: { type: 'float32', shape: [1, 5, 8], data: noise(40, 2) },
    v: { type: 'float32', shape: [1, 5, 8], data: noise(40, 3) },
  };
  const [a, b] = await Promise.all(
    [whole, pieces].map(async (graph) => {
      const network = await ort.load(toOnnx(graph, { tensors: new Map(), location: '' }), []);
      return (await network.run(inputs)).y!.data as Float32Array;
    }),
  );
  await ort.close();
  expect(Math.max(...a!.map((value, i) => Math.abs(value - b![i]!)))).toBeLessThan(1e-6);
});

it('leaves attention alone that is small enough', () => {
  const whole = attentionGraph();
  expect(nodesOf(rewrite(whole, [attentionInPieces()])).filter((n) => n.op === 'attention')).toHaveLength(1);
});
