/** Many pictures in batches, with progress: results come in the order of the items. */
import { inBatches, progressText } from '@rotokit/core/resources';
import { maskArea } from '@rotokit/core/values';
import { processBudget } from 'rotokit/resources';
import { sampleTruth } from '../support.ts';

const frames = Array.from({ length: 24 }, (_, n) => n);
const areas: number[] = [];
const measure = (batch: readonly number[]) => Promise.all(batch.map(async (n) => maskArea(await sampleTruth(n))));
for await (const area of inBatches(frames, measure, {
  ...{ bytesPerItem: 2e6, most: 8, budget: processBudget(), now: () => performance.now() },
  onProgress: (progress, batch) => console.log(`batch of ${batch}: ${progressText(progress, 'frames')}`),
}))
  areas.push(area);
console.log(`the fox covers ${Math.min(...areas).toFixed(0)} to ${Math.max(...areas).toFixed(0)} pixels`);
