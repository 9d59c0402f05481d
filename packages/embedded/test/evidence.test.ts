import { maskFromPlane, size, softMask } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { gridsFor, nativePerHalf } from '../src/evidence/grids.js';
import { Planes } from '../src/evidence/planes.js';
import { movedRegion } from '../src/evidence/region.js';
import { warpMemory } from '../src/evidence/warp.js';
import { wasmKernels } from '../src/kernels/kernels.js';
import { beginMemory } from '../src/memory/begin.js';
import { maskOnHalf } from '../src/memory/half-mask.js';
import { isRemnant, observed, startPrior, unseen } from '../src/memory/motion-prior.js';
import { placeWindows, WINDOW_RADIUS } from '../src/memory/windows.js';
import { resizePlan, resizeRgb } from '../src/primitives/resize.js';

describe('the grids of a clip', () => {
  it.each([
    ['480 lines stay', [854, 480], [854, 480], [427, 240]],
    ['540 lines stay', [960, 540], [960, 540], [480, 270]],
    ['1080 lines become 480', [1920, 1080], [854, 480], [427, 240]],
    ['2160 lines become 480', [3840, 2160], [854, 480], [427, 240]],
    ['upright clips likewise', [1080, 1920], [480, 854], [240, 427]],
    ['odd sides are halved downwards', [431, 241], [431, 241], [215, 120]],
    ['thumbnails are enlarged', [40, 30], [64, 64], [32, 32]],
    ['panoramas are bounded', [4096, 512], [1280, 160], [640, 80]],
  ] as const)('%s', (_, native, working, half) => {
    const grids = gridsFor(size(native[0], native[1]), 480);
    expect([grids.working.width, grids.working.height]).toEqual(working);
    expect([grids.half.width, grids.half.height]).toEqual(half);
  });

  it('say how many native pixels a half-grid pixel covers', () => {
    expect(nativePerHalf(gridsFor(size(854, 480), 480))).toEqual({ x: 2, y: 2 });
    expect(nativePerHalf(gridsFor(size(1920, 1080), 480)).y).toBe(4.5);
  });
});

describe('the working picture', () => {
  it('is the mean over areas where it is smaller', () => {
    const rgb = Uint8Array.from({ length: 6 * 4 * 3 }, (_, i) => (i * 37) % 256);
    const small = resizeRgb(resizePlan(size(6, 4), size(3, 2)), rgb);
    for (let y = 0; y < 2; y++) {
      for (let x = 0; x < 3; x++) {
        for (let c = 0; c < 3; c++) {
          const at = (i: number, j: number) => rgb[((2 * y + j) * 6 + 2 * x + i) * 3 + c];
          const mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
          expect(Math.abs(small[(y * 3 + x) * 3 + c] - mean)).toBeLessThanOrEqual(0.5);
        }
      }
    }
  });

  it('keeps a flat colour at any ratio', () => {
    for (const [from, to] of [
      [size(191, 107), size(64, 48)],
      [size(20, 30), size(64, 64)],
    ]) {
      const out = resizeRgb(resizePlan(from, to), new Uint8Array(from.width * from.height * 3).fill(97));
      expect(out.every((v) => v === 97)).toBe(true);
    }
  });
});

describe('a mask on the half grid', () => {
  it('is the mean of 2x2 blocks where the clip is worked on as it is', () => {
    const plane = new Uint16Array(64 * 64);
    plane[0] = 65535;
    plane[2] = plane[3] = 32768;
    const half = maskOnHalf(maskFromPlane(size(64, 64), plane), gridsFor(size(64, 64), 480), new Float32Array(32 * 32));
    expect(half[0]).toBeCloseTo(0.25, 6);
    expect(half[1]).toBeCloseTo(0.25, 4);
    expect(half[2]).toBe(0);
  });

  it('keeps its area when pixels overlap several of the grid', () => {
    const s = size(1920, 1080);
    const mask = softMask(s, { x0: 101, y0: 203, x1: 502, y1: 604 }, new Uint16Array(401 * 401).fill(65535));
    const grids = gridsFor(s, 480);
    const half = maskOnHalf(mask, grids, new Float32Array(427 * 240));
    const { x, y } = nativePerHalf(grids);
    expect(half.reduce((a, v) => a + v, 0) * x * y).toBeCloseTo(401 * 401, -1);
  });
});

const bench = () => ({ grids: gridsFor(size(128, 96), 480), kernels: wasmKernels, planes: new Planes() });
const still = { u: new Float32Array(64 * 48), v: new Float32Array(64 * 48) };

/** A 20x16 box at (30, 24) of a grey 128x96 picture. */
function boxMemory(b = bench()) {
  const plane = new Uint16Array(128 * 96);
  for (let y = 24; y < 40; y++) plane.fill(65535, y * 128 + 30, y * 128 + 50);
  const lab = new Float32Array(64 * 48 * 3).fill(50);
  return { b, memory: beginMemory(b, lab, maskFromPlane(size(128, 96), plane))! };
}

describe('the moved memory', () => {
  it('is what it was where nothing moves', () => {
    const { b, memory } = boxMemory();
    const region = movedRegion(memory.pixels.inside, memory.bounds, still, b.grids.half)!;
    expect(region).toEqual({ x0: 0, y0: 0, x1: 49, y1: 44 });
    const warped = warpMemory(b, memory, { width: 64, height: 48, backward: still, forward: still }, region);
    expect(warped.shape).toMatchObject({ area: 80, x: 19.5, y: 15.5 });
    expect(warped.agreement.every((v) => v === 1)).toBe(true);
    expect(warped.confidence.every((v) => v === 1)).toBe(true);
  });

  it('follows the flow, and trusts nothing that comes from outside the picture', () => {
    const { b, memory } = boxMemory();
    const by = (u: number) => ({ u: new Float32Array(64 * 48).fill(u), v: still.v });
    const region = movedRegion(memory.pixels.inside, memory.bounds, by(5), b.grids.half)!;
    const flow = { width: 64, height: 48, backward: by(-5), forward: by(5) };
    const warped = warpMemory(b, memory, flow, region);
    expect(warped.shape).toMatchObject({ area: 80, x: 24.5, y: 15.5 });
    expect(warped.agreement[0]).toBe(0);
    expect(warped.label[0]).toBe(0.5);
  });

  it('doubts pixels whose flow there and back disagree', () => {
    const { b, memory } = boxMemory();
    const forward = { u: new Float32Array(64 * 48).fill(3), v: still.v };
    const region = movedRegion(memory.pixels.inside, memory.bounds, still, b.grids.half)!;
    const warped = warpMemory(b, memory, { width: 64, height: 48, backward: still, forward }, region);
    expect(Math.max(...warped.agreement)).toBeLessThan(1e-6);
  });
});

describe('local windows', () => {
  it('cover the outline with room between them, at the border of the picture too', () => {
    const mask = new Uint8Array(60 * 60);
    for (let y = 0; y < 60; y++) mask.fill(1, y * 60, y * 60 + 30);
    const windows = placeWindows(mask, 60, 60, 0, 0, []);
    expect(windows.length).toBeGreaterThan(4);
    for (const [i, a] of windows.entries()) {
      expect(a.x).toBe(29);
      for (const c of windows.slice(i + 1)) expect(Math.abs(a.y - c.y)).toBeGreaterThan(0.7 * WINDOW_RADIUS);
    }
    for (let y = 0; y < 60; y++) expect(windows.some((w) => Math.abs(w.y - y) <= WINDOW_RADIUS)).toBe(true);
  });

  it('keep their models when they snap to a near outline', () => {
    const mask = new Uint8Array(60 * 60);
    for (let y = 0; y < 60; y++) mask.fill(1, y * 60, y * 60 + 30);
    const old = [{ x: 33, y: 30, colours: null, confidence: 0.7 }];
    expect(placeWindows(mask, 60, 60, 0, 0, old)[0]).toMatchObject({ x: 29, y: 30, confidence: 0.7 });
  });
});

describe('the motion prior', () => {
  const half = { width: 400, height: 240 };
  const shape = (x: number, area = 900) => ({ area, x, y: 100, scale: 12 });

  it('learns velocity and goes on with it while the object is not seen', () => {
    let p = startPrior(shape(50));
    for (let t = 1; t < 20; t++) p = observed(p, shape(50 + 4 * t), null, 1, half);
    expect(p.vx).toBeGreaterThan(3.9);
    expect(unseen(p, null, half).x).toBeCloseTo(p.x + p.vx, 5);
  });

  it('predicts the place of a remnant instead of believing its middle', () => {
    let p = startPrior(shape(50));
    for (let t = 1; t < 20; t++) p = observed(p, shape(50 + 4 * t), null, 1, half);
    const hidden = observed(p, shape(p.x - 8, 200), null, 1, half);
    expect(isRemnant(p, 200)).toBe(true);
    expect(hidden.x).toBeCloseTo(p.x + p.vx, 5);
    expect(hidden.vx).toBe(p.vx);
    expect(hidden.area).toBeGreaterThan(0.95 * p.area);
  });

  it('takes the camera out of the velocity', () => {
    const camera = { u: [-3, 0, 0], v: [0, 0, 0] } as const;
    let p = startPrior(shape(50));
    for (let t = 1; t < 20; t++) p = observed(p, shape(50 + 3 * t), camera, 1, half);
    expect(Math.abs(p.vx)).toBeLessThan(0.01);
  });
});
