import {
  bytesOfTensors,
  HARDWARE_NAMES,
  memoryScratch,
  type Precision,
  recommendHardware,
  resolveHardware,
  TensorShelf,
  tensorCodec,
} from '@rotokit/core/resources';
import { bfloatsFromFloats, floatsFromBfloats } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { PretendMachine } from './support/memory.js';
import { randomFrom } from './support/shot.js';

const random = randomFrom(3);
const floats = (n: number) => Float32Array.from({ length: n }, () => (random() - 0.5) * 8);
const features = (n: number) => ({
  keys: { type: 'float32', shape: [1, n], data: floats(n) } as const,
  ids: { type: 'int64', shape: [2], data: BigInt64Array.of(-1n, 2n ** 60n) } as const,
  there: { type: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) } as const,
  none: { type: 'float32', shape: [0], data: new Float32Array(0) } as const,
});
const worst = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]) / Math.max(1e-3, Math.abs(v))), 0);

describe('tensors as bytes', () => {
  it.each([
    ['float32', 0],
    ['float16', 2 ** -11],
    ['bfloat16', 2 ** -8],
  ] as const)('come back as they were in %s, to %d of their size', (precision, error) => {
    const { encode, decode } = tensorCodec(precision);
    const tensors = features(1001);
    const bytes = encode(tensors);
    const odd = new Uint8Array(bytes.length + 3).subarray(3); // a file's bytes lie anywhere
    odd.set(bytes);
    const back = decode(odd) as typeof tensors;
    expect(back.keys.data).toBeInstanceOf(Float32Array);
    expect(worst(tensors.keys.data, back.keys.data)).toBeLessThanOrEqual(error);
    expect({ ...back, keys: 0 }).toEqual({ ...tensors, keys: 0 });
    expect(back.keys.shape).toEqual([1, 1001]);
    expect(bytes.length).toBeLessThan(1001 * (precision === 'float32' ? 4 : 2) + 600);
    expect(bytesOfTensors(tensors)).toBe(4004 + 16 + 3);
  });

  it('keep infinities, zeros and what is no number in bfloat16', () => {
    const odd = Float32Array.of(0, -0, Infinity, -Infinity, Number.NaN, 3.4e38, 1e-40, 1.00390625);
    const back = floatsFromBfloats(bfloatsFromFloats(odd));
    expect([...back.subarray(0, 5)]).toEqual([0, -0, Infinity, -Infinity, Number.NaN]);
    expect(back[5]).toBe(Infinity); // nearer than the largest bfloat16, 3.39e38
    expect(back[7]).toBe(1); // halfway between two: to the even one
  });

  it('refuse bytes that are none', () => {
    expect(() => tensorCodec('float32').decode(Uint8Array.of(255, 255, 0, 0, 1))).toThrow(RangeError);
  });
});

describe('a shelf of tensors', () => {
  const shelf = (bytes: number, more = {}) =>
    new TensorShelf({ name: 'bank', precision: 'float16', bytes, scratch: memoryScratch(), ...more });

  it('moves what is unused longest to scratch and brings it back without a difference', async () => {
    const bank = shelf(3000);
    const all = new Map(Array.from({ length: 8 }, (_, n) => [`f${n}`, features(400)]));
    for (const [key, tensors] of all) await bank.put(key, tensors);
    expect(bank.statistics).toMatchObject({ entries: 8, returned: 0 });
    expect(bank.bytes).toBeLessThanOrEqual(3000);
    expect(bank.statistics.moved).toBeGreaterThan(4);
    const read = () => Promise.all([...all.keys()].map((key) => bank.get(key)));
    const [first, again] = [await read(), await read()];
    expect(again).toEqual(first);
    expect(bank.bytes).toBeLessThanOrEqual(3000);
    await bank.delete('f0');
    await expect(bank.get('f0')).rejects.toThrow(RangeError);
    await bank.put('f1', features(4));
    expect((await bank.get('f1')).keys?.shape).toEqual([1, 4]);
    await bank.close();
    expect(bank.statistics.entries).toBe(0);
  });

  it('gives everything back under critical pressure, and half under high', async () => {
    const budget = new PretendMachine().budget();
    const bank = shelf(1e6, { budget });
    for (const key of 'abcd') await bank.put(key, features(400));
    const before = bank.bytes;
    expect(await budget.relieve('automatic')).toEqual({ bank: before / 2 });
    expect(await budget.relieve('aggressive')).toEqual({ bank: before / 2 });
    expect(bank.bytes).toBe(0);
    expect((await bank.get('a')).keys?.data).toHaveLength(400);
    await bank.close();
  });

  it('refuses what it has no room for where there is no scratch, and keeps what it has', async () => {
    const bank = new TensorShelf({ precision: 'float32', bytes: 4000 });
    await bank.put('a', features(400));
    await expect(bank.put('b', features(900))).rejects.toMatchObject({ code: 'MEMORY_LIMIT' });
    expect((await bank.get('a')).keys?.data).toHaveLength(400);
    expect(await bank.relieve('aggressive')).toBe(0);
  });
});

describe('presets for machines', () => {
  const machine = (cores: number, memory: number, gpu?: number) => ({
    cores,
    memory,
    ...(gpu ? { gpu: { name: 'a GPU', memory: gpu } } : {}),
  });

  it('are recommended by what there is', () => {
    const names = [
      machine(16, 64e9, 25e9),
      machine(8, 32e9, 12.9e9),
      machine(16, 64e9),
      machine(4, 8e9),
      machine(1, 2e9),
    ];
    expect(names.map((m) => recommendHardware(m).name)).toEqual(['gpu-24gb', 'gpu-12gb', 'cpu', 'cpu', 'laptop']);
    expect(recommendHardware(machine(16, 64e9)).reason).toContain('no GPU');
    expect(recommendHardware(machine(1, 1e9)).settings.memoryLimit).toBe(8e8); // never beyond 80 %
  });

  it('shrink with the limit that is asked for, and are checked', () => {
    const facts = machine(16, 64e9);
    const [whole, half] = [resolveHardware('cpu', facts), resolveHardware('cpu', facts, { memoryLimit: 2e9 })];
    expect([half.settings.features * 2, half.settings.memoryLimit]).toEqual([whole.settings.features, 2e9]);
    expect(half.settings.ahead).toBe(whole.settings.ahead);
    expect(resolveHardware('auto', facts, { ahead: 7 }).settings.ahead).toBe(7);
    for (const name of HARDWARE_NAMES) expect(resolveHardware(name, machine(1, 3e8)).settings.memoryLimit).toBe(2.4e8);
    expect(() => resolveHardware('toaster' as 'cpu', facts)).toThrow(/gpu-24gb, gpu-12gb, cpu, laptop/);
    expect(() => resolveHardware('cpu', facts, { features: 5e9 })).toThrow(/more than memoryLimit/);
    expect(() => resolveHardware('cpu', facts, { ahead: 1.5 })).toThrow(/ahead/);
    expect(() => resolveHardware('cpu', facts, { memoryLimit: -1 })).toThrow(RangeError);
    expect(() => resolveHardware('cpu', facts, { precision: 'int8' as Precision })).toThrow(/precision/);
  });
});
