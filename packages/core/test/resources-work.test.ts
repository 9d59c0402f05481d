import {
  durationText,
  inBatches,
  indices,
  ProgressMeter,
  prefetch,
  progressText,
  StrideGuess,
  timed,
} from '@rotokit/core/resources';
import { RotokitError } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { PretendMachine } from './support/memory.js';

const collect = async <T>(from: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
};
const count = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('work in batches', () => {
  /** Batches whose time is `fixed` and `each` for every item, on the machine's own clock. */
  const batcher = (machine: PretendMachine, fixed: number, each: number) => {
    const sizes: number[] = [];
    const run = async (batch: readonly number[]) => {
      sizes.push(batch.length);
      machine.time += fixed + each * batch.length;
      return batch.map((n) => n * 2);
    };
    return { sizes, run };
  };
  const options = (machine: PretendMachine, limit = 8000) => {
    const now = () => machine.time;
    return { bytesPerItem: 100, most: 16, budget: machine.budget({ limit, now }), now };
  };

  it('yields results in order and grows as long as that is quicker', async () => {
    const machine = new PretendMachine();
    const { sizes, run } = batcher(machine, 100, 10);
    expect(await collect(inBatches(count(60), run, options(machine)))).toEqual(count(60).map((n) => n * 2));
    expect(sizes).toEqual([1, 2, 4, 8, 16, 16, 13]);
  });

  it('stays with one where more at once are no quicker', async () => {
    const machine = new PretendMachine();
    const { sizes, run } = batcher(machine, 0, 10);
    await collect(inBatches(count(11), run, options(machine)));
    expect(sizes).toEqual([1, 2, 4, 1, 1, 1, 1]);
  });

  it('takes as many as fit, fewer when memory gets short, with cleanup and progress between', async () => {
    const machine = new PretendMachine();
    const { sizes, run } = batcher(machine, 0, 10);
    const told: string[] = [];
    const more = {
      size: 'memory' as const,
      cleanup: () => machine.take(machine.reading.resident < 3000 ? 1000 : 0),
      onProgress: (p: { done: number; total: number }, batch: number) => told.push(`${p.done}/${p.total} ${batch}`),
    };
    await collect(inBatches(count(40), run, { ...options(machine, 4000), ...more }));
    expect(sizes).toEqual([16, 10, ...Array(14).fill(1)]);
    expect(told[0]).toBe('16/40 16');
  });

  it('does a batch again in halves when it runs out of memory', async () => {
    const machine = new PretendMachine();
    const { sizes, run } = batcher(machine, 100, 1);
    const tight = async (batch: readonly number[]) => {
      if (batch.length > 3) throw new RangeError('Array buffer allocation failed');
      return run(batch);
    };
    expect(await collect(inBatches(count(9), tight, options(machine)))).toHaveLength(9);
    expect(sizes).toEqual([1, 2, 2, 2, 2]);
  });

  it('refuses before it starts where not even one fits; passes other failures on', async () => {
    const machine = new PretendMachine();
    let started = 0;
    const run = async (batch: readonly number[]) => (started++, batch);
    const large = { ...options(machine), bytesPerItem: 1e6, what: 'a picture' };
    await expect(collect(inBatches(count(3), run, large))).rejects.toMatchObject({ code: 'MEMORY_LIMIT' });
    expect(started).toBe(0);
    const bad = () => Promise.reject(new RotokitError('INFERENCE_FAILED', { runtime: 'r', reason: 'x' }));
    await expect(collect(inBatches(count(3), bad, options(machine)))).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
    });
    await expect(collect(inBatches(count(3), async () => [], options(machine)))).rejects.toThrow(TypeError);
    expect(await collect(inBatches([], run, options(machine)))).toEqual([]);
  });

  it('stops between two batches', async () => {
    const machine = new PretendMachine();
    const stop = new AbortController();
    const { sizes, run } = batcher(machine, 0, 10);
    const onProgress = () => stop.abort(new Error('enough'));
    const work = collect(inBatches(count(9), run, { ...options(machine), signal: stop.signal, onProgress }));
    await expect(work).rejects.toThrow('enough');
    expect(sizes).toEqual([1]);
  });
});

describe('prefetching', () => {
  /** Makes values one turn of the loop after they are asked for; says what was asked, and stopped. */
  const maker = () => {
    const [asked, stopped]: [number[], number[]] = [[], []];
    const make = async (n: number, signal: AbortSignal) => {
      asked.push(n);
      await new Promise((done) => setTimeout(done, 0));
      if (signal.aborted) stopped.push(n);
      if (n === 13) throw new Error('unlucky');
      return n;
    };
    return { asked, stopped, make };
  };

  it('hands out in order whatever the pattern, never more ahead than told', async () => {
    for (const [from, to, stride] of [
      [0, 9, 1],
      [9, 0, 1],
      [1, 12, 3],
      [12, 2, 4],
      [5, 5, 2],
    ] as const) {
      const { asked, make } = maker();
      const got: number[] = [];
      for await (const n of prefetch(indices(from, to, stride), make, { ahead: 3 })) {
        got.push(n);
        await new Promise((done) => setTimeout(done, 2));
        expect(asked.length - got.length).toBeLessThanOrEqual(3);
      }
      expect(got).toEqual([...indices(from, to, stride)]);
    }
    const { asked, make } = maker();
    for await (const n of prefetch(count(4), make, { ahead: 0 })) expect(asked).toHaveLength(n + 1);
  });

  it('throws a failure when its turn comes', async () => {
    const { make } = maker();
    const got: number[] = [];
    const walk = async () => {
      for await (const n of prefetch(indices(10, 20), make, { ahead: 5 })) got.push(n);
    };
    await expect(walk()).rejects.toThrow('unlucky');
    expect(got).toEqual([10, 11, 12]);
  });

  it('stops and releases what nobody takes when the loop is left, and when the signal fires', async () => {
    const { asked, stopped, make } = maker();
    const released: number[] = [];
    for await (const n of prefetch(indices(0, 99), make, { ahead: 4, release: (v) => released.push(v) }))
      if (n === 2) break;
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(released).toEqual([3, 4, 5, 6]);
    expect(stopped).toContain(6);
    const stop = new AbortController();
    const lost: number[] = [];
    const walk = async () => {
      for await (const n of prefetch(indices(0, 99), make, { signal: stop.signal, release: (v) => lost.push(v) }))
        if (n === 1) stop.abort(new Error('enough'));
    };
    await expect(walk()).rejects.toThrow('enough');
    expect(lost).toEqual([2, 3]);
    await expect(collect(prefetch([1], make, { signal: stop.signal }))).rejects.toThrow('enough');
  });

  it('prepares less under pressure', async () => {
    const { asked, make } = maker();
    const budget = { pressure: 'critical' as 'normal' | 'high' | 'critical' };
    for await (const n of prefetch(count(6), make, { ahead: 3, budget })) {
      if (n === 0) expect(asked.length).toBe(1);
      budget.pressure = 'high';
      if (n === 3) expect(asked.length).toBe(5);
    }
    expect(() => [...indices(0, 5, 0)]).toThrow(RangeError);
    await expect(collect(prefetch([1], make, { ahead: -1 }))).rejects.toThrow(RangeError);
  });

  it('guesses the next read of somebody who goes evenly, and nothing else', () => {
    const guesses = (reads: readonly number[]) => {
      const guess = new StrideGuess();
      return reads.map((r) => guess.after(r));
    };
    expect(guesses([4, 5, 6])).toEqual([undefined, 6, 7]);
    expect(guesses([9, 8, 8, 8])).toEqual([undefined, 7, undefined, undefined]);
    expect(guesses([0, 5, 10, 15, 3, 9])).toEqual([undefined, undefined, 15, 20, undefined, undefined]);
  });
});

describe('progress', () => {
  it('tells pace and time left of late, not of the whole', () => {
    let time = 0;
    const meter = new ProgressMeter(100, () => time);
    expect(meter.progress).toMatchObject({ done: 0, fraction: 0, secondsLeft: undefined, perSecond: 0 });
    time = 60_000; // a slow beginning
    expect(meter.advance().secondsLeft).toBeCloseTo(5940);
    for (let n = 0; n < 49; n++) {
      time += 500;
      meter.advance();
    }
    expect(meter.progress).toMatchObject({ done: 50, fraction: 0.5, seconds: 84.5 });
    expect(meter.progress.perSecond).toBeCloseTo(2, 1);
    expect(progressText(meter.progress, 'frames')).toBe('50/100 frames, 2.0/s, 25 s left');
    expect(meter.advance(50).secondsLeft).toBe(0);
    expect(meter.advance()).toMatchObject({ done: 101, fraction: 1, secondsLeft: 0 });
    expect(() => meter.advance(-1)).toThrow(RangeError);
    expect(new ProgressMeter(0, () => 0).progress).toMatchObject({ fraction: 1, secondsLeft: 0 });
    expect([7.2, 200, 7500].map(durationText)).toEqual(['8 s', '3 min 20 s', '2 h 5 min']);
  });

  it('times work and passes its failure on', async () => {
    const machine = new PretendMachine();
    expect(await timed(machine.tick, async () => 'x')).toEqual({ value: 'x', ms: 1000 });
    await expect(timed(machine.tick, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
