/**
 * `tsx tools/src/fuzz-media.ts [count=2000] [first seed=1] [--with-ffmpeg]`: opens and reads damaged clips and pictures and tells how
 * each ended. Ends with 1 when one crashed, hung or was refused without a code; its seed makes the same file again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fuzzMedia } from './fuzz-media/run.js';

const numbers = process.argv.slice(2).filter((a) => /^\d+$/.test(a));
const [count, first] = [Number(numbers[0] ?? 2000), Number(numbers[1] ?? 1)];
const folder = mkdtempSync(path.join(tmpdir(), 'rotokit-fuzz-'));
try {
  const { outcomes, failures, ...rest } = await fuzzMedia(folder, first, count, process.argv.includes('--with-ffmpeg'));
  for (const { seed, how } of failures) console.log(`seed ${seed}: ${how}`);
  console.log(outcomes, rest, `${failures.length} failures`);
  process.exitCode = failures.length ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
