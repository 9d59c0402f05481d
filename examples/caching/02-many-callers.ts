/** Callers who come at once wait for one computation; who leaves does not take it from the others; a failure is not kept. */
import { setTimeout as pause } from 'node:timers/promises';
import { FeatureCache } from '@rotokit/core/resources';

const cache = new FeatureCache<string>({ bytes: 1000 });
let computed = 0;
const encode = async () => {
  computed++;
  await pause(20);
  return 'features';
};
const impatient = new AbortController();
const asked = [
  cache.getOrCompute('frame 1', 100, encode),
  cache.getOrCompute('frame 1', 100, encode, impatient.signal),
  cache.getOrCompute('frame 1', 100, encode),
];
impatient.abort(new Error('this one left'));
const answers = await Promise.allSettled(asked);
console.log(
  answers.map((a) => (a.status === 'fulfilled' ? a.value : (a.reason as Error).message)),
  `computed ${computed} time(s)`,
);

await cache
  .getOrCompute('frame 2', 100, () => Promise.reject(new Error('out of memory')))
  .catch((e: Error) => console.log(e.message));
console.log(await cache.getOrCompute('frame 2', 100, encode));
