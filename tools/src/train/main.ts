import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTraining } from './python.js';
import { gather, judge, type Workshop } from './rounds.js';
import { setUpTraining, trainingOptions } from './set-up.js';

const help = `npm run train:embedded -- [options]

Trains the fusion network of the embedded engine from nothing: generates clips, lets the engine work on them, learns from
its evidence, and again with what it learned. docs/training.md explains it.

  --out DIR         where fusion.rfus and training-record.json go (packages/embedded/weights)
  --work DIR        scratch: clips, samples, networks, venv; a run that is broken off goes on from there (.cache/training)
  --assets A,B      folders with clips to use as texture (.mp4, .mov) and keyed performers (.webm); none: all procedural
  --seed N          of everything (1)
  --rounds N        on-policy rounds; the first is led by the hand-set linear fuser (3)
  --clips N         new clips a round (120)
  --frames N        of a clip (32)
  --held-out N      clips for choosing between rounds (24)
  --iterations N    of optimisation a round (5000)
  --seconds N       at most this long a round
  --init FILE.pt    go on from this network in the first round
  --python FILE     a Python with PyTorch; absent: a virtual environment is made from tools/train/requirements.txt
`;

const { values: o } = parseArgs({
  options: {
    ...trainingOptions,
    clips: { type: 'string', default: '120' },
    frames: { type: 'string', default: '32' },
    'held-out': { type: 'string', default: '24' },
    iterations: { type: 'string', default: '5000' },
    init: { type: 'string' },
  },
});

/**
 * Rounds of gathering, learning and judging; keeps what does best on the held-out clips, a round's network or the mean of
 * the last three.
 */
async function main(): Promise<void> {
  const { say, assets, python, script } = await setUpTraining(o);
  const shop: Workshop = { seed: Number(o.seed), frames: Number(o.frames), work: o.work, assets, say };
  const heldOut = Number(o['held-out']);
  const history: unknown[] = [];
  const folders: string[] = [];
  const networks: string[] = [];
  let best = { ...(await judge(shop, heldOut, undefined)), weights: undefined as string | undefined };
  history.push({ round: 'linear', heldOut: best });
  let init = o.init;
  for (let round = 0; round < Number(o.rounds); round++) {
    folders.push(await gather(shop, round, Number(o.clips), best.weights));
    const out = path.join(o.work, `network-${round}`);
    await runTraining(python, script('train.py'), {
      ...{ samples: folders.join(','), out, iterations: Number(o.iterations), seconds: Number(o.seconds) },
      ...{ seed: shop.seed * 100 + round, ...(init ? { init } : {}) },
    });
    init = `${out}.pt`;
    networks.push(init);
    const scored = await judge(shop, heldOut, `${out}.rfus`);
    history.push({ round, training: JSON.parse(await readFile(`${out}.json`, 'utf8')), heldOut: scored });
    if (scored.j + scored.f > best.j + best.f) best = { ...scored, weights: `${out}.rfus` };
    if (networks.length > 1) {
      const mean = path.join(o.work, `mean-${round}`);
      await runTraining(python, script('average.py'), {
        networks: networks.slice(-3).join(','),
        out: mean,
      });
      const averaged = await judge(shop, heldOut, `${mean}.rfus`);
      history.push({ round: `mean up to ${round}`, heldOut: averaged });
      if (averaged.j + averaged.f > best.j + best.f) best = { ...averaged, weights: `${mean}.rfus` };
    }
    await install(best.weights, history);
  }
}

/** Puts the best network so far and the record of how it came about into the package. */
async function install(weights: string | undefined, history: readonly unknown[]): Promise<void> {
  if (!weights) return;
  await copyFile(weights, path.join(o.out, 'fusion.rfus'));
  // Where things lay on this machine is no part of the record.
  const { seed, rounds, clips, frames, iterations } = o;
  const assets = o.assets ? o.assets.split(',').map((folder) => path.basename(folder)) : [];
  const record = { options: { seed, rounds, clips, frames, iterations, assets }, fusion: history };
  await writeFile(path.join(o.out, 'training-record.json'), `${JSON.stringify(record, null, 1)}\n`);
}

if (o.help) process.stdout.write(help);
else await main();
