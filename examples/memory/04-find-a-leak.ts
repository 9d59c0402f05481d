/** A leak shows in the floor of what is held, not in its peaks: garbage comes and goes, a leak stays. */
import { processBudget } from 'rotokit/resources';

const budget = processBudget();
const frames: Uint8Array[] = []; // every frame is kept: nobody takes it out again
for (let n = 0; n < 60; n++) {
  frames.push(new Uint8Array(1e6).fill(1));
  await budget.sample();
}
const verdict = budget.leak();
if (verdict.kind !== 'growing') throw new Error(`the leak was not found: ${verdict.kind}`);
const { what, growth, perSample } = verdict;
console.log(
  `${what} grew by ${(growth / 1e6).toFixed(0)} MB, ${(perSample / 1e6).toFixed(2)} MB a frame (1 MB was planted)`,
);
console.log(`${frames.length} frames are still held`);
