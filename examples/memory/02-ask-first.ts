/** Memory is asked for before it is taken: what does not fit is refused with a code, before work starts. */
import { isRotokitError } from 'rotokit';
import { processBudget } from 'rotokit/resources';

const budget = processBudget(1e9);
const model = await budget.claim('a model of 200 MB', 200e6);
console.log(`promised: ${model.what}; room left: ${Math.round(budget.room / 1e6)} MB`);
try {
  await budget.claim('a model of 4 GB', 4e9);
} catch (error) {
  if (!isRotokitError(error)) throw error;
  console.log(`${error.code}: ${error.message}\n${error.fix}`);
}
model.release();
