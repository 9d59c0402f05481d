/** Two limits, bytes and values: what was used longest ago goes first, what is too large is handed out and not kept. */
import { FeatureCache } from '@rotokit/core/resources';

const cache = new FeatureCache<string>({ bytes: 1000, entries: 4 });
const ask = (key: string, bytes: number) => cache.getOrCompute(key, bytes, () => `features of ${key}`);
for (const key of ['a', 'b', 'c', 'd']) await ask(key, 200);
await ask('a', 200); // used again: b is the oldest now
await ask('e', 200); // a fifth value
console.log(`a ${cache.get('a') ? 'is kept' : 'is gone'}, b ${cache.get('b') ? 'is kept' : 'is gone'}`);
await ask('whole clip', 5000);
const { entries, bytes, evictions, hitRate } = cache.statistics;
console.log(`${entries} values, ${bytes} bytes, ${evictions} let go, ${(100 * hitRate).toFixed(0)} % from the cache`);
