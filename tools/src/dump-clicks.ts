/**
 * Gathers training data for the click network.
 *
 *     node tools/dist/dump-clicks.js --out DIR --seed 1 --count 300 --assets FOLDER,FOLDER --scratch DIR
 *         [--network weights.rfus]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadAssets } from './train/assets.js';
import { dumpClicks } from './train/dump-clicks.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '300' },
    assets: { type: 'string', default: '' },
    scratch: { type: 'string' },
    network: { type: 'string' },
  },
});
if (!values.out || !values.scratch) throw new TypeError('--out and --scratch are needed');
const dump = dumpClicks({
  out: values.out,
  seed: Number(values.seed),
  count: Number(values.count),
  assets: loadAssets(values.assets ? values.assets.split(',') : [], values.scratch),
  ...(values.network ? { network: new Uint8Array(readFileSync(values.network)) } : {}),
});
let total = 0;
for await (const { scene, samples } of dump) {
  total += samples;
  if (scene % 20 === 0) process.stdout.write(`scene ${scene}: ${total} samples\n`);
}
