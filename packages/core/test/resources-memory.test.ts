import { bytesText, findLeak, type PressureEvent, parseBytes } from '@rotokit/core/resources';
import { describe, expect, it } from 'vitest';
import { PretendMachine } from './support/memory.js';
import { randomFrom } from './support/shot.js';

describe('a memory budget', () => {
  it('says what fits: within the limit, within what the system has, after what is promised', async () => {
    const machine = new PretendMachine();
    const budget = machine.budget({ limit: 4000 });
    expect([budget.room, budget.canLoad(3000), budget.canLoad(3001)]).toEqual([3000, true, false]);
    const claim = await budget.claim('a model', 2000);
    expect(budget.room).toBe(1000);
    machine.take(2000); // what was promised is taken: it does not count twice
    expect(budget.room).toBe(1000);
    machine.reading = { ...machine.reading, available: 400 };
    expect(budget.room).toBe(400);
    claim.release();
    claim.release();
    expect(budget.claimed).toBe(0);
  });

  it('refuses before anything is taken, with a code and figures', async () => {
    const budget = new PretendMachine().budget({ limit: 4000 });
    await expect(budget.claim('tracking at 4K', 5e9)).rejects.toMatchObject({
      code: 'MEMORY_LIMIT',
      facts: { what: 'tracking at 4K' },
    });
    expect(budget.claimed).toBe(0);
    await expect(budget.claim('nonsense', Number.NaN)).rejects.toThrow(RangeError);
  });

  it('has holders give back before it refuses, gently first', async () => {
    const machine = new PretendMachine();
    const budget = machine.budget({ limit: 4000 });
    machine.take(2500);
    const asked: string[] = [];
    const give = (how: string) => {
      asked.push(how);
      machine.take(-1000);
      return 1000;
    };
    budget.hold({ name: 'broken', bytes: 0, relieve: () => Promise.reject(new Error('cannot')) });
    const leave = budget.hold({ name: 'features', bytes: 2000, relieve: give });
    expect((await budget.claim('more', 1500)).bytes).toBe(1500);
    expect(asked).toEqual(['automatic']);
    expect((await budget.claim('still more', 900)).bytes).toBe(900);
    expect(asked).toEqual(['automatic', 'automatic']);
    leave();
    await expect(budget.claim('too much', 2000)).rejects.toMatchObject({ code: 'MEMORY_LIMIT' });
    expect(asked).toHaveLength(2);
  });

  it('tells of pressure once each way, without fluttering, and has holders give back', async () => {
    const machine = new PretendMachine();
    const budget = machine.budget({ limit: 4000, thresholds: { high: 0.5, critical: 0.8 } });
    const events: PressureEvent[] = [];
    const end = budget.onPressure((e) => events.push(e));
    budget.hold({ name: 'features', bytes: 0, relieve: (how) => (how === 'automatic' ? 10 : 20) });
    const at = async (resident: number) => {
      machine.take(resident - machine.reading.resident);
      return budget.sample();
    };
    expect(await at(1500)).toBe('normal');
    expect(await at(2100)).toBe('high');
    expect(await at(1900)).toBe('high'); // 47.5 %: not 5 % below the threshold yet
    expect(await at(3300)).toBe('critical');
    expect(await at(3100)).toBe('critical');
    expect(await at(1500)).toBe('normal');
    end();
    expect(await at(3900)).toBe('critical');
    expect(events.map((e) => [e.from, e.to, e.freed])).toEqual([
      ['normal', 'high', { features: 10 }],
      ['high', 'critical', { features: 20 }],
      ['critical', 'normal', {}],
    ]);
  });

  it('cuts batches so that they bring on no pressure, one as long as one fits', () => {
    const budget = new PretendMachine().budget({ limit: 5000 }); // 3,750 are calm, 1,000 are taken
    expect([1, 100, 500, 2750, 2751, 4000, 4001].map((b) => budget.optimalBatch(b, 16))).toEqual([
      16, 16, 5, 1, 1, 1, 0,
    ]);
    expect(() => budget.optimalBatch(0, 4)).toThrow(RangeError);
    expect(() => budget.optimalBatch(10, 0)).toThrow(RangeError);
  });

  it('finds a planted leak, by its place, and none in garbage or in a cache that fills', async () => {
    const machine = new PretendMachine();
    const budget = machine.budget({ limit: 9000 });
    let kept = 0;
    budget.hold({
      name: 'features',
      relieve: () => 0,
      get bytes() {
        return kept;
      },
    });
    const random = randomFrom(5);
    const run = async (leaking: number) => {
      for (let n = 0; n < 60; n++) {
        const garbage = Math.floor(random() * 500);
        if (kept < 400) {
          kept += 20;
          machine.take(20);
        }
        machine.take(garbage + leaking);
        await budget.sample();
        machine.take(-garbage);
      }
    };
    await run(0);
    expect(budget.leak(100)).toEqual({ kind: 'steady' });
    budget.hold({
      name: 'frames',
      relieve: () => 0,
      get bytes() {
        return (machine.reading.buffers - 200 - kept) / 2;
      },
    });
    await run(20);
    await run(20);
    const verdict = budget.leak(100);
    expect(verdict).toMatchObject({ kind: 'growing' });
    expect(verdict.kind === 'growing' && verdict.growth).toBeGreaterThan(500);
    expect(budget.summary()).toMatch(/held: features 400 B, frames/);
  });

  it('says that it knows nothing yet, and tells the holder that grows', () => {
    const sample = (n: number, frames: number) => ({ at: n, bytes: { resident: 1000 + (n % 7), frames } });
    expect(findLeak([sample(0, 0)])).toMatchObject({ kind: 'unknown', samples: 1 });
    const samples = Array.from({ length: 100 }, (_, n) => sample(n, n * 10));
    expect(findLeak(samples, 100)).toMatchObject({ kind: 'growing', what: 'frames' });
    expect(findLeak(samples, 1e6)).toEqual({ kind: 'steady' });
    const perSample = findLeak(samples, 100);
    expect(perSample.kind === 'growing' && Math.abs(perSample.perSample - 10)).toBeLessThan(1);
  });

  it('refuses limits and thresholds that make no sense', () => {
    const machine = new PretendMachine();
    expect(() => machine.budget({ limit: 0 })).toThrow(RangeError);
    expect(() => machine.budget({ thresholds: { high: 0.9, critical: 0.8 } })).toThrow(RangeError);
  });
});

describe('sizes', () => {
  it('are written and read as people do', () => {
    expect([0, 999, 1000, 64e6, 1.54e9, -2e6].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '64 MB',
      '1.5 GB',
      '-2.0 MB',
    ]);
    expect(['2GB', '800 MB', '1.5g', '500000', '3kb'].map(parseBytes)).toEqual([2e9, 8e8, 1.5e9, 5e5, 3000]);
    for (const wrong of ['', 'much', '-1GB', '0', '1e400']) expect(() => parseBytes(wrong)).toThrow(RangeError);
  });
});
