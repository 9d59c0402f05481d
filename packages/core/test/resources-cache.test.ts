import { type ByteStore, type Codec, cached, FeatureCache, Lru } from '@rotokit/core/resources';
import { describe, expect, it } from 'vitest';
import { PretendMachine } from './support/memory.js';
import { randomFrom } from './support/shot.js';

const text: Codec<string> = {
  encode: (s) => new TextEncoder().encode(s),
  decode: (b) => new TextDecoder().decode(b),
};

/** A disk in memory. */
class Shelf implements ByteStore {
  readonly held = new Map<string, Uint8Array>();
  broken = false;
  #check() {
    if (this.broken) throw new Error('the disk is gone');
  }
  async get(key: string) {
    this.#check();
    return this.held.get(key);
  }
  async put(key: string, bytes: Uint8Array) {
    this.#check();
    this.held.set(key, bytes.slice());
  }
  async delete(key: string) {
    this.held.delete(key);
  }
}

/** A computation that the test ends. */
function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers
    ? Promise.withResolvers<string>()
    : (() => {
        let [resolve, reject] = [(_: string) => {}, (_: unknown) => {}];
        const promise = new Promise<string>((a, b) => ([resolve, reject] = [a, b]));
        return { promise, resolve, reject };
      })();
  return { promise, resolve, reject };
}

const soon = () => new Promise<void>((done) => setTimeout(done, 0));

describe('least recently used', () => {
  it('goes first, by bytes and by number, and is told of', () => {
    const dropped: string[] = [];
    const lru = new Lru<string, number>({ bytes: 10, entries: 3, drop: (_, key) => dropped.push(key) });
    for (const key of ['a', 'b', 'c']) lru.set(key, 1, 2);
    lru.get('a');
    lru.set('d', 1, 2);
    expect(dropped).toEqual(['b']);
    lru.set('e', 1, 7);
    expect([[...lru.keys()], lru.bytes, dropped]).toEqual([['d', 'e'], 9, ['b', 'c', 'a']]);
    expect(lru.set('f', 1, 11)).toBe(false);
    expect(lru.size).toBe(2);
    expect([lru.shrink(7), [...lru.keys()]]).toEqual([2, ['e']]);
    lru.clear();
    expect([lru.bytes, lru.size, dropped.length]).toEqual([0, 0, 5]);
  });

  it('keeps one that is larger than everything where that is asked for', () => {
    const lru = new Lru<string, number>({ bytes: 10, oversize: 'keep' });
    lru.set('a', 1, 5);
    expect(lru.set('b', 1, 50)).toBe(true);
    expect([...lru.keys()]).toEqual(['b']);
    expect(() => lru.set('c', 1, Number.NaN)).toThrow(RangeError);
  });
});

describe('a feature cache', () => {
  it('computes once for all who ask meanwhile, and not again', async () => {
    const cache = new FeatureCache<string>({ bytes: 100 });
    const work = controlled();
    let computed = 0;
    const ask = () =>
      cache.getOrCompute('a', 4, () => {
        computed++;
        return work.promise;
      });
    const asked = [ask(), ask(), ask()];
    await soon();
    work.resolve('features');
    expect(await Promise.all(asked)).toEqual(['features', 'features', 'features']);
    expect(await ask()).toBe('features');
    expect(computed).toBe(1);
    expect(cache.statistics).toMatchObject({ misses: 1, joined: 2, hits: 1, hitRate: 0.75, bytes: 4, entries: 1 });
  });

  it('tells all who wait of a failure and does not keep it', async () => {
    const cache = new FeatureCache<string>({ bytes: 100 });
    const fail = () => Promise.reject(new Error('no'));
    const both = await Promise.allSettled([cache.getOrCompute('a', 1, fail), cache.getOrCompute('a', 1, fail)]);
    expect(both.map((b) => b.status)).toEqual(['rejected', 'rejected']);
    expect(await cache.getOrCompute('a', 1, () => 'now')).toBe('now');
    expect(cache.statistics.failures).toBe(1);
  });

  it('lets one caller leave without stopping the other, and stops when the last has left', async () => {
    const cache = new FeatureCache<string>({ bytes: 100 });
    const [first, second] = [new AbortController(), new AbortController()];
    const work = controlled();
    let seen: AbortSignal | undefined;
    const ask = (signal: AbortSignal) => cache.getOrCompute('a', 1, (s) => ((seen = s), work.promise), signal);
    const one = ask(first.signal);
    const two = ask(second.signal);
    await soon();
    first.abort(new Error('mine'));
    await expect(one).rejects.toThrow('mine');
    expect(seen?.aborted).toBe(false);
    second.abort(new Error('mine too'));
    await expect(two).rejects.toThrow('mine too');
    expect(seen?.aborted).toBe(true);
    expect(await cache.getOrCompute('a', 1, () => 'anew')).toBe('anew'); // not the one that was given up
    work.reject(new Error('stopped'));
    await soon();
    expect(cache.get('a')).toBe('anew');
    await expect(ask(first.signal)).rejects.toThrow('mine');
  });

  it('begins to compute within the call, so that what it was given may be changed afterwards', async () => {
    const cache = new FeatureCache<string>({ bytes: 100 });
    let given = 'as asked';
    const asked = cache.getOrCompute('a', 8, () => given);
    given = 'changed';
    expect(await asked).toBe('as asked');
  });

  it('hands out what is too large to be kept', async () => {
    const cache = new FeatureCache<string>({ bytes: 10 });
    expect(
      await cache.getOrCompute(
        'a',
        (v) => v.length,
        () => 'larger than ten',
      ),
    ).toBe('larger than ten');
    expect(cache.bytes).toBe(0);
  });

  it('goes on from disk, in another cache too, and through a disk that fails', async () => {
    const store = new Shelf();
    const options = { bytes: 8, disk: { store, codec: text } };
    await using cache = new FeatureCache<string>(options);
    for (const key of ['a', 'b', 'c']) await cache.getOrCompute(key, 4, () => `of ${key}`);
    await cache.flush();
    expect([store.held.size, cache.statistics.evictions]).toEqual([3, 1]);
    const never = () => Promise.reject(new Error('computed again'));
    expect(await cache.getOrCompute('a', 4, never)).toBe('of a');
    await using other = new FeatureCache<string>(options);
    expect(await other.getOrCompute('b', 4, never)).toBe('of b');
    store.broken = true;
    expect(await other.getOrCompute('c', 4, () => 'again')).toBe('again');
    await other.flush();
    expect(other.statistics).toMatchObject({ diskHits: 1, diskFailures: 2, misses: 1 });
    await cache.delete('a');
    expect([cache.get('a'), store.held.has('a')]).toEqual([undefined, false]);
  });

  it('writes only what took long enough to compute, where it is told how long that is', async () => {
    const store = new Shelf();
    let now = 0;
    const put = store.put.bind(store);
    store.put = async (key, bytes) => {
      now += 2 * bytes.length;
      await put(key, bytes);
    };
    const disk = { store, codec: text, worth: { now: () => now, times: 3 } };
    await using cache = new FeatureCache<string>({ bytes: 8, disk });
    const compute = async (key: string, ms: number) => {
      await cache.getOrCompute(key, 4, () => {
        now += ms;
        return `of ${key[0]}`;
      });
      await cache.flush();
    };
    // Nothing is known of the disk at first. Four letters take 8 ms to write, so 24 are needed.
    for (const [key, ms] of [
      ['first', 1],
      ['short', 20],
      ['long', 60],
    ] as const)
      await compute(key, ms);
    expect([...store.held.keys()]).toEqual(['first', 'long']);
    expect(await cache.getOrCompute('first', 4, () => 'computed again')).toBe('of f');
    // A slow write is forgotten in time.
    for (let n = 0; n < 5; n++) await compute(`x${n}`, 20);
    expect(store.held.size).toBeGreaterThan(2);
  });

  it('gives memory back to a budget and goes with it', async () => {
    const budget = new PretendMachine().budget();
    const cache = new FeatureCache<string>({ name: 'features', bytes: 100, budget });
    for (let n = 0; n < 10; n++) await cache.getOrCompute(`${n}`, 10, () => 'x');
    expect(await budget.relieve('automatic')).toEqual({ features: 50 });
    expect(cache.get('9')).toBe('x');
    expect(await budget.relieve('aggressive')).toEqual({ features: 50 });
    await cache.close();
    await cache.close();
    expect(await budget.relieve('aggressive')).toEqual({});
    await expect(cache.getOrCompute('a', 1, () => 'x')).rejects.toThrow(TypeError);
  });

  it('stops what is under way when it is closed', async () => {
    const cache = new FeatureCache<string>({ bytes: 100 });
    const waiting = cache.getOrCompute(
      'a',
      1,
      (s) => new Promise((_, no) => s.addEventListener('abort', () => no(s.reason))),
    );
    await soon();
    await cache.close();
    await expect(waiting).rejects.toThrow('was closed');
  });

  it('wraps a function, several in one cache', async () => {
    const cache = new FeatureCache<string>({ bytes: 100 });
    const asked: number[] = [];
    const encode = cached(
      cache,
      'encode',
      (n: number) => `${n}`,
      4,
      (_, n) => (asked.push(n), `e${n}`),
    );
    const decode = cached(
      cache,
      'decode',
      (n: number) => `${n}`,
      4,
      (_, n) => `d${n}`,
    );
    expect([await encode(1), await decode(1), await encode(1), asked]).toEqual(['e1', 'd1', 'e1', [1]]);
  });
});

describe('concurrent callers of a cache, 300 random runs', () => {
  it('get one computation at a time, the right value, their own abort or the failure they waited for', async () => {
    for (let seed = 1; seed <= 300; seed++) await randomRun(randomFrom(seed));
  });
});

/** Twelve callers of three keys who come, leave and wait in random order, over computations that end, or fail, at random. */
async function randomRun(random: () => number): Promise<void> {
  const cache = new FeatureCache<string>({ bytes: 20, entries: 2 });
  const running = new Map<string, number>();
  const pause = async () => {
    for (let n = Math.floor(random() * 12); n > 0; n--) await Promise.resolve();
  };
  let made = 0;
  const compute = (key: string) => async (signal: AbortSignal) => {
    const failing = random() < 0.25;
    const mine = ++made;
    if (!signal.aborted) running.set(key, (running.get(key) ?? 0) + 1);
    let counted = !signal.aborted;
    const leave = () => {
      if (counted) running.set(key, running.get(key)! - 1);
      counted = false;
    };
    signal.addEventListener('abort', leave);
    expect(running.get(key) ?? 0).toBeLessThanOrEqual(1);
    await pause();
    leave();
    if (failing) throw new Error(`failed ${key}`);
    return `${key}#${mine}`;
  };
  const caller = async () => {
    await pause();
    const key = 'abc'[Math.floor(random() * 3)]!;
    const stop = random() < 0.4 ? new AbortController() : undefined;
    const answer = cache.getOrCompute(key, 8, compute(key), stop?.signal);
    answer.catch(() => {});
    if (stop) {
      await pause();
      stop.abort(new Error('left'));
    }
    const outcome = await answer.then(
      (value) => value,
      (e: Error) => e.message,
    );
    if (outcome === 'left') expect(stop).toBeDefined();
    else expect(outcome === `failed ${key}` || outcome.startsWith(`${key}#`)).toBe(true);
    expect(cache.bytes).toBeLessThanOrEqual(20);
  };
  await Promise.all(Array.from({ length: 12 }, caller));
  await cache.close();
  const { hits, joined, misses, bytes } = cache.statistics;
  expect(hits + joined + misses).toBeLessThanOrEqual(12);
  expect(bytes).toBe(0);
}
