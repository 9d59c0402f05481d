import { describe, expect, it } from 'vitest';
import { random } from '../src/scenes/index.js';
import { looseBox, nextPrompt } from '../src/train/simulated-user.js';

const [width, height] = [40, 30];
const planeOf = (inside: (x: number, y: number) => boolean) => ({
  ...{ width, height },
  values: Uint8Array.from({ length: width * height }, (_, k) => (inside(k % width, Math.floor(k / width)) ? 1 : 0)),
});
const truth = planeOf((x, y) => x >= 10 && x <= 24 && y >= 8 && y <= 18);
const ideal = { share: 1, strokes: 0 };

describe('a simulated user', () => {
  it('clicks first on the middle of the object', () => {
    const first = nextPrompt(new Uint8Array(width * height), truth, ideal, random(1));
    expect(first).toEqual({ kind: 'point', at: { x: 15, y: 13 }, positive: true });
  });
  it('then on the middle of the largest error, and says of which kind it is', () => {
    const answer = planeOf(
      (x, y) => (x >= 13 && x <= 24 && y >= 8 && y <= 18) || (x >= 30 && y >= 2 && y <= 20),
    ).values;
    const next = nextPrompt(answer, truth, ideal, random(1));
    expect(next).toMatchObject({ kind: 'point', positive: false });
    expect(next?.kind === 'point' && next.at.x > 30 && next.at.y > 5).toBe(true);
  });
  it('has nothing to say about a right answer', () => {
    expect(nextPrompt(truth.values, truth, ideal, random(1))).toBeNull();
  });
  it('never clicks or draws outside the error, however shaky the hand', () => {
    const r = random(4);
    const kinds = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const prompt = nextPrompt(new Uint8Array(width * height), truth, { share: 0.3, strokes: 0.5 }, r)!;
      kinds.add(prompt.kind);
      const points = prompt.kind === 'point' ? [prompt.at] : prompt.kind === 'brush' ? prompt.path : [];
      expect(points.length).toBeGreaterThan(0);
      for (const { x, y } of points) expect(truth.values[y * width + x]).toBe(1);
    }
    expect([...kinds].sort()).toEqual(['brush', 'point']);
  });
  it('draws a box about a pixel outside the object, or a little off', () => {
    expect(looseBox(truth, 0, random(1))).toEqual({ kind: 'box', from: { x: 9, y: 7 }, to: { x: 25, y: 19 } });
    const loose = looseBox(truth, 0.1, random(2));
    expect(loose.kind === 'box' && Math.abs(loose.from.x - 9)).toBeLessThan(2);
  });
});
