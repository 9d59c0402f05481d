/** Writes and reads a disk tier until it is killed: `node fill-tier.mjs FOLDER LIMIT SEED`. Prints a line after each hundred; ends with 2 when a value is wrong. */
import { DiskTier } from 'rotokit/resources';

const [folder, limit, seed] = process.argv.slice(2);
const tier = new DiskTier(folder, { bytes: Number(limit) });
let state = Number(seed);
const random = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};

/** What belongs under a key, whoever writes it: its length and every byte follow from the key. */
const contentOf = (n) => new Uint8Array(2000 + ((n * 7919) % 30_000)).fill(n % 251);

for (let round = 1; ; round++) {
  const n = random(60);
  const found = await tier.get(`key ${n}`);
  const expected = contentOf(n);
  if (found && Buffer.compare(found, expected) !== 0) process.exit(2);
  if (!found) await tier.put(`key ${n}`, expected);
  if (round % 100 === 0) console.log(`${round} ${JSON.stringify(tier.statistics)}`);
}
