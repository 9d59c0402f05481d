import { size } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { MAP, MAP_COUNT } from '../src/evidence/maps.js';
import { arithmeticWasm } from '../src/kernels/generated/arithmetic-wasm.js';
import { flowWasm } from '../src/kernels/generated/flow-wasm.js';
import { networkWasm } from '../src/kernels/generated/network-wasm.js';
import { plainKernels, wasmKernels } from '../src/kernels/kernels.js';
import { resizePlan } from '../src/primitives/resize.js';

/** Occurrences of an instruction of the vector extension (prefix 0xfd, then the operation as LEB128). */
function count(wasm: Uint8Array, operation: number): number {
  const code = [0xfd, ...(operation < 128 ? [operation] : [(operation & 127) | 128, operation >> 7])];
  let found = 0;
  for (let i = 0; i + code.length <= wasm.length; i++) if (code.every((byte, k) => wasm[i + k] === byte)) found++;
  return found;
}

const [F32X4_ADD, F32X4_MUL] = [0xe4, 0xe6];

/** Numbers in 0..1 from a seed. */
function numbers(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const sizes = [
  [1, 1],
  [2, 5],
  [7, 3],
  [64, 48],
  [61, 93],
  [300, 200],
] as const;

/** A picture of coloured patches with noise, in Lab. */
function labPicture(width: number, height: number, seed: number): Float32Array {
  const next = numbers(seed);
  const rgb = new Uint8Array(width * height * 3);
  for (let k = 0; k < width * height; k++) {
    const patch = Math.floor((k % width) / 13) * 5 + Math.floor(k / width / 11) * 3;
    for (let c = 0; c < 3; c++) rgb[k * 3 + c] = ((patch * (40 + 31 * c)) % 200) + next() * 50;
  }
  return plainKernels.labFromRgb(rgb);
}

/** A wobbly blob and some specks. */
function blob(width: number, height: number, seed: number): Uint8Array {
  const next = numbers(seed);
  const [cx, cy, r] = [width * (0.3 + 0.4 * next()), height * (0.3 + 0.4 * next()), 0.3 * Math.min(width, height)];
  return Uint8Array.from({ length: width * height }, (_, k) => {
    const [x, y] = [(k % width) - cx, Math.floor(k / width) - cy];
    const edge = r * (1 + 0.3 * Math.sin(5 * Math.atan2(y, x)));
    return Math.hypot(x, y) < edge !== next() < 0.002 ? 1 : 0;
  });
}

describe('the compiled kernels', () => {
  it.each([
    ['flow', flowWasm],
    ['network', networkWasm],
    ['arithmetic', arithmeticWasm],
  ])('of %s hold vector instructions', (_, base64) => {
    const wasm = Uint8Array.from(Buffer.from(base64, 'base64'));
    expect(count(wasm, F32X4_ADD)).toBeGreaterThan(20);
    expect(count(wasm, F32X4_MUL)).toBeGreaterThan(20);
  });
});

describe('the compiled cut', () => {
  it.each(sizes)('labels every pixel as its twin does (%ix%i)', (width, height) => {
    for (let seed = 1; seed <= (width > 100 ? 3 : 12); seed++) {
      const next = numbers(seed);
      const fixed = blob(width, height, seed);
      const distance = plainKernels.signedDistance(fixed, width, height);
      const reach = [3, 14, 1000][seed % 3]!;
      const cut = {
        ...{ lab: labPicture(width, height, seed), width, height, fixed },
        band: Uint8Array.from(distance, (d) => (Math.abs(d) <= reach ? 1 : 0)),
        probability: Float32Array.from(distance, (d) => 1 / (1 + Math.exp(-0.3 * d + 3 * (next() - 0.5)))),
        lambda: [0.5, 1.5, 3][seed % 3]!,
        clip: 0.01,
      };
      expect(wasmKernels.bandCut(cut)).toEqual(plainKernels.bandCut(cut));
    }
  });

  it('takes the edge scale it is told', () => {
    const [width, height] = [61, 47];
    const fixed = blob(width, height, 2);
    const distance = plainKernels.signedDistance(fixed, width, height);
    const cut = {
      ...{ lab: labPicture(width, height, 2), width, height, fixed, lambda: 3, clip: 0.01 },
      band: Uint8Array.from(distance, (d) => (Math.abs(d) <= 6 ? 1 : 0)),
      probability: Float32Array.from(distance, (d, k) => (k % 7 < 3 ? 0.6 : 1 / (1 + Math.exp(-0.1 * d)))),
    };
    const answers = [undefined, 1e-4, 0.5].map((edgeScale) => {
      const o = edgeScale === undefined ? cut : { ...cut, edgeScale };
      expect(wasmKernels.bandCut(o)).toEqual(plainKernels.bandCut(o));
      return wasmKernels.bandCut(o);
    });
    expect(answers[1]).not.toEqual(answers[2]);
  });

  it('keeps fixed labels where the band is empty', () => {
    const [width, height] = [20, 10];
    const fixed = blob(width, height, 4);
    const cut = { lab: labPicture(width, height, 1), width, height, fixed, lambda: 3, clip: 0.01 };
    const none = { ...cut, band: new Uint8Array(200), probability: new Float32Array(200) };
    expect(wasmKernels.bandCut(none)).toEqual(fixed);
  });
});

describe('the compiled colour models', () => {
  const samplesOf = (lab: Float32Array, n: number) => lab.subarray(0, 3 * n);

  it.each([1, 2, 19, 41, 300, 2499])('are its twin to the last bit (%i samples)', (n) => {
    const samples = samplesOf(labPicture(64, 48, n), n);
    for (const components of [1, 3, 8]) {
      for (const iterations of [0, 2, 6]) {
        expect(wasmKernels.fitColourModel(samples, components, iterations)).toEqual(
          plainKernels.fitColourModel(samples, components, iterations),
        );
      }
    }
  });

  it('refuse to be fitted to nothing', () => {
    expect(() => wasmKernels.fitColourModel(new Float32Array(0), 3, 5)).toThrow(RangeError);
  });

  it.each([0, 1, 3, 4, 500])('give log ratios within 1e-4 of the twin (%i pixels)', (n) => {
    const lab = labPicture(64, 48, 9);
    const object = plainKernels.fitColourModel(samplesOf(lab, 700), 5, 6);
    const surround = plainKernels.fitColourModel(lab.subarray(3000), 8, 6);
    const next = numbers(n + 2);
    const strange = lab.map((value) => value * (next() < 0.1 ? 4 : 1));
    const [fast, plain] = [new Float32Array(n), new Float32Array(n)];
    wasmKernels.logRatios(object, surround, strange, fast);
    plainKernels.logRatios(object, surround, strange, plain);
    for (let i = 0; i < n; i++) expect(Math.abs(fast[i]! - plain[i]!)).toBeLessThan(1e-4);
  });
});

describe('the compiled windows', () => {
  it.each(sizes)('say what their twins say, at the border of the picture too (%ix%i)', (width, height) => {
    const lab = labPicture(width, height, 5);
    const next = numbers(width);
    const model = (first: number) => plainKernels.fitColourModel(labPicture(20, 20, first), 3, 5);
    const windows = Array.from({ length: 9 }, (_, i) => ({
      ...{ x: Math.floor(next() * width), y: Math.floor(next() * height) },
      ...{ object: model(i), surround: model(i + 20), confidence: next() },
    }));
    const [fast, plain] = [wasmKernels, plainKernels].map((k) => {
      const planes = [new Float32Array(width * height), new Float32Array(width * height)] as const;
      k.windowColours(lab, width, height, windows, 14, ...planes);
      return planes;
    });
    for (const i of [0, 1] as const)
      for (const [k, value] of plain![i].entries()) expect(Math.abs(fast![i][k]! - value)).toBeLessThan(1e-4);
  });

  it('say nothing where there are none', () => {
    const [colour, confidence] = [new Float32Array(5).fill(7), new Float32Array(5).fill(7)];
    wasmKernels.windowColours(new Float32Array(15), 5, 1, [], 14, colour, confidence);
    expect([...colour, ...confidence]).toEqual([0, 0, 0, 0, 0, -1, -1, -1, -1, -1]);
  });
});

describe('the compiled evidence maps', () => {
  it.each([
    [4, 1],
    [7, 3],
    [64, 48],
    [61, 93],
  ])('are within 1e-4 of their twins (%ix%i)', (width, height) => {
    const n = width * height;
    for (let seed = 1; seed <= 4; seed++) {
      const next = numbers(seed);
      const plane = (most: number) =>
        Float32Array.from({ length: n }, () => Math.round(64 * most * (next() - 0.3)) / 64);
      const mask = seed === 4 ? new Uint8Array(n) : blob(width, height, seed);
      const scene = {
        ...{ width, height, u: plane(40), v: plane(9), lab: labPicture(width, height, seed), scale: 9 * seed },
        distance: plainKernels.signedDistance(mask, width, height),
        ...{ soft: plane(1), label: plane(1), confidence: plane(1), agreement: plane(1) },
        camera: seed === 2 ? null : ({ u: [3, 0.02, -0.01], v: [-1, 0.01, 0.03] } as const),
      };
      const [fast, plain] = [wasmKernels, plainKernels].map((k) => {
        const maps = new Float32Array(n * MAP_COUNT);
        k.regionMaps(scene, maps);
        return maps;
      });
      const written = Object.entries(MAP).filter(([, i]) => plain!.subarray(i * n, (i + 1) * n).some((x) => x !== 0));
      expect(written.length).toBeGreaterThan(10);
      for (const [name, i] of written) {
        for (let k = i * n; k < (i + 1) * n; k++) {
          if (Math.abs(fast![k]! - plain![k]!) > 1e-4) expect.fail(`${name}: ${fast![k]}, not ${plain![k]}`);
        }
      }
    }
  });
});

describe('the compiled second cut', () => {
  it.each([
    [96, 80, 96, 80],
    [61, 93, 61, 93],
    [40, 30, 131, 97],
  ])('gives the values of its twin (%ix%i, native %ix%i)', (w, h, width, height) => {
    for (let seed = 1; seed <= 4; seed++) {
      const [stride, rowsOfHalf] = [w >> 1, h >> 1];
      const mask = seed === 4 ? new Uint8Array(stride * rowsOfHalf) : blob(stride, rowsOfHalf, seed);
      const next = numbers(seed);
      const places = (from: number, to: number) => {
        const at = Array.from({ length: from }, (_, i) =>
          Math.max(0, Math.min(to - 1.001, ((i + 0.5) * to) / from - 0.5)),
        );
        return { index: Int32Array.from(at), part: Float32Array.from(at, (p) => p % 1) };
      };
      const outline = {
        ...{ stride, distance: plainKernels.signedDistance(mask, stride, rowsOfHalf) },
        fused: Float32Array.from(mask, (m) => Math.min(1, Math.max(0, m + 0.8 * (next() - 0.5)))),
        ...{ box: { x0: 2, y0: 1, x1: 2 + width, y1: 1 + height }, width, height, working: w / width },
        ...{ columns: places(width, stride), rows: places(height, rowsOfHalf) },
        rgb: Uint8Array.from({ length: (width + 5) * (height + 2) * 3 }, (_, i) => ((i >> 6) * 37 + next() * 60) % 256),
        across: width + 5,
      };
      const [fast, plain] = [wasmKernels.softOutline(outline), plainKernels.softOutline(outline)];
      expect(fast?.tight).toEqual(plain?.tight);
      const apart = plain?.values.filter((v, k) => Math.abs(v - fast!.values[k]!) > 1).length ?? 0;
      expect(apart).toBeLessThanOrEqual(0.0005 * width * height);
      if (seed < 4) expect(plain!.values.some((v) => v > 0 && v < 65535)).toBe(true);
      else expect(plain).toBeNull();
    }
  });
});

describe('the compiled signed distance', () => {
  it.each([...sizes, [500, 3], [3, 500], [400, 300]] as const)(
    "is its twin's to the last place (%ix%i)",
    (width, height) => {
      const masks = [1, 2, 3].map((seed) => blob(width, height, seed));
      const corner = new Uint8Array(width * height);
      corner[0] = 1;
      const all = [...masks, corner, new Uint8Array(width * height), new Uint8Array(width * height).fill(255)];
      for (const mask of all) {
        const fast = wasmKernels.signedDistance(mask, width, height);
        const plain = plainKernels.signedDistance(mask, width, height);
        const worst = fast.reduce((most, d, k) => Math.max(most, Math.abs(d - plain[k]!) / Math.abs(plain[k]!)), 0);
        expect(worst).toBeLessThan(2 ** -23);
      }
    },
  );
});

describe('the compiled Lab conversion', () => {
  it.each([0, 1, 2, 7, 4096])('is its twin to the last bit (%i pixels)', (n) => {
    const next = numbers(n + 1);
    const rgb = Uint8Array.from({ length: n * 3 }, () => Math.floor(next() * 256));
    expect(wasmKernels.labFromRgb(rgb)).toEqual(plainKernels.labFromRgb(rgb));
    const out = new Float32Array(n * 3);
    expect(wasmKernels.labFromRgb(rgb, out)).toBe(out);
  });
});

describe('the compiled affine motion', () => {
  it('is its twin to the last bit, and null where that is', () => {
    const [width, height] = [90, 70];
    for (let seed = 1; seed <= 10; seed++) {
      const next = numbers(seed);
      const field = () =>
        Float32Array.from({ length: width * height }, (_, k) => 2 + (k % width) * 0.02 + (next() < 0.2 ? 9 : next()));
      const [u, v] = [field(), field()];
      const weight = Float32Array.from({ length: width * height }, () => (next() < 0.5 ? 0 : next()));
      const weightAt = (x: number, y: number) => weight[y * width + x]!;
      for (const step of [1, 3, 6, 40]) {
        const plain = plainKernels.fitAffine(u, v, weightAt, width, height, step);
        expect(wasmKernels.fitAffine(u, v, weightAt, width, height, step)).toEqual(plain);
        expect(wasmKernels.fitAffine(u, v, weightAt, width, height, step, [null, 1])).toEqual(
          plainKernels.fitAffine(u, v, weightAt, width, height, step, [null, 1]),
        );
      }
    }
  });
});

describe('links between neighbours', () => {
  it('are solved like the plain ones, and pixels that hold their value keep it', () => {
    const random = numbers(21);
    for (const [width, height] of [
      [3, 2],
      [40, 31],
    ]) {
      const stride = width + 2;
      const n = stride * (height + 2);
      const grid = { width, height, stride, ...{ right: new Float32Array(n), below: new Float32Array(n) } };
      const total = new Float32Array(n);
      const inverse = new Float32Array(n);
      const start = new Float32Array(n);
      for (let y = 1; y <= height; y++)
        for (let x = 1; x <= width; x++) {
          const k = y * stride + x;
          if (x < width) grid.right[k] = random();
          if (y < height) grid.below[k] = random();
          total[k] = grid.right[k] + grid.right[k - 1] + grid.below[k] + grid.below[k - stride];
          const held = x === 1 || x === width;
          inverse[k] = held ? 0 : 1 / total[k];
          start[k] = x === width ? 1 : 0;
        }
      const [plain, fast] = [start.slice(), start.slice()];
      plainKernels.solveLinks({ ...grid, total }, inverse, plain, 200);
      wasmKernels.solveLinks({ ...grid, total }, inverse, fast, 200);
      for (let k = 0; k < n; k++) expect(Math.abs(plain[k] - fast[k])).toBeLessThan(1e-3);
      for (let y = 1; y <= height; y++)
        for (let x = 1; x <= width; x++) {
          const k = y * stride + x;
          if (inverse[k] === 0) expect(fast[k]).toBe(start[k]);
          else {
            const around =
              grid.right[k] * fast[k + 1] +
              grid.right[k - 1] * fast[k - 1] +
              grid.below[k] * fast[k + stride] +
              grid.below[k - stride] * fast[k - stride];
            expect(Math.abs(fast[k] - around / total[k])).toBeLessThan(0.02);
          }
        }
    }
  });
});

describe('the compiled resizing', () => {
  it.each([
    [size(1920, 1080), size(854, 480)],
    [size(854, 480), size(570, 320)],
    [size(37, 91), size(64, 157)],
    [size(20, 30), size(64, 64)],
    [size(1, 1), size(64, 64)],
  ])('is within a level of its twin (%o to %o)', (from, to) => {
    const next = numbers(from.width);
    const rgb = Uint8Array.from({ length: from.width * from.height * 3 }, () => Math.floor(next() * 256));
    const plan = resizePlan(from, to);
    const [plain, fast] = [plainKernels.resizeRgb(plan, rgb), wasmKernels.resizeRgb(plan, rgb)];
    const off = fast.reduce((sum, v, k) => sum + (v === plain[k] ? 0 : Math.abs(v - plain[k]!) === 1 ? 1 : 1e9), 0);
    expect(fast.length).toBe(plain.length);
    expect(off).toBeLessThan(0.001 * plain.length);
    const out = new Uint8Array(plain.length);
    expect(wasmKernels.resizeRgb(plan, rgb, out)).toBe(out);
    expect(out).toEqual(fast);
  });
});
