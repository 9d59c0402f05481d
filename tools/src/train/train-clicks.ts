import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dumpClicks } from './dump-clicks.js';
import { type ClickScores, judgeClicks } from './judge-clicks.js';
import { runTraining } from './python.js';
import { setUpTraining, trainingOptions } from './set-up.js';

const help = `npm run train:clicks -- [options]

Trains the click network of the embedded engine from nothing: simulated users prompt objects of invented scenes, the
network learns from the evidence they left, then users correct its own answers, and it learns from those too.

  --out DIR         where click.rfus and click-record.json go (packages/embedded/weights)
  --work DIR        scratch: samples, networks, venv; a run that is broken off goes on from there (.cache/training)
  --assets A,B      folders with clips to use as texture (.mp4, .mov) and keyed performers (.webm); none: all procedural
  --seed N          of everything (1)
  --rounds N        the first with the users of the hand-set network, the others with those of the last one (3)
  --scenes N        new scenes a round (400)
  --held-out N      scenes for choosing between rounds (60)
  --iterations N    of optimisation a round (4000)
  --seconds N       at most this long a round
  --python FILE     a Python with PyTorch; absent: a virtual environment is made from tools/train/requirements.txt
`;

const { values: o } = parseArgs({
  options: {
    ...trainingOptions,
    scenes: { type: 'string', default: '400' },
    'held-out': { type: 'string', default: '60' },
    iterations: { type: 'string', default: '4000' },
  },
});

/** What a network is chosen by: one click counts most, for it is what people do most. */
const worth = (s: ClickScores): number => 2 * s.clicks[0] + s.clicks[1] + s.clicks[2] + s.box + s.still;

async function main(): Promise<void> {
  const { say, assets, python, script } = await setUpTraining(o);
  const [seed, scenes, held] = [Number(o.seed), Number(o.scenes), Number(o['held-out'])];
  const first = 1_000_000 * seed;
  const untrained = await judgeClicks(assets, first, held);
  say(`untrained: ${JSON.stringify(untrained)}`);
  const history: unknown[] = [{ round: 'untrained', heldOut: untrained }];
  const folders: string[] = [];
  let last: string | undefined;
  let best = { worth: worth(untrained), weights: undefined as string | undefined };
  for (let round = 0; round < Number(o.rounds); round++) {
    const folder = path.join(o.work, `clicks-${round}`);
    folders.push(folder);
    const network = last ? { network: new Uint8Array(await readFile(`${last}.rfus`)) } : {};
    const from = first + 100_000 * (round + 1);
    for await (const { scene, samples } of dumpClicks({ out: folder, seed: from, count: scenes, assets, ...network }))
      say(`round ${round}: scene ${scene - from} gave ${samples} samples`);
    const out = path.join(o.work, `click-network-${round}`);
    await runTraining(python, script('train.py'), {
      ...{ network: 'click', samples: folders.join(','), out, side: 88, batch: 4, rate: 0.003 },
      ...{ iterations: Number(o.iterations), seconds: Number(o.seconds), seed: seed * 100 + round },
      ...(last ? { init: `${last}.pt` } : {}),
    });
    last = out;
    const scored = await judgeClicks(assets, first, held, new Uint8Array(await readFile(`${out}.rfus`)));
    say(`round ${round}: ${JSON.stringify(scored)}`);
    history.push({ round, training: JSON.parse(await readFile(`${out}.json`, 'utf8')), heldOut: scored });
    if (worth(scored) > best.worth) best = { worth: worth(scored), weights: `${out}.rfus` };
    await install(best.weights, history);
  }
}

/** Puts the best network so far and the record of how it came about into the package. */
async function install(weights: string | undefined, history: readonly unknown[]): Promise<void> {
  if (!weights) return;
  await copyFile(weights, path.join(o.out, 'click.rfus'));
  const command = `npm run train:clicks -- ${process.argv.slice(2).join(' ')}`;
  await writeFile(path.join(o.out, 'click-record.json'), `${JSON.stringify({ command, click: history }, null, 1)}\n`);
}

if (o.help) process.stdout.write(help);
else await main();
