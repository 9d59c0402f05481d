/**
 * Gathers training data for the click network.
 *
 *     node tools/dist/dump-clicks.js --out DIR --name NAME --seed 1 --count 300 --assets FOLDER... --scratch DIR
 *         [--network weights.rfus]
 */
import { parseArgs } from 'node:util';
import { loadAssets } from './train/assets.js';
import { dumpClicks, readWeights } from './train/dump-clicks.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    name: { type: 'string', default: 'clicks' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '300' },
    assets: { type: 'string', multiple: true, default: [] },
    scratch: { type: 'string' },
    network: { type: 'string' },
  },
});
if (!values.out || !values.scratch) throw new TypeError('--out and --scratch are needed');
const dump = dumpClicks({
  out: values.out,
  name: values.name,
  seed: Number(values.seed),
  count: Number(values.count),
  assets: loadAssets(values.assets, values.scratch),
  ...(values.network ? { network: readWeights(values.network) } : {}),
});
for await (const { scene, samples } of dump)
  if (scene % 20 === 0) process.stdout.write(`scene ${scene}: ${samples} samples\n`);
