import { describe, expect, it } from 'vitest';
import { bandCut, edgeScale } from '../src/primitives/index.js';
import { DX, DY, FREE, GridCut, SOURCE } from '../src/primitives/max-flow.js';
import { randomFrom } from './support/random.js';

/** Minimum over all labellings of the nodes that take part; capacities as set before solving. */
function leastCut(cut: GridCut, nodes: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let code = 0; code < 1 << nodes.length; code++) {
    const inSource = new Set(nodes.filter((_, i) => code & (1 << i)));
    least = Math.min(least, costOf(cut, nodes, inSource));
  }
  return least;
}

/** Capacity from the source's side to the sink's. */
function costOf(cut: GridCut, nodes: readonly number[], inSource: ReadonlySet<number>): number {
  let cost = 0;
  for (const p of nodes) {
    const t = cut.terminal[p];
    if (t > 0 && !inSource.has(p)) cost += t;
    if (t < 0 && inSource.has(p)) cost -= t;
    if (!inSource.has(p)) continue;
    for (let d = 0; d < 8; d++) {
      const r = p + cut.offsets[d];
      if (nodes.includes(r) && !inSource.has(r)) cost += cut.capacity[p * 8 + d];
    }
  }
  return cost;
}

describe('the minimum cut', () => {
  it('equals the best of all labellings on random small grids, with one solver reused', () => {
    const random = randomFrom(11);
    const cut = new GridCut();
    for (let round = 0; round < 60; round++) {
      const width = 2 + Math.floor(random() * 3);
      const height = 2 + Math.floor(random() * 2);
      cut.begin(width, height);
      const nodes: number[] = [];
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) if (random() < 0.9) nodes.push((y + 1) * cut.stride + x + 1);
      for (const p of nodes) {
        cut.tree[p] = FREE;
        cut.terminal[p] = random() * 4 - 2;
        for (let d = 0; d < 8; d++)
          if (nodes.includes(p + cut.offsets[d])) cut.capacity[p * 8 + d] = random() < 0.2 ? 0 : random() * 2;
      }
      const before = { capacity: cut.capacity.slice(), terminal: cut.terminal.slice() };
      const least = leastCut(cut, nodes);
      cut.solve();
      const inSource = new Set(nodes.filter((p) => cut.tree[p] === SOURCE));
      cut.capacity.set(before.capacity);
      cut.terminal.set(before.terminal);
      expect(costOf(cut, nodes, inSource)).toBeCloseTo(least, 4);
    }
  });
});

describe('a cut in a band', () => {
  const energy = (o: Parameters<typeof bandCut>[0], labels: Uint8Array): number => {
    const beta = edgeScale(o.lab, o.width, o.height);
    let sum = 0;
    for (let y = 0, k = 0; y < o.height; y++) {
      for (let x = 0; x < o.width; x++, k++) {
        const p = Math.min(1 - o.clip, Math.max(o.clip, o.probability[k]));
        if (o.band[k]) sum -= Math.log(labels[k] ? p : 1 - p);
        for (let d = 0; d < 8; d += 2) {
          const [X, Y] = [x + DX[d], y + DY[d]];
          if (X >= o.width || Y < 0 || Y >= o.height) continue;
          const r = Y * o.width + X;
          if (labels[k] === labels[r]) continue;
          const square = [0, 1, 2].reduce((s, c) => s + (o.lab[k * 3 + c] - o.lab[r * 3 + c]) ** 2, 0);
          sum += o.lambda * (d >= 4 ? Math.SQRT1_2 : 1) * (0.03 + Math.exp(-beta * square));
        }
      }
    }
    return sum;
  };
  const problem = (seed: number) => {
    const random = randomFrom(seed);
    const [width, height] = [5, 4];
    const n = width * height;
    return {
      width,
      height,
      lab: Float32Array.from({ length: n * 3 }, () => random() * 40),
      probability: Float32Array.from({ length: n }, random),
      band: Uint8Array.from({ length: n }, () => (random() < 0.6 ? 1 : 0)),
      fixed: Uint8Array.from({ length: n }, () => (random() < 0.5 ? 1 : 0)),
      lambda: 2,
      clip: 0.02,
    };
  };

  it('is the labelling of least energy and leaves everything outside the band as it was', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const o = problem(seed);
      const labels = bandCut(o);
      const free = [...o.band.keys()].filter((k) => o.band[k]);
      let least = Number.POSITIVE_INFINITY;
      for (let code = 0; code < 1 << Math.min(free.length, 14); code++) {
        const trial = labels.slice();
        free.slice(0, 14).forEach((k, i) => {
          trial[k] = (code >> i) & 1;
        });
        least = Math.min(least, energy(o, trial));
      }
      expect(energy(o, labels)).toBeCloseTo(least, 3);
      for (let k = 0; k < labels.length; k++) if (!o.band[k]) expect(labels[k]).toBe(o.fixed[k]);
    }
  });

  it('gives the same labels however large the pictures cut before it were', () => {
    const o = problem(3);
    const first = bandCut(o);
    const n = 40 * 30;
    bandCut({
      ...o,
      width: 40,
      height: 30,
      lab: new Float32Array(n * 3),
      probability: new Float32Array(n).fill(0.6),
      band: new Uint8Array(n).fill(1),
      fixed: new Uint8Array(n),
    });
    expect(bandCut(o)).toEqual(first);
  });
});
