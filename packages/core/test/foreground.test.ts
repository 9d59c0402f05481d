import { describe, expect, it } from 'vitest';
import { despill, estimateForeground } from '../src/mattes/index.js';

const [W, H] = [96, 72];
const size = { width: W, height: H };

/** A disc with a wide soft edge over another colour, both slightly textured: what is behind it is known. */
function composite(front: readonly number[], back: readonly number[]) {
  const [rgb, alpha, truth] = [new Float32Array(W * H * 3), new Float32Array(W * H), new Float32Array(W * H * 3)];
  for (let y = 0, k = 0; y < H; y++)
    for (let x = 0; x < W; x++, k++) {
      const a = Math.min(1, Math.max(0, 0.5 + (24 - Math.hypot(x - 48, y - 36)) / 14));
      alpha[k] = a;
      for (let c = 0; c < 3; c++) {
        const f = front[c]! * (1 + 0.1 * Math.sin(x / 9 + c));
        const b = back[c]! * (1 + 0.1 * Math.cos(y / 7 + c));
        truth[3 * k + c] = f;
        rgb[3 * k + c] = a * f + (1 - a) * b;
      }
    }
  return { rgb, alpha, truth };
}

const meanError = (found: Float32Array, truth: Float32Array, alpha: Float32Array) => {
  let [sum, n] = [0, 0];
  for (let k = 0; k < alpha.length; k++) {
    if (alpha[k]! < 0.1 || alpha[k]! > 0.95) continue;
    for (let c = 0; c < 3; c++) sum += Math.abs(found[3 * k + c]! - truth[3 * k + c]!) * alpha[k]!;
    n += 3;
  }
  return sum / n;
};

describe('foreground colours', () => {
  it('lose the fringe of the old background', () => {
    const { rgb, alpha, truth } = composite([0.7, 0.2, 0.1], [0.05, 0.6, 0.15]);
    const { foreground } = estimateForeground(size, rgb, alpha);
    const [before, after] = [meanError(rgb, truth, alpha), meanError(foreground, truth, alpha)];
    expect(before).toBeGreaterThan(0.05);
    expect(after).toBeLessThan(0.015);
  });

  it('compose to what was seen', () => {
    const { rgb, alpha } = composite([0.7, 0.2, 0.1], [0.05, 0.6, 0.15]);
    const { foreground, background } = estimateForeground(size, rgb, alpha);
    let worst = 0;
    for (let k = 0; k < alpha.length; k++)
      for (let c = 0; c < 3; c++) {
        const i = 3 * k + c;
        worst = Math.max(worst, Math.abs(alpha[k]! * foreground[i]! + (1 - alpha[k]!) * background[i]! - rgb[i]!));
      }
    expect(worst).toBeLessThan(0.03);
  });

  it('keep light above 1 and are never negative', () => {
    const { rgb, alpha, truth } = composite([6, 3, 2], [0.02, 0.02, 0.4]);
    const { foreground, background } = estimateForeground(size, rgb, alpha);
    expect(meanError(foreground, truth, alpha)).toBeLessThan(0.15);
    expect([...foreground, ...background].every((v) => v >= 0)).toBe(true);
  });

  it('have an answer for mattes that are all, nothing, or one pixel', () => {
    for (const a of [0, 1, 0.5]) {
      const one = estimateForeground({ width: 1, height: 1 }, Float32Array.of(0.2, 0.4, 0.6), Float32Array.of(a));
      expect([...one.foreground].every(Number.isFinite)).toBe(true);
      const all = estimateForeground(size, new Float32Array(W * H * 3).fill(0.3), new Float32Array(W * H).fill(a));
      expect([...all.foreground].every(Number.isFinite)).toBe(true);
    }
    expect(() => estimateForeground(size, new Float32Array(3), new Float32Array(1))).toThrow(/fill/);
  });
});

describe('despill', () => {
  it('holds green at the mean of red and blue and gives its light back', () => {
    const rgb = despill(Float32Array.of(0.4, 0.9, 0.2), { screen: 'green' });
    const back = 0.6 * 0.7152;
    [0.4 + back, 0.3 + back, 0.2 + back].forEach((v, c) => {
      expect(rgb[c]).toBeCloseTo(v, 5);
    });
    const luminance = (v: ArrayLike<number>) => 0.2126 * v[0]! + 0.7152 * v[1]! + 0.0722 * v[2]!;
    expect(luminance(rgb)).toBeCloseTo(luminance([0.4, 0.9, 0.2]), 5);
  });

  it('leaves colours without spill as they are, and takes blue against the larger', () => {
    expect([...despill(Float32Array.of(0.5, 0.25, 0.25), { screen: 'green' })]).toEqual([0.5, 0.25, 0.25]);
    const blue = despill(Float32Array.of(0.5, 0.25, 0.75), { screen: 'blue', limit: 'larger', keepLuminance: false });
    expect([...blue]).toEqual([0.5, 0.25, 0.5]);
  });
});
