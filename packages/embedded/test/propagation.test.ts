import { maskFromPlane, maskToPlane, type SoftMask, size } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { gridsFor } from '../src/evidence/grids.js';
import { MAP, MAP_COUNT } from '../src/evidence/maps.js';
import { Planes } from '../src/evidence/planes.js';
import { wasmKernels } from '../src/kernels/kernels.js';
import type { Decision } from '../src/propagation/decide.js';
import { shareMasks } from '../src/propagation/exclusive.js';
import { join } from '../src/propagation/join.js';
import { linearFuser } from '../src/propagation/linear-fuser.js';
import { cutNative } from '../src/propagation/native-cut.js';
import { isShotCut } from '../src/propagation/shot-cut.js';

const SIZE = size(64, 64);
const values = (f: (x: number, y: number) => number): SoftMask =>
  maskFromPlane(
    SIZE,
    Uint16Array.from({ length: 64 * 64 }, (_, k) => f(k % 64, k >> 6)),
  );

describe('sharing pixels', () => {
  it('leaves every pixel at half or more to one object at most, the one with the greatest value', () => {
    const masks = [1, 2, 3].map((seed) => values((x, y) => ((x * 7919 + y * 104729) * seed * 31) % 65536));
    const before = masks.map((m) => maskToPlane(m));
    shareMasks(masks.map((claim) => ({ claim, priority: 0 })));
    const after = masks.map((m) => maskToPlane(m));
    for (let k = 0; k < 64 * 64; k++) {
      const owners = after.filter((p) => p[k] >= 32768).length;
      expect(owners).toBeLessThanOrEqual(1);
      const most = Math.max(...before.map((p) => p[k]));
      if (most >= 32768) expect(Math.max(...after.map((p) => p[k]))).toBe(most);
    }
  });

  it('decides ties by priority, then by order', () => {
    const two = () => [values(() => 40000), values(() => 40000)];
    const [a, b] = two();
    shareMasks([
      { claim: a, priority: 1 },
      { claim: b, priority: 2 },
    ]);
    expect([a.values[0], b.values[0]]).toEqual([25535, 40000]);
    const [c, d] = two();
    shareMasks([
      { claim: c, priority: 1 },
      { claim: d, priority: 1 },
    ]);
    expect([c.values[0], d.values[0]]).toEqual([40000, 25535]);
  });

  it('leaves soft edges that do not contradict each other alone', () => {
    const [a, b] = [values(() => 30000), values(() => 35535)];
    shareMasks([
      { claim: a, priority: 0 },
      { claim: b, priority: 0 },
    ]);
    expect([a.values[0], b.values[0]]).toEqual([30000, 35535]);
  });
});

/** A decided square on the half grid of a clip, certain everywhere. */
function square(from: number, to: number, side: number): Decision {
  const inside = Uint8Array.from({ length: side * side }, (_, k) => {
    const [x, y] = [k % side, Math.floor(k / side)];
    return x >= from && x < to && y >= from && y < to ? 1 : 0;
  });
  const region = { x0: 0, y0: 0, x1: side, y1: side };
  const n = side * side;
  return { region, width: side, height: side, inside, probability: Float32Array.from(inside), band: new Uint8Array(n) };
}

describe('the second cut', () => {
  it('moves an outline of the half grid onto the edge in the picture', () => {
    const s = size(96, 96);
    const bench = { grids: gridsFor(s, 480), kernels: wasmKernels, planes: new Planes() };
    const rgb = new Uint8Array(96 * 96 * 3).fill(40);
    // The object ends at 31 and 65, odd columns, which the half grid cannot say.
    for (let y = 31; y < 65; y++) rgb.fill(220, (y * 96 + 31) * 3, (y * 96 + 65) * 3);
    const decision = square(15, 33, 48);
    decision.probability.fill(0.5);
    const plane = maskToPlane(cutNative(bench, rgb, decision));
    for (let x = 25; x < 72; x++) expect(plane[48 * 96 + x] >= 32768).toBe(x >= 31 && x < 65);
    expect(plane[48 * 96 + 48]).toBe(65535);
    expect(plane[0]).toBe(0);
  });

  it.each([
    ['854x480', 854, 480],
    ['1920x1080', 1920, 1080],
    ['101x99', 101, 99],
  ])('reaches the borders of a %s picture', (_, width, height) => {
    const grids = gridsFor(size(width, height), 480);
    const bench = { grids, kernels: wasmKernels, planes: new Planes() };
    const { half } = grids;
    const n = half.width * half.height;
    const everything = { inside: new Uint8Array(n).fill(1), probability: new Float32Array(n).fill(1) };
    const region = { x0: 0, y0: 0, x1: half.width, y1: half.height };
    const decision = { region, ...half, ...everything, band: new Uint8Array(n) };
    const mask = cutNative(bench, new Uint8Array(width * height * 3), decision);
    expect(mask.window).toEqual({ x0: 0, y0: 0, x1: width, y1: height });
    expect(mask.values.every((v) => v === 65535)).toBe(true);
  });
});

describe('a second part', () => {
  it('is joined to the first on a region that holds both', () => {
    const a = square(2, 5, 10);
    const b = { ...square(1, 4, 6), region: { x0: 8, y0: 8, x1: 14, y1: 14 } };
    const plane = new Float32Array(100).fill(0.5);
    const joined = join({ decision: a, label: plane, confidence: plane, agreement: plane }, b);
    expect(joined.decision.region).toEqual({ x0: 0, y0: 0, x1: 14, y1: 14 });
    expect(joined.decision.inside.reduce((s, v) => s + v, 0)).toBe(9 + 9);
    expect(joined.decision.inside[9 * 14 + 9]).toBe(1);
    expect(joined.confidence[13 * 14 + 13]).toBeLessThan(0.5);
  });
});

describe('a shot cut', () => {
  const side = 32;
  const noise = (seed: number) => Float32Array.from({ length: side * side * 3 }, (_, k) => (k * seed * 7919) % 100);
  const field = (u: (k: number) => number) => ({
    u: Float32Array.from({ length: side * side }, (_, k) => u(k)),
    v: new Float32Array(side * side),
  });
  const flow = (there: (k: number) => number, back: (k: number) => number) => ({
    ...{ width: side, height: side, backward: field(there), forward: field(back) },
  });

  it('is where flow contradicts itself and the pictures differ', () => {
    const wild = flow(
      (k) => (k % 7) - 3,
      (k) => (k % 5) - 2,
    );
    expect(isShotCut(noise(3), noise(5), wild)).toBe(true);
  });

  it('is not where the flow agrees, however different the light', () => {
    const calm = flow(
      () => 1,
      () => -1,
    );
    expect(isShotCut(noise(3), noise(5), calm)).toBe(false);
  });

  it('is not where a blank picture gives the flow nothing to hold on to', () => {
    const wild = flow(
      (k) => (k % 7) - 3,
      (k) => (k % 5) - 2,
    );
    const blank = new Float32Array(side * side * 3).fill(80);
    expect(isShotCut(blank, blank, wild)).toBe(false);
  });
});

describe('the linear fuser', () => {
  it('weighs its maps and says nothing outside the band', () => {
    const maps = new Float32Array(MAP_COUNT * 4);
    maps[MAP.distance * 4] = 1;
    maps[MAP.labelWeighted * 4 + 1] = -1;
    const p = linearFuser().probability(maps, 2, 2, Uint8Array.of(1, 1, 1, 0));
    expect(p[0]).toBeCloseTo(1 / (1 + Math.exp(-1.2)), 6);
    expect(p[1]).toBeCloseTo(1 / (1 + Math.exp(1.5)), 6);
    expect([p[2], p[3]]).toEqual([0.5, 0]);
  });
});
