/**
 * The process that may crash: `victim.ts FIRST LAST FOLDER SOUND_CLIP...` uses the mutations of these seeds one after the other and
 * writes `begin SEED`, then `SEED OUTCOME` for each; at the end `memory BYTES` and `files COUNT`. Anything but a coded
 * refusal ends it.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { mutate } from '../fuzz-project/mutate.js';
import { useClip } from './use-clip.js';

const [, , first, last, folder, ...clips] = process.argv;
const originals = clips.map((clip) => ({ extension: path.extname(clip), bytes: readFileSync(clip) }));

const openFiles = () => {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0; // not Linux: nothing to count
  }
};

const before = openFiles();
for (let seed = Number(first); seed <= Number(last); seed++) {
  const { extension, bytes } = originals[seed % originals.length];
  const file = path.join(folder, `${seed}_fuzz${extension}`);
  writeSync(1, `begin ${seed}\n`);
  writeFileSync(file, mutate(bytes, seed));
  writeSync(1, `${seed} ${await useClip(file)}\n`);
  rmSync(file);
}
writeSync(1, `memory ${process.memoryUsage.rss()}\nfiles ${openFiles() - before}\n`);
