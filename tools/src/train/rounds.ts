import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Fuser, linearFuser } from '@rotokit/embedded';
import { networkFuser } from '@rotokit/embedded/training';
import { type Assets, removeClip } from '../scenes/index.js';
import { type ClipSet, clipsOf } from './clip-set.js';
import { writeSamples } from './sample-files.js';
import { meanOf, trainingWalks, walkClip } from './walk-clip.js';

/** What a training run works with. */
export interface Workshop {
  readonly seed: number;
  readonly frames: number;
  /** Folder for clips, samples and networks. */
  readonly work: string;
  readonly assets: Assets;
  readonly say: (line: string) => void;
}

/** How the clips of a round are spread over the levels of difficulty 1..4, in eighths. Later rounds are harder. */
const mixtures: readonly (readonly [number, number, number, number])[] = [
  [1, 2, 3, 2],
  [0, 2, 3, 3],
  [0, 1, 3, 4],
];

/** The clip sets of a round. Seeds of rounds never meet, nor those of the held-out clips (round -1). */
export function setsOf(shop: Workshop, round: number, clips: number): ClipSet[] {
  const mixture = mixtures[Math.max(0, Math.min(mixtures.length - 1, round))];
  const first = (shop.seed * 97 + round + 1) * 10_000;
  return mixture
    .map((eighths, i): ClipSet => {
      const level = (i + 1) as ClipSet['level'];
      return { seed: first + level * 2000, count: Math.round((clips * eighths) / 8), level, frames: shop.frames };
    })
    .filter((set) => set.count > 0);
}

/** The fuser of a network file; the hand-set linear one where there is none yet. */
export async function fuserOf(weights: string | undefined): Promise<Fuser> {
  return weights ? networkFuser(await readFile(weights)) : linearFuser();
}

/** Runs the engine over the clips of a round and writes its evidence. Clips already dumped are passed over. */
export async function gather(
  shop: Workshop,
  round: number,
  clips: number,
  weights: string | undefined,
): Promise<string> {
  const folder = path.join(shop.work, `round-${round}`);
  const fuser = await fuserOf(weights);
  for (const set of setsOf(shop, round, clips)) {
    for await (const clip of clipsOf(set, path.join(shop.work, 'clips'), shop.assets)) {
      if (existsSync(path.join(folder, `${clip.name}.1.json`))) continue;
      const walks = trainingWalks(clip.frames, clip.scene.seed);
      const results = await walkClip(clip, walks, { fuser, keepEvery: 2 });
      for (const [i, { samples }] of results.entries()) await writeSamples(folder, `${clip.name}.${i}`, samples);
      await removeClip(clip);
      shop.say(`round ${round}: ${clip.name} walked with ${fuser.name}`);
    }
  }
  return folder;
}

/** J and F of a network (or the linear fuser) on the held-out clips, forwards from the first true mask; per clip and mean. */
export async function judge(shop: Workshop, clips: number, weights: string | undefined) {
  const fuser = await fuserOf(weights);
  const scores: { clip: string; j: number; f: number }[] = [];
  for (const set of setsOf(shop, -1, clips)) {
    for await (const clip of clipsOf(set, path.join(shop.work, 'held-out'), shop.assets)) {
      const results = await walkClip(clip, [{ from: 0, to: clip.frames - 1 }], { fuser, keepEvery: 0 });
      scores.push({ clip: clip.name, ...meanOf(results) });
    }
  }
  const mean = (key: 'j' | 'f') => scores.reduce((sum, s) => sum + s[key], 0) / scores.length;
  shop.say(`${fuser.name}: J ${mean('j').toFixed(4)} F ${mean('f').toFixed(4)} on ${scores.length} held-out clips`);
  return { fuser: fuser.name, j: mean('j'), f: mean('f'), clips: scores };
}
