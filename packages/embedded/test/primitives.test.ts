import { describe, expect, it } from 'vitest';
import * as p from '../src/primitives/index.js';
import { randomFrom } from './support/random.js';

describe('Lab', () => {
  it('knows the colours of the standard', () => {
    const lab = p.labFromRgb(Uint8Array.of(255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 0, 255));
    const expected = [100, 0, 0, 0, 0, 0, 53.24, 80.09, 67.2, 32.3, 79.19, -107.86];
    for (const [i, value] of expected.entries()) expect(Math.abs(lab[i] - value)).toBeLessThan(0.5);
  });
  it('writes into the plane it is given', () => {
    const out = new Float32Array(3);
    expect(p.labFromRgb(Uint8Array.of(10, 200, 30), out)).toBe(out);
    expect(out[0]).toBeGreaterThan(60);
  });
});

describe('signed distance', () => {
  it('agrees with trying every pixel, on masks of every density', () => {
    const random = randomFrom(5);
    for (const share of [0.05, 0.5, 0.9]) {
      const [width, height] = [17, 13];
      const mask = Uint8Array.from({ length: width * height }, () => (random() < share ? 1 : 0));
      const distance = p.signedDistance(mask, width, height);
      for (let k = 0; k < mask.length; k++) {
        let least = Number.POSITIVE_INFINITY;
        for (let j = 0; j < mask.length; j++)
          if (mask[j] !== mask[k])
            least = Math.min(
              least,
              Math.hypot((k % width) - (j % width), Math.floor(k / width) - Math.floor(j / width)),
            );
        expect(distance[k]).toBeCloseTo(mask[k] ? least - 0.5 : 0.5 - least, 4);
      }
    }
  });
  it('is far everywhere where there is no outline', () => {
    expect(Math.max(...p.signedDistance(new Uint8Array(12), 4, 3))).toBeLessThan(-1000);
    expect(Math.min(...p.signedDistance(new Uint8Array(12).fill(1), 4, 3))).toBeGreaterThan(1000);
  });
});

describe('the colour model', () => {
  const cloud = (seed: number, n: number, centres: readonly (readonly number[])[]): Float32Array => {
    const random = randomFrom(seed);
    return Float32Array.from({ length: n * 3 }, (_, i) => {
      const centre = centres[Math.floor(i / 3) % centres.length];
      return centre[i % 3] + (random() + random() + random() - 1.5) * 6;
    });
  };
  it('is the same for the same samples, bit by bit', () => {
    const samples = cloud(1, 500, [
      [40, 10, 10],
      [70, -20, 30],
    ]);
    expect(p.fitColourModel(samples, 5, 6)).toEqual(p.fitColourModel(samples, 5, 6));
  });
  it('finds the clusters and is dense there', () => {
    const centres = [
      [20, 0, 0],
      [60, 40, 0],
      [80, -30, 50],
    ];
    const model = p.fitColourModel(cloud(2, 900, centres), 3, 6);
    for (const [L, a, b] of centres) {
      expect(p.density(model, L, a, b)).toBeGreaterThan(1e-4);
      const nearest = Math.min(
        ...[0, 1, 2].map((k) =>
          Math.hypot(model.mean[k * 3] - L, model.mean[k * 3 + 1] - a, model.mean[k * 3 + 2] - b),
        ),
      );
      expect(nearest).toBeLessThan(1);
    }
    expect(p.density(model, 50, -80, -80)).toBe(0);
  });
  it('is a density: it sums to one over the space', () => {
    const model = p.fitColourModel(cloud(4, 300, [[50, 0, 0]]), 2, 6);
    let sum = 0;
    for (let L = 30; L < 70; L += 2)
      for (let a = -20; a < 20; a += 2) for (let b = -20; b < 20; b += 2) sum += 8 * p.density(model, L, a, b);
    expect(sum).toBeCloseTo(1, 1);
  });
  it('uses fewer components where samples are few, and refuses none', () => {
    expect(p.fitColourModel(cloud(1, 45, [[50, 0, 0]]), 8, 5).components).toBe(2);
    expect(p.fitColourModel(Float32Array.of(50, 1, 2), 8, 5).components).toBe(1);
    expect(() => p.fitColourModel(new Float32Array(0), 5, 5)).toThrow(RangeError);
  });
  it('weighs two models, within limits', () => {
    const red = p.fitColourModel(cloud(1, 200, [[50, 60, 40]]), 1, 5);
    const green = p.fitColourModel(cloud(2, 200, [[50, -60, 40]]), 1, 5);
    const lab = Float32Array.of(50, 60, 40, 50, -60, 40, 50, 0, -90);
    const out = new Float32Array(3);
    p.logRatios(red, green, lab, out);
    expect([...out]).toEqual([4, -4, 0]);
  });
  it('takes samples at even steps', () => {
    const lab = Float32Array.from({ length: 30 }, (_, i) => i);
    expect([...p.evenSamples(lab, Int32Array.of(0, 2, 4, 6), 4, 2)]).toEqual([0, 1, 2, 12, 13, 14]);
  });
});

describe('affine motion', () => {
  const [width, height] = [80, 60];
  const field = (outliers: number) => {
    const u = new Float32Array(width * height);
    const v = new Float32Array(width * height);
    for (let k = 0; k < u.length; k++) {
      const X = (k % width) / width - 0.5;
      const Y = Math.floor(k / width) / height - 0.5;
      const wild = Math.max(Math.abs(X), Math.abs(Y)) < outliers;
      u[k] = wild ? 9 : 2 + 3 * X - Y;
      v[k] = wild ? -7 : -1 + 0.5 * X + 2 * Y;
    }
    return { u, v };
  };
  it('is found although an object that covers a third of the picture moves otherwise', () => {
    const { u, v } = field(0.29);
    const motion = p.fitAffine(u, v, () => 1, width, height, 4)!;
    for (const [found, true_] of [
      [motion.u, [2, 3, -1]],
      [motion.v, [-1, 0.5, 2]],
    ])
      for (let i = 0; i < 3; i++) expect(Math.abs(found[i] - true_[i])).toBeLessThan(0.1);
  });
  it('is none where fewer than twenty points have weight', () => {
    const { u, v } = field(0);
    expect(p.fitAffine(u, v, (_, y) => (y < 4 ? 1 : 0), width, height, 6)).toBeNull();
  });
});

describe('components', () => {
  it('removes specks, fills pinholes and keeps the rest', () => {
    const rows = ['.......#', '.####...', '.#.##...', '.####...', '........'];
    const mask = Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));
    p.cleanup(mask, 8, 5, 3);
    const after = rows.map((_, y) => [...mask.subarray(y * 8, y * 8 + 8)].map((v) => (v ? '#' : '.')).join(''));
    expect(after).toEqual(['........', '.####...', '.####...', '.####...', '........']);
  });
  it('joins along sides only, and counts areas', () => {
    const mask = Uint8Array.of(1, 0, 1, 0, 1, 1, 1, 0, 0);
    const { labels, areas } = p.labelComponents(mask, 3, 3);
    expect(areas).toEqual([0, 1, 3, 1]);
    expect([...labels]).toEqual([1, 0, 2, 0, 2, 2, 3, 0, 0]);
  });
});

describe('sampling', () => {
  it('takes the mean of blocks and leaves out an odd row or column', () => {
    expect([...p.halvePlane([1, 2, 9, 3, 4, 9, 9, 9, 9], 3, 3)]).toEqual([2.5]);
    expect([
      ...p.halveRgb(
        Uint8Array.from({ length: 12 }, (_, i) => i),
        2,
        2,
      ),
    ]).toEqual([5, 6, 7]);
  });
  it('reproduces a plane at its pixel centres and clamps outside', () => {
    const plane = Float32Array.of(0, 1, 2, 3, 4, 5);
    expect(p.bilinear(plane, 3, 2, 1, 0)).toBe(1);
    expect(p.bilinear(plane, 3, 2, 0.5, 0.5)).toBeCloseTo(2, 5);
    expect(p.bilinear(plane, 3, 2, 50, -9)).toBeCloseTo(2, 2);
  });
  it('upsamples as the samples at half-pixel positions say, also to an odd side', () => {
    const random = randomFrom(2);
    const plane = Float32Array.from({ length: 20 }, random);
    const up = p.upsample(plane, 5, 4, 11, 8);
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 11; x++)
        expect(up[y * 11 + x]).toBeCloseTo(p.bilinear(plane, 5, 4, (x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5), 5);
  });
  it('sums boxes with the border replicated', () => {
    const random = randomFrom(3);
    const [width, height, radius] = [9, 7, 3];
    const plane = Float32Array.from({ length: width * height }, random);
    const sums = p.boxSum(plane, width, height, radius, new Float32Array(width * height));
    const at = (x: number, y: number) =>
      plane[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let j = -radius; j <= radius; j++) for (let i = -radius; i <= radius; i++) sum += at(x + i, y + j);
        expect(sums[y * width + x]).toBeCloseTo(sum, 3);
      }
  });
});
