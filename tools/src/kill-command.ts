/**
 * `tsx tools/src/kill-command.ts [kills=50] [seed=1]`: runs the main job on the sample clip and kills it at random moments
 * while it tracks and while it exports, starts it again and again until it is finished, and tells whether a frame it had
 * reported as done was lost or a file left broken. Ends with 1 if so.
 */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { idealClick } from '@rotokit/core/evaluation';
import { openSample } from 'rotokit/sample';
import { type CommandRound, killCommand } from './kill/command-rounds.js';
import { random, scratchFolder } from './kill/seeded.js';

const [kills, seed] = [Number(process.argv[2] ?? 50), Number(process.argv[3] ?? 1)];
const next = random(seed);
const folder = scratchFolder('rotokit-kill-');
const sample = await openSample();
const { x, y } = idealClick(sample.truth(0))!.at;
const counts = { tracking: 0, export: 0, finished: 0, reported: 0, lost: 0 };

function count(round: CommandRound): void {
  counts[round.phase]++;
  counts.reported += round.reported;
  counts.lost += round.lost.length;
  if (round.lost.length) console.log(`lost while in ${round.phase}: ${round.lost.join(', ')}`);
}

try {
  for (let job = 0; counts.tracking + counts.export < kills; job++) {
    const out = path.join(folder, `job-${job}`);
    const args = ['roto', sample.clip, '--object', 'fox', '--click', `${x},${y}`, '--as', 'exr', '-o', out];
    const phase = job % 2 ? 'export' : 'tracking';
    for (let running = true; running; ) {
      const after = 1 + Math.floor(next() * 8);
      const round = await killCommand(
        args,
        out,
        path.join(out, `${path.parse(sample.clip).name}.roto`),
        phase,
        after,
        next() * 150,
      );
      if (round) count(round);
      else running = false;
    }
    counts.finished++;
    const broken = readdirSync(path.join(out, 'exr')).filter((file) => !file.endsWith('.exr'));
    if (broken.length) console.log(`left behind: ${broken.join(', ')}`);
    counts.lost += broken.length;
    rmSync(out, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(counts);
process.exitCode = counts.lost ? 1 : 0;
