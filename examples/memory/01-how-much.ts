/** What memory there is, what of it can be planned with, and how many pictures may be worked on together. */
import { processBudget } from 'rotokit/resources';

const budget = processBudget(2e9); // stay within 2 GB; leave it out for the whole machine
console.log(budget.summary());

const frame4k = 3840 * 2160 * 3 * 4; // a 4K picture in floats
console.log(`one more 4K picture fits: ${budget.canLoad(frame4k)}`);
console.log(`together, without bringing on pressure: ${budget.optimalBatch(frame4k, 32)}`);
