/** Forward, backward, every fifth; left early, what was prepared is released and what was under way is stopped. */
import { indices, prefetch, StrideGuess } from '@rotokit/core/resources';
import { maskArea } from '@rotokit/core/values';
import { sampleTruth } from '../support.ts';

for (const [name, keys] of Object.entries({
  forward: indices(0, 5),
  backward: indices(5, 0),
  strided: indices(0, 20, 5),
})) {
  const areas: string[] = [];
  for await (const mask of prefetch(keys, sampleTruth)) areas.push(maskArea(mask).toFixed(0));
  console.log(`${name}: ${areas.join(' ')}`);
}
const released: number[] = [];
const read = async (frame: number) => frame;
for await (const frame of prefetch(indices(0, 99), read, { ahead: 4, release: (f) => released.push(f) }))
  if (frame === 2) break;
console.log(`left at frame 2; released ${released.join(', ')}`);

const guess = new StrideGuess();
console.log(`somebody reads 10, 15, 20: next is ${[10, 15, 20].map((r) => guess.after(r)).at(-1)}`);
