/**
 * `tsx tools/src/kill-store.ts [rounds=50] [seed=1]`: kills a process that keeps frames in a project, again and again,
 * and tells whether anything that it had reported as kept was lost. Ends with 1 if so.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { killRounds } from './kill/rounds.js';
import { scratchFolder } from './kill/seeded.js';

const [rounds, seed] = [Number(process.argv[2] ?? 50), Number(process.argv[3] ?? 1)];
const folder = scratchFolder('rotokit-kill-');
let [lost, midWrite, reported] = [0, 0, 0];
try {
  for await (const round of killRounds(path.join(folder, 'trial.roto'), rounds, seed)) {
    lost += round.lost.length;
    midWrite += Number(round.midWrite);
    reported = round.reported;
    if (round.lost.length) console.log(`lost after ${round.after.toFixed(1)} ms: ${round.lost.join(', ')}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${rounds} kills, ${midWrite} of them in the middle of a write; ${reported} reported, ${lost} lost`);
process.exitCode = lost ? 1 : 0;
