import type { Inference, Tensors } from '@rotokit/core/ports';
import { openNodeInference } from '@rotokit/ort/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FUSIONS,
  type Graph,
  GraphBuilder,
  headerLength,
  type Node,
  nodesOf,
  readHeader,
  rewrite,
  toOnnx,
  weightsOf,
  writeSafetensors,
} from '../src/index.js';

let ort: Inference;
beforeAll(async () => {
  ort = await openNodeInference({ threads: 1 });
});
afterAll(() => ort.close());

const noise = (size: number, seed = 1) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) * seed) * 1.3);
const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Runs a graph before and after the rewrites and answers both results with both graphs. */
async function both(
  weights: Record<string, number[]>,
  inputs: Record<string, readonly number[]>,
  build: (g: GraphBuilder, x: Record<string, Node>) => Node,
) {
  const tensors = new Map(
    Object.entries(weights).map(([name, shape], i) => [
      name,
      { shape, data: noise(size(shape), i + 2).map((v) => 0.1 + Math.abs(v)) },
    ]),
  );
  const bytes = writeSafetensors(tensors);
  const header = readHeader(bytes.subarray(8, 8 + headerLength(bytes, bytes.length)), bytes.length);
  const g = new GraphBuilder(weightsOf(header));
  const nodes = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, g.input(name, shape)]));
  g.output('y', build(g, nodes));
  const paper = g.build('paper');
  const fast = rewrite(paper, FUSIONS);
  const given: Tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, shape], i) => [
      name,
      { type: 'float32' as const, shape, data: noise(size(shape), i + 7) },
    ]),
  );
  const run = async (graph: Graph) => {
    const network = await ort.load(toOnnx(graph, { tensors: header.tensors, location: 'w' }), [
      { location: 'w', bytes },
    ]);
    const { y } = await network.run(given);
    await network.close();
    return y!.data as Float32Array;
  };
  const [a, b] = [await run(paper), await run(fast)];
  const scale = Math.max(...a.map(Math.abs));
  const worst = Math.max(...a.map((v, i) => Math.abs(v - b[i]!))) / scale;
  return { worst, before: opsOf(paper), after: opsOf(fast) };
}
const opsOf = (graph: Graph) =>
  nodesOf(graph)
    .map((n) => n.op)
    .filter((op) => !['input', 'weight', 'constant'].includes(op));

describe('the fusions give the same numbers', () => {
  it('when columns of a linear layer become the layer of those rows of the weight', async () => {
    const r = await both({ w: [12, 6], b: [12] }, { x: [5, 6] }, (g, { x }) => {
      const all = g.linear(x!, g.weight('w', [12, 6]), g.weight('b', [12]));
      return g.mul(g.slice(all, 1, 0, 4), g.slice(all, 1, 8, 12));
    });
    expect(r.after).toEqual(['linear', 'linear', 'combine']);
    expect(r.worst).toBeLessThan(1e-6);
  });

  it('when values are projected after they are averaged, and the two layers behind become one', async () => {
    const r = await both(
      { v: [16, 4], vb: [16], o: [16, 16], ob: [16] },
      { q: [1, 6, 16], k: [1, 9, 16], m: [9, 4] },
      (g, { q, k, m }) => {
        const values = g.linear(m!, g.weight('v', [16, 4]), g.weight('vb', [16]));
        const seen = g.attention(q!, k!, g.reshape(values, [1, 9, 16]), 1);
        return g.linear(g.reshape(seen, [6, 16]), g.weight('o', [16, 16]), g.weight('ob', [16]));
      },
    );
    expect(r.after.filter((op) => op === 'attention')).toHaveLength(1);
    expect(r.worst).toBeLessThan(1e-5);
  });

  it('when batch norm goes into the kernel and depthwise branches become one', async () => {
    const bn = (name: string) => Object.fromEntries(['s', 'h', 'm', 'v'].map((part) => [`${name}.${part}`, [4]]));
    const r = await both(
      { a: [4, 1, 3, 3], c: [4, 1, 1, 1], ...bn('n1'), ...bn('n2') },
      { x: [1, 4, 8, 8] },
      (g, { x }) => {
        const norm = (y: Node, name: string) => {
          const [s, h, m, v] = ['s', 'h', 'm', 'v'].map((part) => g.weight(`${name}.${part}`, [4])) as [
            Node,
            Node,
            Node,
            Node,
          ];
          return g.batchNorm(y, s, h, m, v, 1e-5);
        };
        const wide = norm(g.conv(x!, g.weight('a', [4, 1, 3, 3]), undefined, { pad: 1, groups: 4 }), 'n1');
        const point = norm(g.conv(x!, g.weight('c', [4, 1, 1, 1]), undefined, { groups: 4 }), 'n2');
        return g.add(g.add(wide, point), x!);
      },
    );
    expect(r.after.filter((op) => op === 'conv')).toHaveLength(1);
    expect(r.after).not.toContain('batchNorm');
    expect(r.worst).toBeLessThan(1e-6);
  });

  it('when a transposed layer is written as the product with its factors exchanged', async () => {
    const r = await both({ w: [12, 6], b: [12] }, { x: [5, 6] }, (g, { x }) =>
      g.transpose(g.linear(x!, g.weight('w', [12, 6]), g.weight('b', [12])), [1, 0]),
    );
    expect(r.after).toEqual(['columns']);
    expect(r.worst).toBeLessThan(1e-6);
  });

  it('and leave alone what several readers share', async () => {
    const r = await both({ w: [12, 6], b: [12], u: [2, 12] }, { x: [5, 6] }, (g, { x }) => {
      const wide = g.linear(x!, g.weight('w', [12, 6]), g.weight('b', [12]));
      return g.concat([g.linear(wide, g.weight('u', [2, 12])), wide], 1);
    });
    expect(r.after).toEqual(r.before);
  });
});
