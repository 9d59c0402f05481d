/**
 * `tsx tools/src/fuzz-project.ts [count=2000] [first seed=1]`: uses damaged copies of a project file and tells how each
 * ended. Ends with 1 when one crashed, hung or was refused without a code; its seed makes the same file again.
 */
import { rmSync } from 'node:fs';
import { fuzzProjects } from './fuzz-project/run.js';
import { scratchFolder } from './kill/seeded.js';

const [count, first] = [Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 1)];
const folder = scratchFolder('rotokit-fuzz-');
try {
  const { outcomes, failures } = await fuzzProjects(folder, first, count);
  for (const { seed, how } of failures) console.log(`seed ${seed}: ${how}`);
  console.log(outcomes, `${failures.length} failures`);
  process.exitCode = failures.length ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
