/** When memory gets short, those who hold it give back: half of what they have first, then everything. */
import { bytesText, FeatureCache } from '@rotokit/core/resources';
import { processBudget, processMemory } from 'rotokit/resources';

const now = processMemory().read().resident;
const budget = processBudget(now + 400e6);
const features = new FeatureCache<Uint8Array>({ name: 'features', bytes: 1e9, budget });
budget.onPressure(({ from, to, freed }) =>
  console.log(
    `pressure ${from} -> ${to}, given back: ${Object.entries(freed).map(([who, n]) => `${who} ${bytesText(n)}`)}`,
  ),
);

for (let frame = 0; frame < 12; frame++) {
  await features.getOrCompute(`frame ${frame}`, 40e6, () => new Uint8Array(40e6).fill(frame));
  await budget.sample(); // between two steps of any long work
}
console.log(`held at the end: ${bytesText(features.bytes)} of 480 MB that were computed`);
await features.close();
