/** How many fit together follows from the memory there is: less of it, smaller batches; none, a coded error before anything starts. */
import { inBatches } from '@rotokit/core/resources';
import { isRotokitError } from 'rotokit';
import { processBudget, processMemory } from 'rotokit/resources';

const sizes: number[] = [];
const run = async (batch: readonly number[]) => (sizes.push(batch.length), batch);
const items = Array.from({ length: 32 }, (_, n) => n);
const now = () => performance.now();
const { resident } = processMemory().read();
for (const extra of [4000e6, 300e6, 20e6]) {
  sizes.length = 0;
  const budget = processBudget(resident + extra);
  try {
    for await (const _ of inBatches(items, run, {
      bytesPerItem: 25e6,
      most: 16,
      size: 'memory',
      budget,
      now,
      what: 'a 4K picture',
    }));
    console.log(`${extra / 1e6} MB more: batches of ${sizes.join(', ')}`);
  } catch (error) {
    if (!isRotokitError(error)) throw error;
    console.log(`${extra / 1e6} MB more: ${error.code}, ${error.message}`);
  }
}
