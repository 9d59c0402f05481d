/**
 * The process that may crash: `victim.ts SOUND_PROJECT FOLDER FIRST LAST` uses the mutations of these seeds one after
 * the other (odd seeds damage bytes of the file, even ones values of its rows) and writes `begin SEED`, then `SEED OUTCOME` for each. Anything but a coded refusal ends it.
 */
import { readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { damageRows } from './damage-rows.js';
import { mutate } from './mutate.js';
import { useProject } from './use-project.js';

const [, , sound, folder, first, last] = process.argv;
const original = readFileSync(sound);
for (let seed = Number(first); seed <= Number(last); seed++) {
  const file = path.join(folder, `${seed}.roto`);
  writeSync(1, `begin ${seed}\n`);
  writeFileSync(file, seed % 2 ? mutate(original, seed) : original);
  if (seed % 2 === 0) damageRows(file, seed);
  writeSync(1, `${seed} ${await useProject(file)}\n`);
  for (const end of ['', '-journal', '-lock']) rmSync(file + end, { force: true });
}
