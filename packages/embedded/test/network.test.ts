import { isRotokitError } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { loadFusionNetwork } from '../src/fusion/network.js';
import { loadPlainFusionNetwork } from '../src/fusion/plain-network.js';
import { fromHalf, fusionWeightCount } from '../src/fusion/weights.js';

/** Numbers in -1..1 from a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A weights file of random halfs, about +-0.25, small enough that nothing overflows and every layer matters. */
function weightsFile(inputs: number, seed = 1): Uint8Array {
  const count = fusionWeightCount(inputs);
  const file = new Uint8Array(16 + 2 * count);
  const view = new DataView(file.buffer);
  file.set([...'RFUS'].map((c) => c.charCodeAt(0)));
  for (const [i, value] of [1, inputs, count].entries()) view.setUint32(4 + 4 * i, value, true);
  const next = numbers(seed);
  for (let i = 0; i < count; i++) {
    const [sign, exponent, fraction] = [next() < 0 ? 0x8000 : 0, 9 + Math.round(next() * 3), Math.abs(next()) * 1023];
    view.setUint16(16 + 2 * i, sign | (exponent << 10) | Math.floor(fraction), true);
  }
  return file;
}

function randomMaps(inputs: number, width: number, height: number, seed = 5): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: inputs * width * height }, next);
}

describe('the fusion network', () => {
  it.each([
    [27, 40, 32],
    [27, 37, 21],
    [27, 8, 8],
    [27, 1, 1],
    [27, 3, 50],
    [27, 90, 5],
    [18, 33, 29],
    [4, 16, 24],
    [1, 9, 9],
  ])('agrees with its plain twin (%i maps of %ix%i)', (inputs, width, height) => {
    const weights = weightsFile(inputs, inputs + width);
    const maps = randomMaps(inputs, width, height);
    const fast = loadFusionNetwork(weights).run(maps, width, height);
    const plain = loadPlainFusionNetwork(weights).run(maps, width, height);
    const size = Math.sqrt(plain.reduce((sum, value) => sum + value * value, 0) / plain.length);
    const worst = fast.reduce((most, value, k) => Math.max(most, Math.abs(value - plain[k]!)), 0);
    expect(fast.length).toBe(width * height);
    expect(size).toBeGreaterThan(1e-3);
    expect(worst / size).toBeLessThan(1e-5);
  });

  it('gives the same logits whatever ran before in the same instance', () => {
    const weights = weightsFile(27);
    const network = loadFusionNetwork(weights);
    const maps = randomMaps(27, 30, 26);
    const first = network.run(maps, 30, 26);
    network.run(randomMaps(27, 64, 50).fill(1e30), 64, 50);
    network.run(randomMaps(27, 5, 7), 5, 7);
    expect(network.run(maps, 30, 26)).toEqual(first);
    expect(loadFusionNetwork(weights).run(maps, 30, 26)).toEqual(first);
  });

  it('refuses weights that are not its own, saying why', () => {
    const good = weightsFile(27);
    const broken = (change: (file: Uint8Array, view: DataView) => void) => {
      const file = good.slice();
      change(file, new DataView(file.buffer));
      return file;
    };
    const cases: [Uint8Array, string][] = [
      [good.subarray(0, 10), 'RFUS'],
      [broken((file) => void (file[0] = 0)), 'RFUS'],
      [broken((_, view) => view.setUint32(4, 2, true)), 'version 2'],
      [broken((_, view) => view.setUint32(8, 26, true)), '26 maps need'],
      [broken((_, view) => view.setUint32(8, 900, true)), '900 maps'],
      [good.subarray(0, good.length - 2), 'bytes long'],
    ];
    for (const [file, reason] of cases) {
      try {
        loadFusionNetwork(file);
        expect.unreachable();
      } catch (error) {
        expect(isRotokitError(error) && error.code).toBe('ENGINE_UNAVAILABLE');
        expect((error as Error).message).toContain(reason);
      }
    }
  });

  it('refuses maps of another size', () => {
    const network = loadFusionNetwork(weightsFile(3));
    expect(() => network.run(new Float32Array(10), 2, 2)).toThrow('3 x 2 x 2');
    expect(() => network.run(new Float32Array(0), 0, 2)).toThrow(RangeError);
  });

  it('reads half floats: normal, subnormal, infinite, signed zero', () => {
    expect([0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555].map(fromHalf)).toEqual([
      1,
      -2,
      2 ** -24,
      Number.POSITIVE_INFINITY,
      0.333251953125,
    ]);
    expect(Object.is(fromHalf(0x8000), -0)).toBe(true);
  });
});
