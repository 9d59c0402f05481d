/** A batch that runs out of memory is done again in halves, and what holds memory is asked to give back between. */
import { inBatches } from '@rotokit/core/resources';
import { processBudget } from 'rotokit/resources';

const sizes: string[] = [];
/** A device that has room for five. */
const run = async (batch: readonly number[]) => {
  if (batch.length > 5) {
    sizes.push(`(${batch.length})`);
    throw new RangeError('Array buffer allocation failed');
  }
  sizes.push(`${batch.length}`);
  return batch.map((n) => n * n);
};
const results: number[] = [];
const options = {
  bytesPerItem: 1e6,
  most: 16,
  size: 'memory',
  budget: processBudget(),
  now: () => performance.now(),
} as const;
for await (const r of inBatches(
  Array.from({ length: 20 }, (_, n) => n),
  run,
  options,
))
  results.push(r);
console.log(`batches tried: ${sizes.join(' ')}; ${results.length} results, the last is ${results.at(-1)}`);
